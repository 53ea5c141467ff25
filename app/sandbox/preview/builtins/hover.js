/** hover-class: a class while a finger or the mouse presses. */
import { host } from "./kit.js";

/** The last of glass-easel's four places for classes, kept for passing ones. */
const PASSING = 3;

export function bindHover(c) {
  const element = host(c);
  let timer = 0;
  const set = (on) => c._$.setNodeClass(on ? c.data.hoverClass : "", PASSING);
  const down = (event) => {
    const { hoverClass, hoverStartTime, hoverStopPropagation, disabled } = c.data;
    if (!hoverClass || hoverClass === "none" || disabled || event.hoverTaken) return;
    if (hoverStopPropagation) event.hoverTaken = true;
    clearTimeout(timer);
    timer = setTimeout(() => set(true), hoverStartTime);
  };
  const up = () => {
    clearTimeout(timer);
    timer = setTimeout(() => set(false), c.data.hoverStayTime);
  };
  for (const [start, ...ends] of [
    ["touchstart", "touchend", "touchcancel", "touchmove"],
    ["mousedown", "mouseup", "mouseleave"],
  ]) {
    element.addEventListener(start, down, { passive: true });
    for (const end of ends) element.addEventListener(end, up, { passive: true });
  }
}
