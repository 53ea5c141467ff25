/** Scanning: the live codes of this sandbox, each with its picture, as if another screen were held up to the phone. */

import { address, get } from "./api.js";
import { empty } from "./chats.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { Trouble } from "./trouble.js";
import { near, span } from "./words.js";

const BEAT = 3000;

export class Scan {
  constructor(store, doors) {
    Object.assign(this, { store, doors });
    this.title = "扫一扫";
    this.trouble = new Trouble();
    this.list = el("ul", { class: "codes" });
    const name = { "aria-label": "码里的内容", placeholder: "码里的内容，比如 101" };
    const scene = el("input", { name: "scene", required: true, maxlength: 64, ...name });
    const form = el("form", { class: "line", onsubmit: (event) => {
      event.preventDefault();
      this.scan({ scene: scene.value.trim() });
    } }, scene, el("button", { type: "submit", class: "button quiet" }, "扫"));
    this.root = el("section", { class: "view scroll padded" },
      el("p", { class: "hint" }, "电脑屏幕上、楼道里的码都在这里，点一个就是扫它。"), this.trouble.root, this.list,
      el("details", { class: "rights" }, el("summary", {}, "扫别处的码"), form));
  }

  enter() {
    this.look();
  }

  /** Looks for codes for as long as this screen is open. */
  async look() {
    clearTimeout(this.timer);
    if (!document.hidden) await this.draw();
    if (this.root.isConnected) this.timer = setTimeout(() => this.look(), BEAT);
  }

  async draw() {
    const codes = await get("codes").catch(() => null);
    if (!codes) return;
    const state = JSON.stringify(codes.map((code) => code.ticket));
    if (state === this.shown) return;
    this.shown = state;
    const none = el("li", { class: "wide" }, empty("scan", "现在没有码。在工作台打开扫码登录，或者生成一个楼栋码，就会出现在这里。"));
    fill(this.list, codes.length ? codes.map((code) => this.entry(code)) : none);
  }

  entry(code) {
    const app = this.store.app(code.app);
    const src = address(`wechat/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`);
    const picture = el("img", { src, alt: "", width: 120, height: 120 });
    picture.addEventListener("error", () => picture.replaceWith(icon("scan")));
    const end = code.expires_at;
    const left = end ? `${near(end)} 失效（${span(end - Date.now() / 1000)}后）` : "一直有效";
    return el("li", {}, el("button", { type: "button", class: "code", onclick: () => this.scan(code) }, picture,
      el("strong", {}, app?.title ?? code.app), el("span", {}, `内容：${code.scene}`), el("small", {}, left)));
  }

  /** Scans by ticket when the code has one; what comes of it is in the chat, or on the page the code leads to. */
  scan({ ticket, scene }) {
    return this.trouble.attempt(async () => {
      const found = await this.store.act("/scan", ticket ? { ticket } : { scene });
      const app = this.store.app(found.app);
      if (app.kind === "miniprogram") this.doors.visit(app, pageWith(found));
      else this.doors.chat(app);
    });
  }
}

const pageWith = ({ page, scene }) => (scene ? `${page ?? ""}?scene=${encodeURIComponent(scene)}` : (page ?? ""));
