/**
 * Makes miniprogram_npm, so that WeChat DevTools opens the mini-program as it is.
 *
 *     node pack.mjs <miniprogram>
 *
 * Only the components in use and what they reach are copied, with the licences; their icon becomes ours. The same as the
 * menu entry "构建 npm" of DevTools, which would copy the whole library.
 */
import fs from "node:fs";
import path from "node:path";
import { compile } from "./compile/build.mjs";
import { NPM, isFile, readJson } from "./compile/files.mjs";
import { table } from "./compile/sizes.mjs";

const root = path.resolve(process.argv[2] ?? "");
if (process.argv.length !== 3 || !isFile(path.join(root, "app.json"))) {
  console.error("usage: node pack.mjs <miniprogram>");
  process.exit(2);
}
const built = await compile(root);
for (const finding of built.findings) console.error(`ERROR ${finding}`);
if (built.findings.length) process.exit(1);

const { project } = built;
const { files } = project;
const out = path.join(root, "miniprogram_npm");
fs.rmSync(out, { recursive: true, force: true });
const scripts = Object.keys(built.metafile.inputs).map((input) => files.idOf(path.resolve(input)));
const ids = new Set([...built.used, ...scripts].filter((id) => id.startsWith(NPM)));
for (const id of ids) put(id, fs.readFileSync(files.pathOf(id)));
for (const row of project.components.values()) {
  if (row.ours) continue;
  const using = Object.fromEntries(
    Object.keys(row.json.usingComponents ?? {}).map((tag) => [tag, `/${row.using[tag]}`]),
  );
  put(`${row.id}.json`, JSON.stringify({ ...row.json, usingComponents: using }));
}
for (const [name, folder] of files.packages) {
  if (![...ids].some((id) => id.startsWith(`${NPM}${name}/`))) continue;
  const home = path.dirname(folder);
  for (const file of fs.readdirSync(home))
    if (/^(licen[cs]e|notice)/i.test(file)) put(`${NPM}${name}/${file}.txt`, fs.readFileSync(path.join(home, file)));
  const { version, license } = readJson(path.join(home, "package.json"));
  console.log(
    `${name} ${version} (${license}): ${[...ids].filter((id) => id.startsWith(`${NPM}${name}/`)).length} files`,
  );
}
console.log(table(built.sizes));

function put(id, content) {
  const file = path.join(out, id.slice(NPM.length));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}
