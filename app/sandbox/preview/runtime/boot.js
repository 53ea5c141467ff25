/** Starting a mini-program: the framework, the built-in components, the platform, the app, the first page. */
import { MiniProgramEnv, glassEasel } from "glass-easel-miniprogram-adapter";
import { registerBuiltins } from "../builtins/index.js";
import { platformDocument } from "./dom.js";
import { connectEvents } from "./events.js";
import { defineGlobals, defineWxs, overallBehavior } from "./globals.js";
import { Pages } from "./pages.js";
import { TabBar } from "./tabbar.js";

/** Scene 1001: opened from the list of mini-programs. */
const FIRST_SCENE = 1001;

/**
 * `config` is app.json, `about` {appid, servers}, `main` the components and templates of the main package, `packages`
 * {root: {name, load}}, `pages` {path: {look, pack}}, `app` runs app.ts, `makeWx` gives the platform's calls.
 */
export function boot({ makeWx, main, config, about, pages, app, packages }) {
  glassEasel.globalOptions.writeIdToDOM = true;
  reportTroubles();
  defineWxs();
  const env = new MiniProgramEnv();
  const context = new glassEasel.CurrentWindowBackendContext();
  connectEvents(context);
  context.document = platformDocument;
  context.appendStyleSheetPath = () => 0;
  context.getContext = (element, told) => told(element.canvas ?? element);
  const space = env.createCodeSpace("", true);
  space.setOverallBehavior(overallBehavior(env.getGlobalCodeSpace()));
  registerBuiltins(env.getGlobalCodeSpace(), space, main.templates);
  const backend = env.associateBackend(context);

  const G = { stack: [], config, app: null, launch: null, platform: null, ...about };
  G.top = () => G.stack.at(-1);
  const define = defineGlobals(space, G);
  const loaded = new Map();
  const install = ({ templates, components }) => {
    for (const { id, json, scope, isPage } of components) {
      space.addComponentStaticConfig(id, isPage ? { ...json, styleIsolation: "shared" } : { component: true, ...json });
      space.addCompiledTemplate(id, { groupList: templates, content: templates[id] });
      if (scope) space.addStyleSheet(id, id, scope);
    }
    for (const { id, load } of components) define(id, load);
  };
  const load = (name) => {
    if (!name) return Promise.resolve();
    const [root, pack] = Object.entries(packages).find(([key, one]) => key === name || one.name === name) ?? [];
    if (!pack) return Promise.reject(new Error(`no subpackage "${name}"`));
    if (!loaded.has(root)) loaded.set(root, pack.load().then(install));
    return loaded.get(root);
  };

  const tabBar = new TabBar(config.tabBar, (path, here) => nav.tapTab(path, here));
  const nav = new Pages({ G, config, pages, backend, space, tabBar, load });
  globalThis.wx = makeWx(G, nav);
  globalThis.getRelativeApp = globalThis.getApp;
  globalThis.__mp = G;
  G.nav = nav;
  if (config.style === "v2") document.documentElement.classList.add("style-v2");
  const start = startingPage(config, pages);
  G.launch = { path: start.split("?")[0].slice(1), query: {}, scene: FIRST_SCENE };
  define("app", app);
  install(main);
  G.app?.onLaunch?.(G.launch);
  G.app?.onShow?.(G.launch);
  addEventListener("resize", () => G.top()?.resize());
  nav.relaunch(start).catch((error) => console.error(start, error));
}

/** The address may name a page: "#/pages/home/home?id=1". */
function startingPage(config, pages) {
  const named = decodeURI(location.hash.slice(1));
  return pages[named.slice(1).split("?")[0]] ? named : `/${config.pages[0]}`;
}

/** What glass-easel only warns of is a mistake of a template: it goes to the console as one, unless a package made it. */
function reportTroubles() {
  glassEasel.addGlobalWarningListener((message, component) => {
    const id = typeof component === "string" ? component : component?.is;
    if (!id?.startsWith("miniprogram_npm/") && !message.includes('"miniprogram_npm/'))
      console.error(`[${id ?? ""}] ${message}`);
    return false;
  });
}
