/** The window of a picker: columns of words, each a list that keys can walk. */
import { make } from "./kit.js";

/**
 * Open it. `columns()` gives the words of each column now, `chosen` the index in each; `turned(column, index, chosen)`
 * may correct `chosen`; `ok(chosen)`, `cancel()`.
 */
export function openSheet({ title = "", columns, chosen, turned = () => {}, ok, cancel }) {
  const cover = make("div", document.body, "mp-sheet");
  const sheet = make("div", cover, "picker");
  sheet.setAttribute("role", "dialog");
  sheet.setAttribute("aria-modal", "true");
  sheet.setAttribute("aria-label", title || "请选择");
  const head = make("div", sheet, "head");
  const close = (act) => () => {
    cover.remove();
    act();
  };
  button(head, "cancel", "取消", close(cancel));
  make("span", head, "title").textContent = title;
  button(
    head,
    "ok",
    "确定",
    close(() => ok(chosen)),
  );
  const box = make("div", sheet, "columns");
  const draw = () => {
    box.replaceChildren(...columns().map((words, column) => list(words, column)));
    for (const one of box.querySelectorAll('[aria-selected="true"]')) one.scrollIntoView?.({ block: "center" });
  };
  const choose = (column, index) => {
    chosen[column] = index;
    turned(column, index, chosen);
    draw();
    box.children[column].focus();
  };
  const list = (words, column) => {
    const element = make("div", null, "column");
    element.setAttribute("role", "listbox");
    element.setAttribute("aria-label", `第 ${column + 1} 列`);
    element.tabIndex = 0;
    words.forEach((word, index) => {
      const option = make("div", element, "option");
      option.textContent = word;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(index === chosen[column]));
      option.addEventListener("click", () => choose(column, index));
    });
    element.addEventListener("keydown", ({ key }) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[key] ?? 0;
      const next = chosen[column] + step;
      if (step && next >= 0 && next < words.length) choose(column, next);
    });
    return element;
  };
  cover.addEventListener("click", (event) => event.target === cover && close(cancel)());
  cover.addEventListener("keydown", ({ key }) => key === "Escape" && close(cancel)());
  draw();
  box.querySelector('[role="listbox"]')?.focus();
}

function button(parent, name, text, act) {
  const element = make("button", parent, name);
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", act);
}
