/** TypeScript and JavaScript → what the browser loads: the main package at once, subpackages when a page needs them. */
import fs from "node:fs";
import path from "node:path";
import esbuild from "esbuild";
import { NPM, isFile, splitPackage } from "./files.mjs";
import { placeOf } from "./findings.mjs";
import { checkBoundary } from "./project.mjs";

const OWN = /\.(ts|js)$/;

/** Every word of the project's own scripts, and complaints about what the preview would overlook in them. */
export function readWords(project) {
  const words = new Set();
  for (const file of ownScripts(project.root)) {
    const source = fs.readFileSync(file, "utf8");
    for (const [word] of source.matchAll(/[\w$]+/g)) words.add(word);
    const found = /\b(styleIsolation|addGlobalClass)\s*:/.exec(source);
    if (found) {
      const { line, column } = placeOf(source, found.index);
      project.findings.add(
        file,
        line,
        column,
        `${found[1]} belongs in the .json of the component, the preview reads it there only`,
      );
    }
  }
  return words;
}

function ownScripts(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const place = path.join(folder, one.name);
    if (one.isDirectory()) return /^(node_modules|miniprogram_npm|types)$/.test(one.name) ? [] : ownScripts(place);
    return OWN.test(one.name) && !one.name.endsWith(".d.ts") ? [place] : [];
  });
}

/**
 * Bundle. `templates`: Map(package → source), `here`: the folder of the preview, `single`: one classic script instead
 * of modules that load one another (for jsdom). Gives {outputs, metafile}; outputs are esbuild's, not yet written.
 */
export async function bundle(project, { templates, here, out, single }) {
  checkScripts(project);
  const result = await esbuild
    .build({
      stdin: { contents: entry(project, here), resolveDir: here, sourcefile: "entry.js", loader: "js" },
      bundle: true,
      format: single ? "iife" : "esm",
      splitting: !single,
      target: "es2022",
      outdir: out,
      entryNames: "app",
      chunkNames: "part-[name]-[hash]",
      sourcemap: true,
      metafile: true,
      preserveSymlinks: true,
      write: false,
      plugins: [packages(project, templates), npm(project, here)],
      define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
      tsconfigRaw: { compilerOptions: { target: "ES2022", useDefineForClassFields: true } },
      logLevel: "silent",
    })
    .catch((error) => error);
  for (const { location, text } of result.errors ?? [])
    project.findings.add(
      location?.file ? path.resolve(location.file) : "app",
      location?.line,
      (location?.column ?? 0) + 1,
      text,
    );
  if (!result.outputFiles) return null;
  checkImports(project, result.metafile);
  return result;
}

function checkScripts(project) {
  for (const row of [...project.components.values(), { id: "app", stem: path.join(project.root, "app") }])
    if (!project.files.script(row.stem))
      project.findings.add(row.id + ".json", 0, 0, `script not found: "${row.id}.ts"`);
}

function entry(project, here) {
  const lazy = project.packages.map(
    ({ root, name }) =>
      `${JSON.stringify(root)}: { name: ${JSON.stringify(name)}, load: () => import("package:${root}") }`,
  );
  return `import { boot } from "./runtime/boot.js";
import { makeWx } from "./wx/index.js";
import * as main from "package:";
boot({ makeWx, main, config: ${JSON.stringify(project.app)}, about: ${JSON.stringify(about(project))},
  pages: ${JSON.stringify(pages(project))},
  app: () => require(${JSON.stringify(project.files.script(path.join(project.root, "app")) ?? "./absent-app")}),
  packages: {${lazy.join(", ")}} });`;
}

/** What the platform knows of this mini-program besides app.json: its id, and the servers it may speak to. */
function about(project) {
  const config = path.join(project.root, "project.config.json");
  const server = path.join(project.root, "core/server.ts");
  const develop = isFile(server) && /develop:\s*['"]([^'"]+)['"]/.exec(fs.readFileSync(server, "utf8"))?.[1];
  return {
    appid: isFile(config) ? JSON.parse(fs.readFileSync(config, "utf8")).appid : "",
    servers: develop ? [develop] : [],
  };
}

function pages(project) {
  return Object.fromEntries(
    project.pages
      .filter((id) => project.components.has(id))
      .map((id) => {
        const { json, pack } = project.components.get(id);
        const { usingComponents, ...look } = json;
        return [id, { look, pack }];
      }),
  );
}

/** "package:" and "package:staff": the components of one package with their templates. */
function packages(project, templates) {
  return {
    name: "packages",
    setup(build) {
      build.onResolve({ filter: /^package:/ }, ({ path: name }) => ({
        path: name.slice(8) || "main",
        namespace: "package",
      }));
      build.onLoad({ filter: /.*/, namespace: "package" }, ({ path: name }) => {
        const pack = name === "main" ? "" : name;
        const rows = [...project.components.values()].filter(
          (row) => row.pack === pack && project.files.script(row.stem),
        );
        return {
          resolveDir: project.root,
          loader: "js",
          contents: `export const templates = ${templates.get(pack) ?? "{}"};\nexport const components = [\n${rows.map(component(project)).join(",\n")}\n];`,
        };
      });
    },
  };
}

function component(project) {
  return (row) => {
    const { styleIsolation, ...rest } = row.json;
    const using = Object.fromEntries(Object.entries(row.using).map(([tag, id]) => [tag, "/" + id]));
    const json = { ...rest, ...(styleIsolation && { styleIsolation }), usingComponents: using };
    const script = JSON.stringify(project.files.script(row.stem));
    return `{ id: ${JSON.stringify(row.id)}, json: ${JSON.stringify(json)}, scope: ${JSON.stringify(row.scope ?? "")}, isPage: ${row.isPage}, load: () => require(${script}) }`;
  };
}

/** A bare name in a script of the mini-program is of an npm package's mini-program files, as on the phone. */
function npm(project, here) {
  return {
    name: "npm",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path: spec, importer, resolveDir, kind }) => {
        if (kind === "entry-point" || !importer || importer.startsWith(here) || importer.endsWith("entry.js")) return;
        const [name, rest] = splitPackage(spec);
        const nested = path.join(nearestNpm(resolveDir), spec);
        const places = [nested, path.join(project.files.npmFolder(name) ?? "/absent", rest)];
        for (const place of places)
          for (const ending of ["", ".js", "/index.js"]) if (isFile(place + ending)) return { path: place + ending };
      });
    },
  };
}

function nearestNpm(folder) {
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
    const place = path.join(at, "miniprogram_npm");
    if (fs.existsSync(place)) return place;
  }
  return "/absent";
}

/** Scripts keep to their package as everything does. */
function checkImports(project, metafile) {
  for (const [from, { imports }] of Object.entries(metafile.inputs)) {
    const file = path.resolve(from);
    if (!file.startsWith(project.root + path.sep)) continue;
    for (const one of imports)
      if (!one.external && !one.path.startsWith("package:"))
        checkBoundary(project, project.files.idOf(file), project.files.idOf(path.resolve(one.path)));
  }
}

/** Every `wx.name` of the bundled sources that the preview lacks; `names` is what it has. */
export function scanPlatform(project, metafile, names) {
  const known = new Set(names);
  for (const input of Object.keys(metafile.inputs)) {
    const file = path.resolve(input);
    const id = project.files.idOf(file);
    if (!isFile(file) || !(file.startsWith(project.root + path.sep) || id.startsWith(NPM))) continue;
    const source = withoutComments(fs.readFileSync(file, "utf8"));
    for (const found of source.matchAll(/(?<![\w$.'"/])wx\.([A-Za-z]\w*)/g)) {
      if (known.has(found[1]) || (id.startsWith(NPM) && guarded(source, found[1]))) continue;
      const { line, column } = placeOf(source, found.index);
      project.findings.add(id, line, column, `the preview has no wx.${found[1]}`);
    }
  }
}

/** Blank comments, every line and column keeps its place. */
function withoutComments(source) {
  return source.replace(
    /\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g,
    (whole, before = "") => before + whole.slice(before.length).replace(/[^\n]/g, " "),
  );
}

/** A package asks first whether the platform has it. */
function guarded(source, name) {
  return new RegExp(`canIUse\\(["'\`]${name}|wx\\.${name}\\s*(&&|\\?[^?]|\\|\\|)|typeof wx\\.${name}`).test(source);
}
