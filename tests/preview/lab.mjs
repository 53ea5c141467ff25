/** Small mini-programs for the tests: written to a folder, compiled, and run in jsdom as in a browser. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { JSDOM, VirtualConsole } from "jsdom";
import { compile } from "../../app/sandbox/preview/compile/build.mjs";

const NODE_MODULES = path.resolve(import.meta.dirname, "../../node_modules");
const boxes = [];
const phones = [];

after(() => {
  for (const phone of phones) phone.window.close();
  for (const box of boxes) fs.rmSync(box, { recursive: true, force: true });
});

/** A page of its own: the four files of `stem`, each may be replaced. */
export function page(stem, { wxml = "<view>页</view>", ts = "Page({})", json = {}, wxss } = {}) {
  const files = { [`${stem}.wxml`]: wxml, [`${stem}.ts`]: ts, [`${stem}.json`]: JSON.stringify(json) };
  return wxss === undefined ? files : { ...files, [`${stem}.wxss`]: wxss };
}

/** A component: as a page, with a script of its own. */
export function part(stem, { wxml = "<slot />", ts = "Component({})", json = {}, wxss } = {}) {
  return page(stem, { wxml, ts, json: { component: true, ...json }, wxss });
}

/** Write a mini-program: `files` by name; app.json lists `pages` unless it is given. Gives its folder. */
export function write(files, app = {}) {
  const box = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "preview-")));
  boxes.push(box);
  fs.symlinkSync(NODE_MODULES, path.join(box, "node_modules"));
  const root = path.join(box, "mini");
  const subpackages = (app.subpackages ?? []).map((one) => `${one.root}/`);
  const pages = Object.keys(files)
    .filter((name) => name.endsWith(".wxml") && name.startsWith("pages/"))
    .map((name) => name.slice(0, -5));
  const all = { "app.json": JSON.stringify({ pages, ...app }), "app.ts": "App({})", ...files };
  for (const [name, content] of Object.entries(all)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), content);
  }
  if (subpackages.some((one) => pages.some((id) => id.startsWith(one))))
    throw new Error("a subpackage must not be below pages/");
  return root;
}

/** What the compiler says of a mini-program. */
export async function findings(files, app) {
  return (await compile(write(files, app))).findings;
}

/** Let promises, timers and frames run: in turns, so that a machine that is busy gives them their turns as well. */
export async function settle(milliseconds = 60) {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((done) => setTimeout(done, milliseconds / TURNS));
}
const TURNS = 12;

/**
 * Run a mini-program. Gives {window, G, wx, errors, paths(), top(), find(selector), log}: `log` is globalThis.log of its
 * scripts, an array they may push to; `errors` what reached the console as an error.
 */
export async function run(files, app, { hash = "", prepare = () => {} } = {}) {
  const built = await compile(write(files, app), { single: true });
  if (built.findings.length) throw new Error(built.findings.join("\n"));
  const errors = [];
  const virtualConsole = new VirtualConsole();
  virtualConsole.on("error", (...words) => errors.push(words.map((one) => one?.stack ?? String(one)).join(" ")));
  virtualConsole.on("jsdomError", (error) => errors.push(String(error.cause?.stack ?? error.stack ?? error)));
  const { window } = new JSDOM(`<!doctype html><html lang="zh-CN"><body></body></html>`, {
    url: `http://127.0.0.1/sandbox/mini/?person=zhanglan${hash}`,
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole,
  });
  const style = window.document.createElement("style");
  style.textContent = String(built.files.get("app.css"));
  window.document.head.append(style);
  const log = [];
  window.log = log;
  window.matchMedia = () => ({ matches: false, addEventListener() {}, addListener() {} });
  window.Element.prototype.scrollTo = function ({ top, left }) {
    if (top !== undefined) this.scrollTop = top;
    if (left !== undefined) this.scrollLeft = left;
  };
  window.HTMLMediaElement.prototype.load = () => {};
  prepare(window);
  window.eval(new TextDecoder().decode(built.files.get("app.js")));
  phones.push({ window });
  await settle();
  const G = window.__mp;
  return {
    window,
    G,
    errors,
    wx: window.wx,
    log,
    // Arrays of jsdom are of another realm than those of the tests.
    paths: () => Array.from(G.stack, (one) => one.path),
    top: () => G.stack.at(-1),
    find: (selector) => G.stack.at(-1).el.querySelector(selector),
  };
}

/** A page with this template that logs every event a handler named `told` gets, by type and detail. */
export function told(wxml, { data = "{}", methods = "", json, ...more } = {}) {
  const ts = `Page({ data: ${data}, told({ type, detail }) { log.push([type, detail]) }, ${methods} })`;
  return run({ ...page("pages/a/a", { wxml, ts, json }), ...more.files }, more.app);
}

/** The types of the events that were told. */
export const types = (phone) => phone.log.map(([type]) => type);

/** Values of jsdom as values of here. */
export const plain = (value) => JSON.parse(JSON.stringify(value));

/** Press a key on an element. */
export const key = (phone, target, name) =>
  target.dispatchEvent(new phone.window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
