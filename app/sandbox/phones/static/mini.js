/**
 * Opening a page of the mini-program. Where this machine serves a preview of it (`preview_url` of the app), the page
 * opens in the phone; without one the phone says which page it would be.
 */

import { address } from "./api.js";
import { open } from "./dialogs.js";
import { button, el } from "./dom.js";

export function openMini(person, app, page) {
  const close = (shut) => [button("回到微信", shut, "quiet")];
  if (!app?.preview_url) {
    const words = "这台电脑上没有装小程序预览。在真微信里，会打开小程序的这一页：";
    return open("小程序", [el("p", {}, words), el("p", { class: "path" }, page || "首页")], close);
  }
  const url = new URL(address(app.preview_url));
  url.searchParams.set("person", person.key);
  if (page) url.searchParams.set("page", page);
  return open(app.title, el("iframe", { src: url.href, title: `小程序：${app.title}` }), close, "mini-sheet");
}
