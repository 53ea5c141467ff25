/** wx.createAnimation: https://developers.weixin.qq.com/miniprogram/dev/api/ui/animation/wx.createAnimation.html */

const TRANSFORMS = [
  "matrix",
  "matrix3d",
  "rotate",
  "rotate3d",
  "rotateX",
  "rotateY",
  "rotateZ",
  "scale",
  "scale3d",
  "scaleX",
  "scaleY",
  "scaleZ",
  "skew",
  "skewX",
  "skewY",
  "translate",
  "translate3d",
  "translateX",
  "translateY",
  "translateZ",
];
const STYLES = ["opacity", "backgroundColor", "width", "height", "top", "left", "bottom", "right"];
const DEFAULTS = { duration: 400, timingFunction: "linear", delay: 0, transformOrigin: "50% 50% 0" };
const length = (value) => (typeof value === "number" ? `${value}px` : value);
const unit = (name, value) =>
  /^(rotate|skew)/.test(name) ? `${value}deg` : /^translate/.test(name) ? length(value) : value;

/** Gives an Animation: acts, step(), export(). */
export function createAnimation(options = {}) {
  const usual = { ...DEFAULTS, ...options };
  let steps = [];
  let acts = [];
  const one = {
    step(more = {}) {
      const { duration, timingFunction, delay, transformOrigin } = { ...usual, ...more };
      steps.push({ animates: acts, option: { transition: { duration, timingFunction, delay }, transformOrigin } });
      acts = [];
      return one;
    },
    export() {
      const actions = steps;
      steps = [];
      return { actions };
    },
  };
  for (const name of [...TRANSFORMS, ...STYLES]) {
    one[name] = (...args) => {
      acts.push({ type: name, args });
      return one;
    };
  }
  return one;
}

/** What one step makes of the style. */
export function styleOf(animates) {
  const style = {};
  const turns = [];
  for (const { type, args } of animates) {
    if (STYLES.includes(type))
      style[type] = /^(opacity|backgroundColor)$/.test(type) ? String(args[0]) : length(args[0]);
    else if (type === "rotate3d") turns.push(`rotate3d(${args.slice(0, 3).join(",")},${args[3]}deg)`);
    else turns.push(`${type}(${args.map((value) => unit(type, value)).join(",")})`);
  }
  if (turns.length) style.transform = turns.join(" ");
  return style;
}

/** Play the exported steps on an element, one after another. */
export function animate(element, steps) {
  element.animationTurn = (element.animationTurn ?? 0) + 1;
  const turn = element.animationTurn;
  const next = ([step, ...rest]) => {
    if (!step || element.animationTurn !== turn) return;
    const {
      transition: { duration, timingFunction, delay },
      transformOrigin,
    } = step.option;
    element.style.transition = `all ${duration}ms ${timingFunction} ${delay}ms`;
    element.style.transformOrigin = transformOrigin;
    requestAnimationFrame(() => Object.assign(element.style, styleOf(step.animates)));
    setTimeout(() => next(rest), duration + delay);
  };
  next(steps);
}
