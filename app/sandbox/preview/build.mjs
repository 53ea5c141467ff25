// Compile a native WeChat mini-program directory into a static web page (glass-easel runtime).
// usage: node build.mjs <miniprogram dir> <out dir>
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import esbuild from "esbuild";
import postcss from "postcss";
import selParser from "postcss-selector-parser";
const require = createRequire(import.meta.url);
const { TmplGroup } = require("glass-easel-template-compiler");
const [root, out] = [path.resolve(process.argv[2]), path.resolve(process.argv[3])];
const here = path.dirname(new URL(import.meta.url).pathname);
const readJson = (f) => JSON.parse(fs.readFileSync(f, "utf8"));
const app = readJson(root + "/app.json");
let errors = 0;
const fail = (m) => {
  errors++;
  console.error("ERROR " + m);
};
// ---- module resolution -------------------------------------------------
const npmDirs = {}; // pkg -> absolute dir of its miniprogram files
function npmDir(pkg) {
  if (npmDirs[pkg]) return npmDirs[pkg];
  for (let d = root; ; d = path.dirname(d)) {
    const p = path.join(d, "node_modules", pkg);
    if (fs.existsSync(p))
      return (npmDirs[pkg] = path.join(p, readJson(p + "/package.json").miniprogram || "miniprogram_dist"));
    if (d === path.dirname(d)) return null;
  }
}
const splitPkg = (s) => {
  const a = s.split("/");
  const n = s[0] === "@" ? 2 : 1;
  return [a.slice(0, n).join("/"), a.slice(n).join("/")];
};
const idOf = (abs) => {
  for (const [p, d] of Object.entries(npmDirs))
    if (abs.startsWith(d + "/")) return "miniprogram_npm/" + p + abs.slice(d.length);
  return path.relative(root, abs);
};
const absOf = (id) => {
  if (!id.startsWith("miniprogram_npm/")) return path.join(root, id);
  const [p, r] = splitPkg(id.slice(16));
  return path.join(npmDir(p), r);
};
function resolveComp(spec, fromAbs) {
  let abs;
  if (spec[0] === "/") abs = root + spec;
  else {
    abs = path.join(path.dirname(fromAbs), spec);
    if (spec[0] !== "." && !fs.existsSync(abs + ".json")) {
      const [p, r] = splitPkg(spec);
      const d = npmDir(p);
      abs = d && path.join(d, r);
    }
  }
  if (abs && !fs.existsSync(abs + ".json") && fs.existsSync(abs + "/index.json")) abs += "/index";
  if (!abs || !fs.existsSync(abs + ".json")) {
    fail(`component not found: "${spec}" used in ${idOf(fromAbs)}`);
    return null;
  }
  if (abs.endsWith("tdesign-miniprogram/miniprogram_dist/icon/icon")) return root + "/components/icon/icon";
  return abs;
}
// ---- walk pages and components -----------------------------------------
const comps = new Map();
const group = TmplGroup.newDev();
const doneT = new Set(),
  doneS = new Set();
group.addTmpl("wx/swiper", "<swiper-track><slot /></swiper-track>");
function addTmpl(id) {
  if (doneT.has(id)) return;
  doneT.add(id);
  const f = absOf(id) + ".wxml";
  if (!fs.existsSync(f)) return fail("missing " + id + ".wxml");
  for (const w of group.addTmpl(id, fs.readFileSync(f, "utf8"))) {
    const m = `${id}.wxml:${w.startLine + 1}:${w.startColumn} ${w.message}`;
    if (id.startsWith("miniprogram_npm") && !w.isError) continue;
    fail(m);
  }
  group.getDirectDependencies(id).forEach(addTmpl);
  group.getScriptDependencies(id).forEach(addWxs);
}
function addWxs(id) {
  id = id.replace(/\.wxs$/, "");
  if (doneS.has(id)) return;
  doneS.add(id);
  const f = absOf(id) + ".wxs";
  if (!fs.existsSync(f)) return fail("missing " + id + ".wxs");
  const s = fs.readFileSync(f, "utf8").replace(/([\w$]+(?:\.[\w$]+)*)\.constructor\b/g, "__wxsCtor($1)");
  group.addScript(id, s.replace(/(require\(\s*['"][^'"]+)\.wxs/g, "$1"));
  for (const m of s.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g))
    addWxs(idOf(path.join(path.dirname(f), m[1])));
}
function addComp(abs, isPage) {
  const id = idOf(abs);
  if (comps.has(id)) return id;
  const json = fs.existsSync(abs + ".json") ? readJson(abs + ".json") : {};
  const c = { id, abs, json, isPage, n: comps.size };
  comps.set(id, c);
  const using = {};
  const all = { ...(app.usingComponents || {}), ...(json.usingComponents || {}) };
  for (const [k, v] of Object.entries(all)) {
    const a = resolveComp(v, json.usingComponents?.[k] ? abs : root + "/app");
    if (a && a !== abs) using[k] = "/" + addComp(a, false);
    else if (a) using[k] = "/" + id;
  }
  c.json = { ...json, usingComponents: using };
  addTmpl(id);
  return id;
}
for (const p of [
  ...app.pages,
  ...(app.subPackages || app.subpackages || []).flatMap((s) =>
    s.pages.map((x) => s.root.replace(/\/$/, "") + "/" + x),
  ),
])
  addComp(path.join(root, p), true);
if (app.tabBar?.custom) addComp(root + "/custom-tab-bar/index", false);
// ---- wxss -> css --------------------------------------------------------
const BUILTIN = new Set(
  fs
    .readFileSync(here + "/builtins.txt", "utf8")
    .split(/\s+/)
    .filter(Boolean),
);
const rpx = (s) =>
  s
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, n) => `calc(var(--rpx) * ${n})`)
    .replace(/(-?\d*\.?\d+)vh\b/g, (_, n) => `calc(var(--vh) * ${n})`);
function inline(f, seen = new Set()) {
  if (seen.has(f)) return "";
  seen.add(f);
  if (!fs.existsSync(f)) {
    fail("wxss @import missing " + f);
    return "";
  }
  return fs
    .readFileSync(f, "utf8")
    .replace(/@import\s+(?:url\()?['"]([^'"]+)['"]\)?\s*;?/g, (_, p) =>
      inline(p[0] === "/" ? root + p : path.join(path.dirname(f), p), seen),
    );
}
function css(f, { prefix, pageId }) {
  if (!fs.existsSync(f)) return "";
  const ast = postcss.parse(inline(f), { from: f });
  ast.walkAtRules("font-face", (a) => {
    if (/https?:/.test(a.toString())) a.remove();
  });
  ast.walkDecls((d) => {
    d.value = rpx(d.value);
  });
  ast.walkAtRules((a) => {
    if (a.name === "media") a.params = a.params.replace(/([\d.]+)rpx/g, (_, n) => (n * 390) / 750 + "px");
  });
  ast.walkRules((r) => {
    if (r.parent.type === "atrule" && /keyframes/.test(r.parent.name)) return;
    r.selector = selParser((root) => {
      root.walkTags((t) => {
        if (t.value === "page") t.value = "wx-page";
        else if (BUILTIN.has(t.value)) t.value = "wx-" + t.value;
      });
      if (prefix) {
        root.walkClasses((c) => {
          c.value = prefix + "--" + c.value;
        });
      }
      root.walkPseudos((p) => {
        if (p.value === ":host")
          p.replaceWith(
            selParser.attribute({
              attribute: "wx-host",
              operator: "=",
              value: prefix || "_",
              quoteMark: '"',
              raws: {},
            }),
          );
      });
      if (pageId)
        root.each((s) => {
          if (!/^\s*wx-page/.test(String(s)))
            s.prepend(selParser.pseudo({ value: `:where([data-page="${pageId}"]) ` }));
          else s.nodes[0].value = `wx-page[data-page="${pageId}"]`;
        });
    }).processSync(r.selector);
  });
  return ast.toString() + "\n";
}
let style = fs.readFileSync(here + "/builtins.css", "utf8") + css(root + "/app.wxss", {});
for (const c of comps.values())
  if (!c.isPage) {
    const iso = c.json.styleIsolation || "isolated";
    c.scope = /(^|-)shared$/.test(iso) && !/apply/.test(iso) ? "" : "c" + c.n;
    style += css(c.abs + ".wxss", { prefix: c.scope });
  }
for (const c of comps.values()) if (c.isPage) style += css(c.abs + ".wxss", { pageId: c.id });
// ---- bundle ---------------------------------------------------------------
const jsOf = (abs) =>
  [".ts", ".js"].map((e) => abs + e).find(fs.existsSync) || (fail("missing script " + abs), null);
const entry = `import { boot } from ${JSON.stringify(here + "/runtime.js")};
const appConfig = ${JSON.stringify(app)};
const templates = ${group.getTmplGenObjectGroups()};
boot({ appConfig, templates, app: () => require(${JSON.stringify(jsOf(root + "/app"))}), comps: [
${[...comps.values()].map((c) => `[${JSON.stringify(c.id)}, ${JSON.stringify(c.json)}, ${JSON.stringify(c.scope || "")}, ${!!c.isPage}, () => require(${JSON.stringify(jsOf(c.abs))})]`).join(",\n")}
]});`;
if (errors && !process.env.KEEP_GOING) {
  console.error(errors + " error(s)");
  process.exit(1);
}
fs.mkdirSync(out, { recursive: true });
const wxNpm = {
  name: "wx-npm",
  setup(b) {
    b.onResolve({ filter: /^[^./]/ }, (a) => {
      if (!a.importer || a.importer.startsWith(here) || a.importer === "<stdin>") return;
      for (let d = a.resolveDir; d !== "/"; d = path.dirname(d))
        for (const s of ["", ".js", "/index.js"]) {
          const f = path.join(d, "miniprogram_npm", a.path + s);
          if (fs.existsSync(f) && fs.statSync(f).isFile()) return { path: f };
        }
      const [p, r] = splitPkg(a.path);
      const d = npmDir(p);
      if (d && fs.existsSync(d))
        for (const s of ["", ".js", "/index.js"]) {
          const f = path.join(d, r + s);
          if (fs.existsSync(f) && fs.statSync(f).isFile()) return { path: f };
        }
    });
  },
};
const strict = { name: "ts-first", setup() {} };
await esbuild.build({
  stdin: { contents: entry, resolveDir: here, loader: "js" },
  bundle: true,
  format: "iife",
  target: "es2020",
  outfile: out + "/app.js",
  sourcemap: true,
  plugins: [wxNpm, strict],
  define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  logLevel: "warning",
});
fs.writeFileSync(out + "/app.css", style);
fs.writeFileSync(
  out + "/index.html",
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><title>${app.window?.navigationBarTitleText || ""}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="app.css"><body><script src="app.js"></script></body></html>`,
);
(function copy(d) {
  for (const e of fs.readdirSync(d, { withFileTypes: true })) {
    if (/^(node_modules|miniprogram_npm)$/.test(e.name)) continue;
    const f = path.join(d, e.name);
    if (e.isDirectory()) copy(f);
    else if (/\.(png|jpe?g|gif|svg|webp|mp3|mp4)$/.test(e.name)) {
      const o = path.join(out, path.relative(root, f));
      fs.mkdirSync(path.dirname(o), { recursive: true });
      fs.copyFileSync(f, o);
    }
  }
})(root);
console.log(
  `built ${comps.size} components, js ${(fs.statSync(out + "/app.js").size / 1024) | 0} KiB, css ${(style.length / 1024) | 0} KiB`,
);
