/** A mini-program as a whole: its pages, the components they reach, and the package each belongs to. */
import path from "node:path";
import { Files, NPM, isFile, isFolder, readJson } from "./files.mjs";

/**
 * Read a mini-program. Gives {root, app, files, pages, components, packages}: `components` maps an id to
 * {id, stem, json, isPage, using, pack, ours, number}; `packages` are the roots of subpackages, the main package is "".
 */
export function readProject(root, findings) {
  const files = new Files(root);
  const app = json(path.join(root, "app.json"), findings) ?? { pages: [] };
  const subpackages = app.subPackages ?? app.subpackages ?? [];
  const project = { root, app, files, findings, components: new Map(), pages: [], packages: [] };
  for (const one of subpackages) {
    const folder = one.root.replace(/^\/|\/$/g, "");
    if (one.independent) findings.add("app.json", 0, 0, `independent subpackage "${folder}": the preview has none`);
    if (!isFolder(path.join(root, folder))) findings.add("app.json", 0, 0, `subpackage "${folder}" has no folder`);
    project.packages.push({ root: folder, name: one.name ?? folder });
  }
  const paths = [
    ...app.pages,
    ...subpackages.flatMap((one) => one.pages.map((page) => `${one.root.replace(/^\/|\/$/g, "")}/${page}`)),
  ];
  for (const page of paths) {
    if (project.pages.includes(page)) findings.add("app.json", 0, 0, `page listed twice: "${page}"`);
    else project.pages.push(page);
  }
  for (const page of project.pages) {
    const stem = path.join(root, page);
    if (!isFile(stem + ".wxml")) findings.add("app.json", 0, 0, `page not found: "${page}" has no ${page}.wxml`);
    else addComponent(project, stem, true);
  }
  checkTabs(project);
  checkPreload(project);
  return project;
}

/** The package an id belongs to: the root of a subpackage, "" for the main one. */
export function packageOf(project, id) {
  return project.packages.find((one) => id.startsWith(one.root + "/"))?.root ?? "";
}

/** Complain when a file of one package uses a file that is not there for it: another subpackage's. */
export function checkBoundary(project, from, to, place = {}) {
  const there = packageOf(project, to);
  if (!there || there === packageOf(project, from)) return;
  const here = packageOf(project, from) || "the main package";
  project.findings.add(from, place.line, place.column, `"${to}" is of subpackage "${there}", ${here} cannot use it`);
}

function addComponent(project, stem, isPage) {
  const id = project.files.idOf(stem);
  const known = project.components.get(id);
  if (known) return known;
  const config = isFile(stem + ".json") ? (json(stem + ".json", project.findings) ?? {}) : {};
  const row = {
    id,
    stem,
    isPage,
    json: config,
    using: {},
    number: project.components.size,
    pack: packageOf(project, id),
    ours: !id.startsWith(NPM),
  };
  project.components.set(id, row);
  const own = config.usingComponents ?? {};
  for (const [tag, spec] of Object.entries({ ...project.app.usingComponents, ...own })) {
    const from = tag in own ? stem : path.join(project.root, "app");
    const found = project.files.component(spec, from);
    if (!found) {
      project.findings.add((tag in own ? id : "app") + ".json", 0, 0, `component not found: "${spec}" for <${tag}>`);
      continue;
    }
    const used = addComponent(project, found, false);
    row.using[tag] = used.id;
    if (tag in own) checkBoundary(project, id + ".json", used.id);
  }
  return row;
}

function checkTabs(project) {
  const list = project.app.tabBar?.list ?? [];
  if (project.app.tabBar?.custom) project.findings.add("app.json", 0, 0, "tabBar.custom: the preview has none");
  if (project.app.tabBar && (list.length < 2 || list.length > 5))
    project.findings.add("app.json", 0, 0, `tabBar.list has ${list.length} entries, the platform wants 2 to 5`);
  for (const tab of list) {
    if (!project.app.pages.includes(tab.pagePath))
      project.findings.add("app.json", 0, 0, `tab page "${tab.pagePath}" is not a page of the main package`);
    for (const icon of [tab.iconPath, tab.selectedIconPath])
      if (icon && !isFile(path.join(project.root, icon)))
        project.findings.add("app.json", 0, 0, `image not found: "${icon}" of tab "${tab.text}"`);
  }
}

function checkPreload(project) {
  const names = new Set(project.packages.flatMap((one) => [one.root, one.name]));
  for (const [page, rule] of Object.entries(project.app.preloadRule ?? {})) {
    if (!project.pages.includes(page)) project.findings.add("app.json", 0, 0, `preloadRule: no page "${page}"`);
    for (const pack of rule.packages ?? [])
      if (!names.has(pack)) project.findings.add("app.json", 0, 0, `preloadRule: no subpackage "${pack}"`);
  }
}

function json(file, findings) {
  try {
    return readJson(file);
  } catch (error) {
    findings.add(file, 0, 0, `not valid JSON: ${error.message}`);
    return null;
  }
}
