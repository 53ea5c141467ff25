/** Small windows over the phone. They are <dialog>, so Esc and the tab key behave. */

import { button, el } from "./dom.js";
import { Trouble } from "./trouble.js";

let count = 0;

/**
 * Opens a window with a title and a body; `actions` make its buttons from a function that closes it.
 * Gives back the dialog element; it removes itself when it closes.
 */
export function open(title, body, actions, kind = "") {
  const id = `dialog-${(count += 1)}`;
  const dialog = el("dialog", { class: `sheet ${kind}`.trim(), "aria-labelledby": id });
  const close = () => dialog.close();
  dialog.append(el("h2", { id }, title), ...[body].flat(), el("div", { class: "sheet-actions" }, actions(close)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * A form in a window. `fields` are elements of the form, `submit` gets its FormData and may refuse by throwing an
 * Error with words for the person: the window then stays open and shows them.
 */
export function ask(title, fields, submit, label = "发送") {
  const form = el("form", { id: `form-${(count += 1)}`, class: "sheet-form" }, fields);
  const trouble = new Trouble();
  const send = el("button", { type: "submit", class: "button main", form: form.id }, label);
  const dialog = open(title, [form, trouble.root], (close) => [button("取消", close, "quiet"), send]);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    if (await trouble.attempt(() => submit(new FormData(form)))) dialog.close();
    send.disabled = false;
  });
  return dialog;
}

/** A labelled input, textarea or select. */
export function field(label, control, hint) {
  return el("label", { class: "field" }, el("span", {}, label), control, hint ? el("small", {}, hint) : null);
}
