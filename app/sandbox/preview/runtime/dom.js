/** The document as glass-easel sees it: tags of the platform under names of their own, rpx understood, ids as written. */
import { SHAPES } from "../builtins/shape.mjs";

/** Lengths of the platform as CSS has them; the compiler does the same for style sheets. */
export const lengths = (value) =>
  typeof value === "string"
    ? value
        .replace(/(-?\d*\.?\d+)rpx\b/g, (_, size) => `calc(var(--rpx) * ${size})`)
        .replace(/(-?\d*\.?\d+)vh\b/g, (_, size) => `calc(var(--vh) * ${size})`)
    : value;

/** A <div> with a class, text and a parent. */
export function box(name, parent, text) {
  const element = document.createElement("div");
  element.className = name;
  if (text !== undefined) element.textContent = text;
  parent?.appendChild(element);
  return element;
}

/** What the backend of glass-easel makes its elements with. */
export const platformDocument = {
  createElement(tag) {
    const element = document.createElement(tag in SHAPES || tag === "page" ? `wx-${tag}` : tag);
    const set = element.setAttribute;
    element.setAttribute = function (name, value) {
      set.call(this, name, name === "style" ? lengths(value) : value);
    };
    // glass-easel writes "prefix--id", unique for each component; tests and labels want the id of the template.
    Object.defineProperty(element, "id", {
      get: () => element.getAttribute("id") ?? "",
      set: (id) => set.call(element, "id", id.slice(id.indexOf("--") + 2)),
    });
    return element;
  },
  createTextNode: (text) => document.createTextNode(text),
  createDocumentFragment: () => document.createDocumentFragment(),
};
