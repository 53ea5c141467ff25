/** What built-in components are made with. A maker gets `c`, the component as scripts see it; its DOM element is host(c). */

export const host = (c) => c._$.$$;

/** An element with a class and a parent. */
export function make(tag, parent, name = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  parent?.appendChild(element);
  return element;
}

/** Trigger an event as the platform does. */
export const fire = (c, name, detail = {}, bubbles = false) =>
  c.triggerEvent(name, detail, { bubbles, composed: bubbles });

/** The component an element is of. */
export const componentOf = (element) => element?.__wxElement?.getMethodCaller();

/** The nearest element around (or at) `element` with this tag. */
export const around = (element, tag) => element?.parentNode?.closest?.(tag) ?? null;

/** The page a component is on. */
export const pageOf = (c) => host(c).closest(".mp-page").page;

/** The class names of the page's styles for names of a property, as placeholder-class needs them. */
export function scopedClasses(c, names) {
  const list = c._$.classList;
  const classes = [];
  for (const name of String(names ?? "")
    .split(/\s+/)
    .filter(Boolean))
    list._$resolvePrefixes(name, (scope, plain) => {
      const prefix = scope === undefined ? "" : list._$prefixManager?.queryName(scope);
      classes.push(prefix ? `${prefix}--${plain}` : plain);
    });
  return classes;
}

/** Make an element work by keyboard and screen reader: `role`, focus, Enter and Space as a click. */
export function reachable(element, role) {
  if (!element.hasAttribute("role")) element.setAttribute("role", role);
  element.tabIndex = 0;
  element.dataset.keys = "";
}

/** A value of a form: how it is read and how it is set back. */
export function field(element, get, reset) {
  element.formField = { get, reset };
}

/** rpx in a property that is a piece of style. */
export const styled = (text) =>
  String(text ?? "").replace(/(-?\d*\.?\d+)rpx\b/g, (_, size) => `calc(var(--rpx) * ${size})`);

/** A length of a property: "20rpx", "20px" or a number of pixels, in pixels. */
export function pixels(value) {
  const text = String(value ?? 0);
  const size = Number.parseFloat(text) || 0;
  return text.endsWith("rpx") ? (size * innerWidth) / 750 : size;
}

/** Call back when the element has a size, and again when it changes. Gives how to stop. */
export function onSize(element, act) {
  if (typeof ResizeObserver === "undefined") {
    requestAnimationFrame(act);
    return () => {};
  }
  const observer = new ResizeObserver(() => element.offsetParent !== null && act());
  observer.observe(element);
  return () => observer.disconnect();
}
