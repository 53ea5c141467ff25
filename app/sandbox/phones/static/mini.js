/**
 * The mini-program on this phone: a page of its own in a frame that stays alive while one looks at the chat, as WeChat
 * keeps it. Where this machine has no preview of it (`preview_url` of the app), the phone says which page it would be.
 */

import { address } from "./api.js";
import { open } from "./dialogs.js";
import { button, el } from "./dom.js";

export class Mini {
  constructor(person, app) {
    Object.assign(this, { person, app });
    this.title = app.title;
    this.frame = el("iframe", { title: `小程序：${app.title}`, allow: "geolocation; microphone; camera; clipboard-write" });
    this.root = el("div", { class: "mini", hidden: true }, this.frame);
  }

  /** Opens a page of the mini-program (its path, with a query), or just shows it as it was left. */
  enter(page) {
    if (!this.frame.src) this.begin(page);
    else if (page) this.tell({ type: "enter", page: `/${page.replace(/^\//, "")}` });
  }

  begin(page) {
    const url = new URL(address(this.app.preview_url));
    url.searchParams.set("person", this.person.key);
    url.searchParams.set("app", this.app.name);
    if (page) url.hash = `/${page.replace(/^\//, "")}`;
    this.frame.src = url.href;
  }

  /** Shows or hides it; the mini-program hears of it as of WeChat going to the front or the back. */
  show(on) {
    if (this.root.hidden === !on) return;
    this.root.hidden = !on;
    if (this.frame.src) this.tell({ type: "visible", on });
  }

  tell(words) {
    this.frame.contentWindow?.postMessage(words, location.origin);
  }
}

/** What a phone without a preview can show of a page. */
export function describe(page) {
  const words = "这台电脑上没有装小程序预览。在真微信里，会打开小程序的这一页：";
  return open("小程序", [el("p", {}, words), el("p", { class: "path" }, page || "首页")],
    (shut) => [button("回到微信", shut, "quiet")]);
}
