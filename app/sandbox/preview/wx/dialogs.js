/** Toast, loading, modal and action sheet. */

import { api, Refused } from "./kit.js";
import { ask, button, el } from "./window.js";

const SIGNS = { success: "✓", error: "✕" };
const LONGEST_CHOICE = 6;

export function dialogs() {
  let shown = null;
  let timer = 0;
  let loading = false;

  const hide = () => {
    clearTimeout(timer);
    shown?.remove();
    shown = null;
    loading = false;
  };

  function show({ title, icon = "success", image, mask, duration = 1500 }, stays) {
    if (typeof title !== "string")
      throw new Refused("parameter error: parameter.title should be String instead of Undefined;");
    hide();
    loading = stays;
    const sign = image
      ? el("img", { class: "wx-toast-sign", src: image, alt: "" })
      : stays
        ? el("span", { class: "wx-spin", "aria-hidden": "true" })
        : SIGNS[icon]
          ? el("span", { class: "wx-toast-sign", "aria-hidden": "true" }, SIGNS[icon])
          : null;
    shown = el(
      "div",
      { class: `wx-toast ${sign ? "with-sign" : ""}`, role: icon === "error" ? "alert" : "status" },
      sign,
      el("span", {}, title),
    );
    document.body.append(shown);
    if (mask) shown.classList.add("with-mask");
    if (!stays) timer = setTimeout(hide, duration);
  }

  async function modal({
    title = "",
    content = "",
    editable,
    placeholderText = "",
    showCancel = true,
    cancelText = "取消",
    confirmText = "确定",
  }) {
    for (const words of [cancelText, confirmText]) {
      if ([...words].length > 4)
        throw new Refused("parameter error: cancelText/confirmText length should not larger than 4 Chinese characters");
    }
    const input = editable
      ? el("textarea", {
          class: "wx-line",
          rows: 2,
          placeholder: placeholderText,
          "aria-label": placeholderText || title,
        })
      : null;
    if (input) input.value = content;
    const keys = [...(showCancel ? [[cancelText, false, "no"]] : []), [confirmText, true, "yes"]];
    const answer = await ask({ title, label: content, body: input ?? el("p", { class: "wx-words" }, content), keys });
    const confirm = answer === true;
    return { confirm, cancel: !confirm, content: input ? (confirm ? input.value : null) : null };
  }

  async function sheet({ itemList, alertText }) {
    if (!Array.isArray(itemList) || itemList.length < 1)
      throw new Refused("parameter error: itemList should not be empty");
    if (itemList.length > LONGEST_CHOICE) throw new Refused("parameter error: itemList should not be large than 6");
    const body = (close) =>
      [
        alertText ? el("p", { class: "wx-words" }, alertText) : null,
        el(
          "div",
          { class: "wx-choices" },
          itemList.map((words, index) => button(words, () => close(index), "choice")),
        ),
      ].filter(Boolean);
    const tapIndex = await ask({
      kind: "from-below",
      label: alertText || "请选择",
      body,
      keys: [["取消", null, "no"]],
    });
    if (tapIndex === null) throw new Refused("cancel");
    return { tapIndex };
  }

  return {
    showToast: api("showToast", (o) => show(o, false)),
    hideToast: api("hideToast", () => (loading ? undefined : hide())),
    showLoading: api("showLoading", (o) => show({ ...o, icon: "loading" }, true)),
    hideLoading: api("hideLoading", () => (loading ? hide() : undefined)),
    showModal: api("showModal", modal),
    showActionSheet: api("showActionSheet", sheet),
  };
}
