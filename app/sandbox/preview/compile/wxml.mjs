/** The tags of a template with their places: enough of WXML to check it. Compiling it is glass-easel's part. */
import { placeOf } from "./findings.mjs";

const TAG = /<!--[\s\S]*?-->|<(\/?)([A-Za-z][\w.:-]*)/g;
const ATTRIBUTE = /\s*(?:([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|\{\{([\s\S]*?)\}\}))?|(\/?>))/gy;

/**
 * Every opening tag: {name, attributes: [{name, value, line, column}], line, column, body}.
 * `value` is null where only the name stands; `body` is the text inside, for <wxs> alone.
 */
export function tagsOf(text) {
  const tags = [];
  TAG.lastIndex = 0;
  for (let found = TAG.exec(text); found; found = TAG.exec(text)) {
    if (found[2] === undefined || found[1]) continue;
    const tag = { name: found[2], attributes: [], ...placeOf(text, found.index) };
    const { end, closed } = attributes(text, TAG.lastIndex, tag);
    if (tag.name === "wxs" && !closed) {
      const stop = text.indexOf("</wxs>", end);
      tag.body = text.slice(end, stop === -1 ? undefined : stop);
      TAG.lastIndex = stop === -1 ? text.length : stop;
    } else TAG.lastIndex = end;
    tags.push(tag);
  }
  return tags;
}

function attributes(text, start, tag) {
  ATTRIBUTE.lastIndex = start;
  for (let end = start; ; end = ATTRIBUTE.lastIndex) {
    const found = ATTRIBUTE.exec(text);
    if (!found) return { end, closed: false };
    const [whole, name, double, single, bare, close] = found;
    if (close) return { end: ATTRIBUTE.lastIndex, closed: close === "/>" };
    const at = found.index + whole.length - whole.trimStart().length;
    tag.attributes.push({ name, value: double ?? single ?? bare ?? null, ...placeOf(text, at) });
  }
}
