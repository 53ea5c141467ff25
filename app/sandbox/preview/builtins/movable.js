/** <movable-view> inside a <movable-area>: follows the finger, stays inside. */
import { fire, host, pixels } from "./kit.js";

function move(c, x, y, source) {
  const element = host(c);
  const area = element.closest("wx-movable-area");
  if (!area) throw new Error("<movable-view> must be inside a <movable-area>");
  const inside = (value, room) =>
    c.data.outOfBounds ? value : Math.min(Math.max(value, Math.min(0, room)), Math.max(0, room));
  const { direction } = c.data;
  const across = direction === "all" || direction === "horizontal" || source === "";
  const along = direction === "all" || direction === "vertical" || source === "";
  if (across) c.x = inside(x, area.clientWidth - element.offsetWidth);
  if (along) c.y = inside(y, area.clientHeight - element.offsetHeight);
  element.style.transform = `translate(${c.x}px, ${c.y}px)`;
  if (source) fire(c, "change", { x: c.x, y: c.y, source });
}

export const MOVABLE = {
  "movable-view": {
    attached(c) {
      const element = host(c);
      Object.assign(c, { x: 0, y: 0 });
      let from = null;
      const down = (at) => {
        from = c.data.disabled ? null : { x: at.clientX - c.x, y: at.clientY - c.y };
      };
      const drag = (at) => from && move(c, at.clientX - from.x, at.clientY - from.y, "touch");
      element.addEventListener("touchstart", (event) => down(event.touches[0]), { passive: true });
      element.addEventListener(
        "touchmove",
        (event) => {
          if (from && c.data.direction !== "none") event.preventDefault();
          drag(event.touches[0]);
        },
        { passive: false },
      );
      element.addEventListener("mousedown", (event) => {
        down(event);
        const follow = (moved) => drag(moved);
        document.addEventListener("mousemove", follow);
        document.addEventListener("mouseup", () => document.removeEventListener("mousemove", follow), { once: true });
      });
    },
    watch: {
      "x, y"(c) {
        requestAnimationFrame(() => c.made && move(c, pixels(c.data.x), pixels(c.data.y), ""));
      },
    },
  },
};
