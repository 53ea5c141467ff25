/** One build: read, check, compile, measure; writing the result is separate, so that a check writes nothing. */
import fs from "node:fs";
import path from "node:path";
import { Findings } from "./findings.mjs";
import { isFile, readJson } from "./files.mjs";
import { readProject } from "./project.mjs";
import { bundle, readWords, scanPlatform } from "./scripts.mjs";
import { assets, measure } from "./sizes.mjs";
import { compileStyles, ownStyles } from "./styles.mjs";
import { compileTemplates } from "./templates.mjs";

/** The folder of the preview. */
export const HERE = path.dirname(import.meta.dirname);

/**
 * Compile the mini-program in `root` as for the folder `out`. `single`: one classic script, for jsdom. `names`: what
 * the preview has of `wx`.
 * Gives {findings: sentences with their places, sizes, files: Map(name → content), project, used, metafile}: `used` are
 * the ids of the templates and styles that went in, `metafile` tells the scripts.
 */
export async function compile(root, { out, single = false, names = platformNames() } = {}) {
  const findings = new Findings(root);
  const project = readProject(root, findings);
  const templates = compileTemplates(project, readWords(project));
  const styles = compileStyles(project);
  const result = await bundle(project, {
    templates: templates.groups,
    here: HERE,
    out: out ?? path.join(root, "out"),
    single,
  });
  const files = new Map();
  const used = new Set([...templates.used, ...styles.used]);
  let sizes = {};
  if (result) {
    if (names) scanPlatform(project, result.metafile, names);
    sizes = measure(project, { used, metafile: result.metafile });
    for (const file of result.outputFiles) files.set(path.basename(file.path), file.contents);
    files.set("app.css", ownStyles(HERE) + styles.css);
    files.set("index.html", page(project, single));
    files.set("sizes.json", JSON.stringify(sizes, null, 2) + "\n");
  }
  return { findings: findings.rows, sizes, files, project, used, metafile: result?.metafile };
}

function platformNames() {
  const file = path.join(HERE, "wx/names.json");
  return isFile(file) ? readJson(file) : null;
}

/** Write what was compiled, and the images with it; parts of an earlier build go. */
export function write({ files, project }, out) {
  fs.mkdirSync(out, { recursive: true });
  for (const name of fs.readdirSync(out))
    if (/^part-.*\.js(\.map)?$/.test(name) && !files.has(name)) fs.rmSync(path.join(out, name));
  for (const [name, content] of files) fs.writeFileSync(path.join(out, name), content);
  for (const id of assets(project.root)) {
    fs.mkdirSync(path.dirname(path.join(out, id)), { recursive: true });
    fs.copyFileSync(path.join(project.root, id), path.join(out, id));
  }
}

function page(project, single) {
  const title = project.app.window?.navigationBarTitleText ?? "";
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>${title.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="app.css">
<body><script${single ? "" : ' type="module"'} src="app.js"></script></body>
</html>
`;
}
