/** How large each package is, as the platform counts it: every file of it that is used, scripts as they are sent. */
import fs from "node:fs";
import path from "node:path";
import { NOT_OURS, NPM, isFile } from "./files.mjs";
import { packageOf } from "./project.mjs";

/** The platform refuses a package that is larger; https://developers.weixin.qq.com/miniprogram/dev/framework/subpackages.html */
export const LIMIT = 2 * 1024 * 1024;
export const ASSET = /\.(png|jpe?g|gif|svg|webp|mp3|mp4)$/;

/**
 * Sizes in bytes by package: {main: {scripts, templates, styles, assets, tdesign, total}, …}. `used` are the ids of
 * templates, wxs and styles that went in, `metafile` esbuild's. Scripts count before minifying, so the figures are an
 * upper bound of what is uploaded. A package over the limit is a finding.
 */
export function measure(project, { used, metafile }) {
  const sizes = {};
  const row = (pack) =>
    (sizes[pack || "main"] ??= { scripts: 0, templates: 0, styles: 0, assets: 0, tdesign: 0, total: 0 });
  const count = (id, kind, bytes) => {
    const place = row(packageOf(project, id));
    place[id.startsWith(NPM) ? "tdesign" : kind] += bytes;
    place.total += bytes;
  };
  row("");
  for (const { root } of project.packages) row(root);
  const scripts = new Map();
  for (const { inputs } of Object.values(metafile.outputs))
    for (const [input, { bytesInOutput }] of Object.entries(inputs))
      scripts.set(input, (scripts.get(input) ?? 0) + bytesInOutput);
  for (const [input, bytes] of scripts) {
    const file = path.resolve(input);
    const id = project.files.idOf(file);
    if (isFile(file) && !id.startsWith("..") && !path.isAbsolute(id)) count(id, "scripts", bytes);
  }
  const bytesOf = (id) => fs.statSync(project.files.pathOf(id)).size;
  for (const id of used) count(id, id.endsWith(".wxss") ? "styles" : "templates", bytesOf(id));
  for (const { id, stem } of project.components.values())
    if (isFile(stem + ".json")) count(id + ".json", "templates", fs.statSync(stem + ".json").size);
  for (const id of assets(project.root)) count(id, "assets", fs.statSync(path.join(project.root, id)).size);
  for (const [pack, { total }] of Object.entries(sizes))
    if (total > LIMIT)
      project.findings.add("app.json", 0, 0, `package "${pack}" has ${total} bytes, the platform takes ${LIMIT}`);
  return sizes;
}

/** The ids of all images and sounds below the root. */
export function assets(root, folder = root) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const place = path.join(folder, one.name);
    if (one.isDirectory()) return NOT_OURS.test(one.name) ? [] : assets(root, place);
    return ASSET.test(one.name) ? [path.relative(root, place)] : [];
  });
}

/** The table for people. */
export function table(sizes) {
  const kib = (bytes) => (bytes / 1024).toFixed(1).padStart(9);
  const kinds = ["scripts", "templates", "styles", "assets", "tdesign", "total"];
  const head = "package (KiB)".padEnd(16) + kinds.map((kind) => kind.padStart(10)).join("");
  const rows = Object.entries(sizes).map(
    ([pack, row]) => pack.padEnd(16) + kinds.map((kind) => " " + kib(row[kind])).join(""),
  );
  return [head, ...rows].join("\n");
}
