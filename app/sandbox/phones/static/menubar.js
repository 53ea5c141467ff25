/** The menu of an official account: up to three buttons, each with up to five below it (自定义菜单). */

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { webAddress } from "./richtext.js";

export class MenuBar {
  constructor(composer) {
    this.composer = composer;
    this.below = el("div", { class: "submenu", hidden: true, role: "menu" });
    const buttons = composer.app.menu.map((entry) => this.entry(entry));
    this.root = el("div", { class: "menubar", onkeydown: (event) => this.onKey(event) },
      this.below, el("div", { class: "menubar-row", role: "group", "aria-label": "公众号菜单" }, buttons));
  }

  entry(given) {
    const below = given.sub_button ?? [];
    if (!below.length) return this.leaf(given);
    const state = { "aria-haspopup": "true", "aria-expanded": "false" };
    const node = el("button", { type: "button", ...state }, icon("up"), given.name);
    node.addEventListener("click", () => this.toggle(node, below));
    return node;
  }

  leaf(given, role = null) {
    return el("button", { type: "button", role, onclick: () => this.press(given) }, given.name);
  }

  toggle(node, below) {
    const show = node.getAttribute("aria-expanded") !== "true";
    this.close();
    if (!show) return;
    this.opener = node;
    node.setAttribute("aria-expanded", "true");
    fill(this.below, below.map((given) => this.leaf(given, "menuitem"))).hidden = false;
    this.below.firstElementChild.focus();
  }

  close() {
    this.below.hidden = true;
    this.opener?.setAttribute("aria-expanded", "false");
    this.opener = null;
  }

  onKey(event) {
    if (event.key !== "Escape" || !this.opener) return;
    const { opener } = this;
    this.close();
    opener.focus();
  }

  /** What a tap does, by the type of the button; types that collect something open the way to send it. */
  async press(given) {
    const opener = this.opener;
    this.close();
    opener?.focus();
    const { composer } = this;
    if (given.type === "view") {
      const href = webAddress(given.url);
      if (href) window.open(href, "_blank", "noopener");
      await composer.event("VIEW", { event_key: given.url });
    } else if (given.type === "miniprogram") {
      composer.doors.visit(composer.app, given.pagepath ?? "", given.appid);
      await composer.event("view_miniprogram", { event_key: given.pagepath });
    } else if (given.type?.startsWith("scancode")) {
      composer.doors.scan();
    } else if (given.type?.startsWith("pic_") || given.type === "location_select") {
      composer.toggle(true);
    } else {
      await composer.event("CLICK", { event_key: given.key ?? "" });
    }
  }
}
