/** Registers every built-in component with glass-easel. */
import { BUTTONS } from "./button.js";
import { CHOICES } from "./choice.js";
import { FORMS } from "./form.js";
import { bindHover } from "./hover.js";
import { host, reachable } from "./kit.js";
import { LAYOUT } from "./layout.js";
import { MEDIA } from "./media.js";
import { MOVABLE } from "./movable.js";
import { PICKERS } from "./picker.js";
import { PICKER_VIEWS } from "./picker-view.js";
import { SCROLLING } from "./scroll.js";
import { ARIA, SHAPES, camel, propertiesOf } from "./shape.mjs";
import { SLIDERS } from "./slider.js";
import { SWIPERS } from "./swiper.js";
import { WRITING } from "./writing.js";

/** Tag → {attached(c), detached(c), watch: {"a, b"(c)}}; a tag that is not here is a box and nothing more. */
const MAKERS = {
  ...BUTTONS,
  ...CHOICES,
  ...FORMS,
  ...LAYOUT,
  ...MEDIA,
  ...MOVABLE,
  ...PICKERS,
  ...PICKER_VIEWS,
  ...SCROLLING,
  ...SLIDERS,
  ...SWIPERS,
  ...WRITING,
};
/** Roles that one can act on, so the keyboard must reach them. */
const ACTING = new Set(["button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option"]);
const ARIA_NAMES = new Map(ARIA.map((name) => [camel(`aria-${name}`), name === "role" ? "role" : `aria-${name}`]));

/** `space` is the global space of the platform, `target` the one of the mini-program. */
export function registerBuiltins(space, target, templates) {
  space.addCompiledTemplate("wx/swiper", { groupList: templates, content: templates["wx/swiper"] });
  for (const tag of Object.keys(SHAPES)) {
    const maker = MAKERS[tag] ?? {};
    const builder = space.component(`wx/${tag}`);
    const properties = propertiesOf(tag);
    for (const [name, kind] of Object.entries(properties)) builder.property(name, kind);
    const watches = { ...maker.watch, hidden, animation, [[...ARIA_NAMES.keys()].join(", ")]: aria };
    for (const [names, act] of Object.entries(watches))
      builder.observer(names.split(/,\s*/), function () {
        if (this.made) act(this);
      });
    builder.lifetime("attached", function () {
      maker.attached?.(this);
      this.made = true;
      for (const act of Object.values(watches)) act(this);
      if ("hoverClass" in properties) bindHover(this);
    });
    builder.lifetime("detached", function () {
      maker.detached?.(this);
      this.made = false;
    });
    target.getComponentSpace().setGlobalUsingComponent(tag, builder.register()._$);
  }
}

function hidden(c) {
  host(c).toggleAttribute("hidden", Boolean(c.data.hidden));
}

/** What wx.createAnimation exported: one step after another, each a transition. */
function animation(c) {
  const steps = c.data.animation?.actions ?? [];
  if (steps.length) globalThis.__mp.platform.animate(host(c), steps);
}

/** aria-* of the template become what the browser knows; the control inside gets the name, where there is one. */
function aria(c) {
  const element = c.control ?? host(c);
  for (const [name, attribute] of ARIA_NAMES) {
    const value = c.data[name];
    if (value === null || value === undefined || value === "") {
      if (c.aria?.has(attribute)) element.removeAttribute(attribute);
      continue;
    }
    (c.aria ??= new Set()).add(attribute);
    element.setAttribute(attribute, String(value));
    if (attribute === "role" && ACTING.has(value)) reachable(element, value);
  }
  // WeChat has headings without a level, the browser does not: all of them stand below the title of the page.
  if (c.data.ariaRole === "heading" && !c.data.ariaLevel) element.setAttribute("aria-level", "2");
}
