/** <input> and <textarea>: real controls inside, so that keyboards, screen readers and tests find them. */
import { field, fire, host, make, onSize, scopedClasses, styled } from "./kit.js";

const MODES = {
  text: "text",
  number: "numeric",
  digit: "decimal",
  idcard: "text",
  nickname: "text",
  "safe-password": "text",
};

function attach(c, tag) {
  const element = host(c);
  const control = (c.control = make(tag, element));
  c.hint = make("div", element, "hint");
  c.hint.setAttribute("aria-hidden", "true");
  field(
    element,
    () => control.value,
    () => {
      control.value = "";
      c.setData({ value: "" });
    },
  );
  const place = () => ({ value: control.value, cursor: control.selectionStart ?? control.value.length });
  control.addEventListener("input", () => {
    c.setData({ value: control.value });
    hint(c);
    fire(c, "input", { ...place(), keyCode: 0 });
  });
  control.addEventListener("change", (event) => {
    event.stopPropagation();
    fire(c, "change", { value: control.value });
  });
  control.addEventListener("focus", () => fire(c, "focus", { value: control.value, height: 0 }));
  control.addEventListener("blur", () => fire(c, "blur", place()));
  if (tag === "input")
    control.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) fire(c, "confirm", { value: control.value });
    });
  if (c.data.autoFocus) requestAnimationFrame(() => control.focus());
}

/** What stands there while nothing is written; the real placeholder stays for screen readers, unseen. */
function hint(c) {
  const { placeholder, placeholderStyle, placeholderClass } = c.data;
  c.control.placeholder = placeholder;
  c.hint.textContent = placeholder;
  c.hint.hidden = c.control.value !== "" || !placeholder;
  c.hint.className = ["hint", ...scopedClasses(c, placeholderClass)].join(" ");
  c.hint.setAttribute("style", styled(placeholderStyle));
}

function update(c) {
  const { control } = c;
  const { value, disabled, maxlength, password, type } = c.data;
  const text = value === null || value === undefined ? "" : String(value);
  if (control.value !== text) control.value = text;
  control.disabled = Boolean(disabled);
  if (maxlength >= 0) control.maxLength = maxlength;
  else control.removeAttribute("maxlength");
  if (control.localName === "input") {
    if (!(type in MODES)) throw new Error(`<input> has no type "${type}" in the preview`);
    control.type = password || type === "safe-password" ? "password" : "text";
    control.inputMode = MODES[type];
    if (type === "nickname") control.autocomplete = "nickname";
  }
  hint(c);
  if (c.data.autoHeight) grow(c);
}

/** As high as what is written; without a layout (not shown yet) there is nothing to measure. */
function grow(c) {
  const { control } = c;
  if (!c.data.autoHeight || control.offsetParent === null) return;
  const lines = control.dataset.lines;
  control.style.height = "0";
  const height = control.scrollHeight;
  control.style.height = `${height}px`;
  if (lines === String(height)) return;
  control.dataset.lines = String(height);
  const lineHeight = Number.parseFloat(getComputedStyle(control).lineHeight) || 20;
  fire(c, "linechange", {
    height,
    heightRpx: (height * 750) / innerWidth,
    lineCount: Math.round(height / lineHeight),
    lineHeight,
  });
}

const focus = {
  focus(c) {
    if (c.data.focus) requestAnimationFrame(() => c.control.focus());
    else if (document.activeElement === c.control) c.control.blur();
  },
  "cursor, selectionStart, selectionEnd"(c) {
    const { cursor, selectionStart, selectionEnd } = c.data;
    if (document.activeElement !== c.control) return;
    if (selectionStart >= 0 && selectionEnd >= 0) c.control.setSelectionRange(selectionStart, selectionEnd);
    else if (cursor >= 0) c.control.setSelectionRange(cursor, cursor);
  },
};

export const WRITING = {
  input: {
    attached: (c) => attach(c, "input"),
    watch: {
      "value, disabled, maxlength, password, type, placeholder, placeholderStyle, placeholderClass": update,
      ...focus,
    },
  },
  textarea: {
    attached(c) {
      attach(c, "textarea");
      c.control.addEventListener("input", () => grow(c));
      c.unsize = onSize(host(c), () => grow(c));
    },
    detached(c) {
      c.unsize();
    },
    watch: {
      "value, disabled, maxlength, placeholder, placeholderStyle, placeholderClass": update,
      autoHeight(c) {
        host(c).toggleAttribute("auto-height", c.data.autoHeight);
        if (c.data.autoHeight) grow(c);
      },
      ...focus,
    },
  },
};
