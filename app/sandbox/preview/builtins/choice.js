/** Switches, checkboxes and radio buttons with their groups. */
import { around, componentOf, field, fire, host, make, reachable } from "./kit.js";

function draw(c) {
  const element = host(c);
  const { checked, disabled, color } = c.data;
  element.classList.toggle("on", Boolean(checked));
  element.style.setProperty("--c", color || "");
  element.setAttribute("aria-checked", String(Boolean(checked)));
  element.toggleAttribute("disabled", disabled);
  if (disabled) element.setAttribute("aria-disabled", "true");
  else element.removeAttribute("aria-disabled");
}

function attach(c, role, choose) {
  const element = host(c);
  const mark = make("i");
  mark.setAttribute("aria-hidden", "true");
  element.prepend(mark);
  reachable(element, role);
  c.activate = () => c.data.disabled || choose();
  element.addEventListener("click", c.activate);
}

const group = (c, tag) => around(host(c), tag);
const chosen = (element, tag) => [...element.querySelectorAll(`${tag}.on`)].map((one) => componentOf(one).data.value);

export const CHOICES = {
  switch: {
    attached(c) {
      attach(c, "switch", () => {
        c.setData({ checked: !c.data.checked });
        fire(c, "change", { value: c.data.checked });
      });
      field(
        host(c),
        () => c.data.checked,
        () => c.setData({ checked: false }),
      );
      if (c.data.type === "checkbox") host(c).classList.add("checkbox");
    },
    watch: { "checked, color, disabled": draw },
  },
  checkbox: {
    attached(c) {
      attach(c, "checkbox", () => {
        c.setData({ checked: !c.data.checked });
        const all = group(c, "wx-checkbox-group");
        if (all) fire(componentOf(all), "change", { value: chosen(all, "wx-checkbox") });
      });
    },
    watch: { "checked, color, disabled": draw },
  },
  radio: {
    attached(c) {
      attach(c, "radio", () => {
        if (c.data.checked) return;
        const all = group(c, "wx-radio-group");
        for (const one of all?.querySelectorAll("wx-radio") ?? []) componentOf(one).setData({ checked: false });
        c.setData({ checked: true });
        if (all) fire(componentOf(all), "change", { value: c.data.value });
      });
    },
    watch: { "checked, color, disabled": draw },
  },
  "checkbox-group": {
    attached(c) {
      const element = host(c);
      element.setAttribute("role", "group");
      field(
        element,
        () => chosen(element, "wx-checkbox"),
        () => clear(element, "wx-checkbox"),
      );
    },
  },
  "radio-group": {
    attached(c) {
      const element = host(c);
      element.setAttribute("role", "radiogroup");
      field(
        element,
        () => chosen(element, "wx-radio")[0] ?? "",
        () => clear(element, "wx-radio"),
      );
    },
  },
};

function clear(element, tag) {
  for (const one of element.querySelectorAll(tag)) componentOf(one).setData({ checked: false });
}
