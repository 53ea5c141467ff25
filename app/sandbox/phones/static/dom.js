/** Building the page. Data only ever becomes text: nothing in these files parses a string as markup. */

const SVG = "http://www.w3.org/2000/svg";

/** One element. Keys that start with "on" are listeners, null and false are left out, true is an empty attribute. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Empties the node and puts the new children in. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function button(label, onclick, kind = "") {
  return el("button", { type: "button", class: `button ${kind}`.trim(), onclick }, label);
}
