/** <slider>: the browser's own, which keys and screen readers know. */
import { field, fire, host, make } from "./kit.js";

export const SLIDERS = {
  slider: {
    attached(c) {
      const control = (c.control = make("input", host(c)));
      control.type = "range";
      c.words = make("span", host(c));
      control.addEventListener("input", () => {
        c.words.textContent = c.data.showValue ? control.value : "";
        fire(c, "changing", { value: Number(control.value) });
      });
      control.addEventListener("change", () => {
        c.setData({ value: Number(control.value) });
        fire(c, "change", { value: c.data.value });
      });
      field(
        host(c),
        () => c.data.value,
        () => c.setData({ value: c.data.min }),
      );
    },
    watch: {
      "min, max, step, value, disabled, showValue, activeColor, color"(c) {
        const { min, max, step, value, disabled, showValue, activeColor, color } = c.data;
        if (!(step > 0)) throw new Error("<slider> step must be more than 0");
        Object.assign(c.control, { min, max, step, disabled });
        c.control.value = value;
        c.control.style.accentColor = activeColor || color || "";
        c.words.textContent = showValue ? String(value) : "";
      },
    },
  },
};
