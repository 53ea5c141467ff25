/** <picker-view>: columns one scrolls; what stands in the middle is chosen. */
import { componentOf, fire, host, make, styled } from "./kit.js";

/** The height of a row, in pixels, where the style sheet says nothing. */
const ROW = 34;
/** Milliseconds without movement after which a column rests. */
const REST = 120;

const columnsOf = (c) => [...host(c).querySelectorAll("wx-picker-view-column")];
const rowHeight = (column) => column.firstElementChild?.getBoundingClientRect().height || ROW;

function place(c) {
  columnsOf(c).forEach((column, at) => {
    const middle = (column.clientHeight - rowHeight(column)) / 2;
    column.style.paddingBlock = `${Math.max(0, middle)}px`;
    column.scrollTop = (c.data.value?.[at] ?? 0) * rowHeight(column);
  });
}

function rest(c) {
  const value = columnsOf(c).map((column) => Math.max(0, Math.round(column.scrollTop / rowHeight(column))));
  c.moving = false;
  fire(c, "pickend");
  if (value.join() === (c.data.value ?? []).join()) return;
  c.setData({ value });
  fire(c, "change", { value });
}

export const PICKER_VIEWS = {
  "picker-view": {
    attached(c) {
      c.line = make("div", host(c), "indicator");
      requestAnimationFrame(() => place(c));
      c.turn = () => {
        if (!c.moving) fire(c, "pickstart");
        c.moving = true;
        clearTimeout(c.timer);
        c.timer = setTimeout(() => rest(c), REST);
      };
    },
    detached(c) {
      clearTimeout(c.timer);
    },
    watch: {
      value(c) {
        if (!c.moving) requestAnimationFrame(() => c.made && place(c));
      },
      indicatorStyle(c) {
        c.line.setAttribute("style", styled(c.data.indicatorStyle));
      },
    },
  },
  "picker-view-column": {
    attached(c) {
      const column = host(c);
      column.tabIndex = 0;
      const view = () => componentOf(column.closest("wx-picker-view"));
      column.addEventListener("scroll", () => view()?.turn());
      column.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        column.scrollTop += step * rowHeight(column);
        view()?.turn();
      });
    },
  },
};
