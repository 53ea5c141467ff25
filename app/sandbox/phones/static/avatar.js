/** Avatars drawn here: the last two characters of a name on a muted tint, and the door for the accounts. */

import { svg } from "./dom.js";
import { icon } from "./icons.js";

const TINTS = ["#3f6f6b", "#5c6f86", "#7b6a54", "#6b6480", "#56724f", "#80605f"];

/** The same name has the same tint on every page. */
export function personAvatar(name) {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) % 9973, 7);
  const frame = { viewBox: "0 0 48 48", class: "avatar", "aria-hidden": "true" };
  const initials = svg("text", { x: 24, y: 25, "text-anchor": "middle", "dominant-baseline": "central" });
  initials.textContent = [...name].slice(-2).join("");
  return svg("svg", frame, svg("rect", { width: 48, height: 48, rx: 8, fill: TINTS[sum % TINTS.length] }), initials);
}

export function appAvatar(app) {
  const box = document.createElement("span");
  box.className = `avatar app-avatar ${app.kind === "miniprogram" ? "is-mini" : ""}`;
  box.append(icon(app.kind === "miniprogram" ? "mini" : "door"));
  return box;
}
