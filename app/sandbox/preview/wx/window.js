/** The windows the platform puts over a page: <dialog> elements, so that the keyboard, Esc and screen readers behave. */

let count = 0;

/** One element; keys with "on" are listeners, null and false are left out. Children become text or nodes, never markup. */
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

export const button = (words, onclick, kind = "", more = {}) =>
  el("button", { type: "button", class: `wx-key ${kind}`.trim(), onclick, ...more }, words);

/**
 * Opens a window and waits for it: {title, body, keys: [[words, value, kind]], kind, label}. Resolves to the value of the
 * key that was pressed, or to null for Esc. `body` may be a function of `close(value)`.
 */
export function ask({ title = "", body = [], keys = [], kind = "", label = "" }) {
  return new Promise((resolve) => {
    const id = `wx-window-${(count += 1)}`;
    const names = title ? { "aria-labelledby": id } : { "aria-label": label };
    const window = el("dialog", { class: `wx-window ${kind}`.trim(), ...names });
    let value = null;
    const close = (given) => {
      value = given;
      window.close();
    };
    const inside = typeof body === "function" ? body(close) : body;
    window.append(...[title && el("h2", { id, class: "wx-title" }, title), ...[inside].flat()].filter(Boolean));
    if (keys.length) {
      window.append(
        el(
          "div",
          { class: "wx-keys" },
          keys.map(([words, given, look]) => button(words, () => close(given), look)),
        ),
      );
    }
    window.addEventListener("close", () => {
      window.remove();
      resolve(value);
    });
    if (!window.showModal) window.close = () => window.dispatchEvent(new Event("close"));
    document.body.append(window);
    if (window.showModal) window.showModal();
    else window.open = true; // a document without windows on top, as in jsdom
  });
}
