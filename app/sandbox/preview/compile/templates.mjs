/** WXML and WXS → the functions glass-easel renders with, one group for each package. */
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { checkTemplate } from "./check.mjs";
import { NPM, isFile } from "./files.mjs";
import { placeOf } from "./findings.mjs";
import { checkBoundary } from "./project.mjs";
import { tagsOf } from "./wxml.mjs";

const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");
/** Templates the built-in components need themselves. */
export const OWN_TEMPLATES = {
  "wx/swiper": "<swiper-track><slot /></swiper-track>",
  "wx/slotted": "<slot />",
};

/**
 * Compile every template. Gives {groups: Map(package → source text of its templates), used: ids with endings of every
 * file that went in}. `words` are the words of the project's own scripts.
 */
export function compileTemplates(project, words) {
  const work = { project, words, groups: new Map(), used: new Set(), tags: new Map(), checked: new Set() };
  groupOf(work, "");
  for (const row of project.components.values()) addTemplate(work, row, row.id, row.id + ".json");
  for (const [id, source] of Object.entries(OWN_TEMPLATES)) groupOf(work, "").group.addTmpl(id, source);
  const groups = new Map();
  for (const [pack, { group }] of work.groups) groups.set(pack, group.getTmplGenObjectGroups());
  return { groups, used: work.used };
}

function groupOf(work, pack) {
  if (!work.groups.has(pack))
    work.groups.set(pack, { group: TmplGroup.newDev(), templates: new Set(), scripts: new Set() });
  return work.groups.get(pack);
}

function addTemplate(work, row, id, from) {
  const { project } = work;
  const file = id + ".wxml";
  const place = project.files.pathOf(file);
  if (!isFile(place)) return project.findings.add(from, 0, 0, `template not found: "${file}"`);
  if (from !== id + ".json") checkBoundary(project, from, file);
  work.used.add(file);
  if (!work.tags.has(file)) work.tags.set(file, tagsOf(fs.readFileSync(place, "utf8")));
  if (!work.checked.has(`${row.id} ${file}`)) {
    work.checked.add(`${row.id} ${file}`);
    checkTemplate(project, row, file, work.tags.get(file), work.words);
    for (const next of targets(work, file, ["import", "include"]))
      addTemplate(work, row, next.replace(/\.wxml$/, ""), file);
  }
  const { group, templates } = groupOf(work, row.pack);
  if (templates.has(id)) return;
  templates.add(id);
  for (const found of group.addTmpl(id, fs.readFileSync(place, "utf8")))
    if (found.isError || row.ours)
      project.findings.add(file, found.startLine + 1, found.startColumn + 1, found.message);
  for (const next of targets(work, file, ["wxs"])) addScript(work, row, next.replace(/\.wxs$/, ""), file);
}

function targets(work, file, names) {
  const { files } = work.project;
  return work.tags.get(file).flatMap((tag) => {
    const src = names.includes(tag.name) && tag.attributes.find((one) => one.name === "src")?.value;
    return src ? [files.idOf(files.resolve(src, files.pathOf(file)))] : [];
  });
}

function addScript(work, row, id, from) {
  const { project } = work;
  const { group, scripts } = groupOf(work, row.pack);
  const file = id + ".wxs";
  const place = project.files.pathOf(file);
  if (!isFile(place)) return project.findings.add(from, 0, 0, `wxs not found: "${file}"`);
  checkBoundary(project, from, file);
  if (scripts.has(id)) return;
  scripts.add(id);
  work.used.add(file);
  const source = fs.readFileSync(place, "utf8");
  try {
    new Function("require", "module", "exports", source);
  } catch (error) {
    project.findings.add(file, 0, 0, error.message);
  }
  group.addScript(id, asWxs(source));
  for (const found of source.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    const next = project.files.idOf(path.join(path.dirname(place), found[1]));
    if (!next.endsWith(".wxs")) {
      const { line, column } = placeOf(source, found.index);
      project.findings.add(file, line, column, `wxs can require a .wxs file only: "${found[1]}"`);
    } else addScript(work, row, next.slice(0, -4), file);
  }
}

/** WXS is close to JavaScript: `x.constructor` is the name of a type, and requires carry the ending. */
function asWxs(source) {
  return source
    .replace(/([\w$]+(?:\.[\w$]+)*)\.constructor\b/g, "__typeOfWxs($1)")
    .replace(/(require\(\s*['"][^'"]+)\.wxs/g, "$1");
}

/** Whether an id is of an npm package. */
export const isNpm = (id) => id.startsWith(NPM);
