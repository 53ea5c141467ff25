/** The bar over a page: the way back or home, the title, and the capsule with its menu. */
import { box } from "./dom.js";

function key(name, label, text, parent) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = name;
  element.textContent = text;
  element.setAttribute("aria-label", label);
  parent.appendChild(element);
  return element;
}

export class NavBar {
  constructor(page, { custom, look, nav }) {
    this.custom = custom;
    this.text = look.navigationBarTitleText ?? "";
    this.el = box(custom ? "mp-nav custom" : "mp-nav", page.el);
    this.el.setAttribute("role", "banner");
    if (!custom) {
      if (nav.depth() > 0) key("back", "返回", "‹", this.el).addEventListener("click", () => nav.back(1));
      else if (!page.isTab && page.path !== nav.home)
        key("back home", "回首页", "⌂", this.el).addEventListener("click", () => nav.relaunch(`/${nav.home}`));
      this.title = box("title", this.el);
      this.spinner = box("busy", this.el);
      this.spinner.hidden = true;
      this.setTitle(this.text);
      this.setColor({
        backgroundColor: look.navigationBarBackgroundColor || "#000000",
        frontColor: look.navigationBarTextStyle === "black" ? "#000000" : "#ffffff",
      });
    }
    key("capsule", "更多", "•••", this.el).addEventListener("click", () => openMenu(page, nav));
  }

  setTitle(text) {
    this.text = text;
    if (this.title) this.title.textContent = text;
  }

  setColor({ frontColor, backgroundColor }) {
    if (this.custom) return;
    if (frontColor && !/^#(000000|ffffff)$/i.test(frontColor)) throw new Error(`invalid frontColor "${frontColor}"`);
    if (backgroundColor) this.el.style.backgroundColor = backgroundColor;
    if (frontColor) this.el.style.color = frontColor;
  }

  setLoading(on) {
    if (this.spinner) this.spinner.hidden = !on;
  }
}

/** What the three dots offer: share, when the page can be shared, and home. */
function openMenu(page, nav) {
  const cover = box("mp-sheet", document.body);
  const list = box("menu", cover);
  list.setAttribute("role", "menu");
  const close = () => cover.remove();
  const entry = (text, act) => {
    const one = key("entry", text, text, list);
    one.setAttribute("role", "menuitem");
    one.addEventListener("click", () => {
      close();
      act();
    });
    return one;
  };
  const share = entry(page.shareable ? "转发给朋友" : "这一页不能转发", () => nav.share(page));
  share.disabled = !page.shareable || page.sharing === false;
  if (page.path !== nav.home) entry("回到首页", () => nav.relaunch(`/${nav.home}`));
  entry("取消", () => {});
  cover.addEventListener("click", (event) => event.target === cover && close());
  list.querySelector("button:not([disabled])")?.focus();
}
