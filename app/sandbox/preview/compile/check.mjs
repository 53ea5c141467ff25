/** What a template says, held against what the platform, the preview and the project have. */
import path from "node:path";
import { COMMON, COMMON_EVENTS, SHAPES, camel } from "../builtins/shape.mjs";
import { isFile } from "./files.mjs";
import { checkBoundary } from "./project.mjs";

/** Tags that are the language's own. */
const LANGUAGE = new Set(["block", "template", "import", "include", "wxs", "slot"]);
/** Attributes every tag may carry. */
const EVERYWHERE = new Set(["id", "class", "style", "slot", "is", "name", "data"]);
const PREFIXED = /^(wx:|data-|mark:|generic:|change:|worklet:|let:|slot:|class:|style:)/;
const EVENT = /^(?:capture-bind|capture-catch|mut-bind|bind|catch):?(.+)$/;
const BUILTINS = new Map(
  Object.entries(SHAPES).map(([tag, { properties, events, inert }]) => [
    tag,
    {
      names: new Set([...Object.keys(COMMON), ...Object.keys(properties), ...inert].map(camel)),
      events: new Set([...COMMON_EVENTS, ...events]),
    },
  ]),
);

/**
 * Check the tags of one template file for the component that uses it; `row` is the component, `file` the id of the
 * file with its ending, `words` every word of the project's own scripts (a handler must be one of them).
 */
export function checkTemplate(project, row, file, tags, words) {
  const note = (at, message) => project.findings.add(file, at.line, at.column, message);
  for (const tag of tags) {
    if (LANGUAGE.has(tag.name)) continue;
    const generic = row.json.componentGenerics && tag.name in row.json.componentGenerics;
    const component = generic || tag.name in row.using;
    if (!component && !BUILTINS.has(tag.name)) {
      note(
        tag,
        `unknown tag <${tag.name}>: no component of that name in usingComponents, and the preview has no such built-in`,
      );
      continue;
    }
    for (const attribute of tag.attributes) {
      if (!component) checkAttribute(tag, attribute, note);
      if (row.ours) checkHandler(attribute, words, note);
    }
    checkLinks(project, row, file, tag, note);
  }
}

function checkAttribute(tag, attribute, note) {
  const { name } = attribute;
  if (EVERYWHERE.has(name) || PREFIXED.test(name)) return;
  const { names, events } = BUILTINS.get(tag.name);
  const event = EVENT.exec(name)?.[1];
  if (event !== undefined) {
    if (!events.has(event)) note(attribute, `<${tag.name}> has no event "${event}" in the preview`);
    return;
  }
  const property = camel(name.replace(/^model:/, ""));
  const watched = tag.attributes.some((one) => one.name === `change:${name}`);
  if (!names.has(property) && !watched) note(attribute, `<${tag.name}> has no attribute "${name}" in the preview`);
}

function checkHandler(attribute, words, note) {
  const { name, value } = attribute;
  if (!EVENT.test(name) || !value || value.includes("{{") || words.has(value)) return;
  note(attribute, `no function "${value}" for ${name}`);
}

/** Images and pages that are named outright must be there. */
function checkLinks(project, row, file, tag, note) {
  const plain = (name) => tag.attributes.find((one) => one.name === name && one.value && !one.value.includes("{{"));
  const from = path.join(project.root, file);
  for (const attribute of [plain("src"), plain("poster")]) {
    if (!attribute || tag.name in row.using || /^(https?:|data:|wxfile:|\/\/)/.test(attribute.value)) continue;
    const found = project.files.resolve(attribute.value, from);
    if (!isFile(found)) note(attribute, `file not found: "${attribute.value}"`);
    else checkBoundary(project, file, project.files.idOf(found), attribute);
  }
  const url = tag.name === "navigator" && plain("url");
  if (!url) return;
  const page = project.files.idOf(project.files.resolve(url.value.split("?")[0], from));
  if (!project.pages.includes(page)) note(url, `no page "${page}"`);
}
