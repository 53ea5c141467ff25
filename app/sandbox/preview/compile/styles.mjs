/**
 * WXSS → one style sheet: rpx and vh by custom properties, tags as the preview names them, classes of isolated
 * components under a scope of their own, rules of a page on that page alone.
 */
import fs from "node:fs";
import path from "node:path";
import postcss from "postcss";
import parser from "postcss-selector-parser";
import { SHAPES } from "../builtins/shape.mjs";
import { isFile } from "./files.mjs";
import { placeOf } from "./findings.mjs";
import { checkBoundary } from "./project.mjs";

const IMPORT = /@import\s+(?:url\()?['"]([^'"]+)['"]\)?\s*;?/g;
/** Media queries cannot read custom properties; the design's 750 rpx are taken as a phone 390 px wide. */
const MEDIA_PX = 390 / 750;

/** The style sheet of the app, its components and its pages, in the order the platform applies them. */
export function compileStyles(project) {
  const work = { project, used: new Set() };
  let css = sheet(work, "app.wxss", {});
  const rows = [...project.components.values()];
  for (const row of rows) {
    row.scope = row.isPage || isShared(row.json) ? "" : `c${row.number}`;
    const host = row.scope ? ["wx-host", row.scope] : ["data-is", row.id];
    if (!row.isPage) css += sheet(work, row.id + ".wxss", { scope: row.scope, host });
  }
  for (const row of rows) if (row.isPage) css += sheet(work, row.id + ".wxss", { page: row.id });
  return { css, used: work.used };
}

/** "shared" works both ways, so its classes need no scope; "isolated" and "apply-shared" keep theirs to themselves. */
function isShared(json) {
  return json.styleIsolation === "shared" || json.styleIsolation === "page-shared";
}

function sheet(work, id, where) {
  const { project } = work;
  const file = project.files.pathOf(id);
  if (!isFile(file)) return "";
  let tree;
  try {
    tree = postcss.parse(inlined(work, file, new Set()), { from: file });
  } catch (error) {
    if (error.name !== "CssSyntaxError") throw error;
    project.findings.add(id, error.line, error.column, error.reason);
    return "";
  }
  tree.walkAtRules("font-face", (rule) => {
    if (/https?:/.test(rule.toString())) rule.remove();
  });
  tree.walkAtRules("media", (rule) => {
    rule.params = rule.params.replace(/([\d.]+)rpx/g, (_, size) => `${size * MEDIA_PX}px`);
  });
  tree.walkDecls((one) => {
    one.value = lengths(one.value);
  });
  tree.walkRules((rule) => {
    if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) return;
    rule.selector = selector(rule.selector, where);
  });
  return tree.toString() + "\n";
}

function inlined(work, file, seen) {
  if (seen.has(file)) return "";
  seen.add(file);
  const { project } = work;
  const id = project.files.idOf(file);
  work.used.add(id);
  const source = fs.readFileSync(file, "utf8");
  return source.replace(IMPORT, (whole, spec, offset) => {
    const next = project.files.resolve(spec, file);
    const place = placeOf(source, offset);
    if (!isFile(next)) {
      project.findings.add(id, place.line, place.column, `style not found: "${spec}"`);
      return "";
    }
    checkBoundary(project, id, project.files.idOf(next), place);
    return inlined(work, next, seen);
  });
}

/** 1rpx is 1/750 of the width of the phone, 1vh 1/100 of the room a page has. */
export function lengths(value) {
  return value
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, size) => `calc(var(--rpx) * ${size})`)
    .replace(/(-?\d*\.?\d+)vh\b/g, (_, size) => `calc(var(--vh) * ${size})`);
}

function selector(source, { scope, host, page }) {
  return parser((root) => {
    root.walkTags((tag) => {
      if (tag.value === "page" || tag.value in SHAPES) tag.value = `wx-${tag.value}`;
    });
    if (scope)
      root.walkClasses((one) => {
        one.value = `${scope}--${one.value}`;
      });
    root.walkPseudos((pseudo) => {
      if (pseudo.value !== ":host" || !host) return;
      const [attribute, value] = host;
      pseudo.replaceWith(parser.pseudo({ value: `[${attribute}="${value}"]` }));
    });
    if (page) root.each((one) => onPage(one, page));
  }).processSync(source);
}

function onPage(one, page) {
  const first = one.nodes[0];
  if (first?.type === "tag" && first.value === "wx-page") first.value = `wx-page[data-page="${page}"]`;
  else one.prepend(parser.pseudo({ value: `:where([data-page="${page}"]) ` }));
}

/** Where a style sheet beside this module is: `builtins/*.css` in their order, then those of the wx half. */
export function ownStyles(here) {
  const all = (folder) =>
    fs.existsSync(path.join(here, folder))
      ? fs
          .readdirSync(path.join(here, folder))
          .filter((name) => name.endsWith(".css"))
          .sort()
          .map((name) => path.join(here, folder, name))
      : [];
  return [...all("runtime"), ...all("builtins"), ...all("wx")].map((file) => fs.readFileSync(file, "utf8")).join("\n");
}
