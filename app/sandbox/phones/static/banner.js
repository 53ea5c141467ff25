/** The strip that slides in at the top when something arrives that is not on the screen; a tap opens it. */

import { el, fill } from "./dom.js";
import { brief } from "./words.js";

const STAY = 6000;

export class Banner {
  constructor() {
    this.root = el("div", { class: "banner-place", role: "status", "aria-live": "polite" });
  }

  show(app, item, onclick) {
    clearTimeout(this.timer);
    const act = () => {
      this.hide();
      onclick();
    };
    fill(this.root, el("button", { type: "button", class: "banner", onclick: act },
      el("strong", {}, app.title), el("span", {}, bannerWords(item))));
    this.timer = setTimeout(() => this.hide(), STAY);
  }

  hide() {
    clearTimeout(this.timer);
    this.root.replaceChildren();
  }
}

/** A notice says its first value too: the title alone would not tell what it is about. */
function bannerWords(item) {
  const first = item.fields?.[0];
  return first ? `${brief(item)}：${first.value}` : brief(item);
}
