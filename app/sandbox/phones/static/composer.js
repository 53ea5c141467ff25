/** The bottom of a chat: the account's menu, the line to type in, and what else a phone can send. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { MenuBar } from "./menubar.js";
import { prepare } from "./photo.js";
import { sendLink, sendPage, sendPlace, sendScene, sendVoice } from "./senders.js";
import { Trouble } from "./trouble.js";

export class Composer {
  constructor(store, app, doors) {
    Object.assign(this, { store, app, doors });
    this.input = el("textarea", {
      rows: 1, maxlength: 2000, "aria-label": `对${app.title}说`, placeholder: "说点什么", enterkeyhint: "send",
      onkeydown: (event) => this.onKey(event), oninput: () => this.fit(),
    });
    this.submit = el("button", { type: "submit", class: "button main", disabled: true }, "发送");
    this.plus = el("button", {
      type: "button", class: "round", "aria-label": "更多", "aria-expanded": "false", onclick: () => this.toggle(),
    }, icon("plus"));
    this.trouble = new Trouble();
    this.sending = el("p", { class: "sending", role: "status", hidden: true }, icon("clock"), "发送中…");
    this.panel = el("div", { class: "tools", hidden: true }, this.tools());
    const onsubmit = (event) => this.onSubmit(event);
    const line = el("form", { class: "line", onsubmit }, this.input, this.plus, this.submit);
    const menu = app.menu?.length ? new MenuBar(this).root : null;
    const leave = (event) => event.key === "Escape" && !this.panel.hidden && this.toggle(false);
    this.root = el("div", { class: "composer", onkeydown: leave }, this.trouble.root, this.sending, menu, line, this.panel);
  }

  onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.input.form.requestSubmit();
  }

  fit() {
    this.submit.disabled = !this.input.value.trim();
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  }

  async onSubmit(event) {
    event.preventDefault();
    const words = this.input.value.trim();
    if (!words) return;
    this.input.value = "";
    this.fit();
    if (!(await this.send({ type: "text", content: words })) && !this.input.value) {
      this.input.value = words; // nothing typed is lost
      this.fit();
    }
    this.input.focus();
  }

  /** Sends one message; true when the sandbox took it, otherwise the reason stands over the line. */
  send(message) {
    return this.give(async () => message);
  }

  /** The same for a message that takes time to make; until it is sent, a line says so. */
  async give(make) {
    this.sending.hidden = false;
    const sent = await this.trouble.attempt(async () => this.post(await make()));
    this.sending.hidden = true;
    return sent;
  }

  post(message) {
    return this.store.act("/send", { app: this.app.name, ...message });
  }

  event(event, more = {}) {
    return this.trouble.attempt(() => this.store.act("/event", { app: this.app.name, event, ...more }));
  }

  toggle(show = this.panel.hidden) {
    this.panel.hidden = !show;
    this.plus.setAttribute("aria-expanded", String(show));
    if (show) this.panel.querySelector("button").focus();
    else this.plus.focus();
  }

  /**
   * A mini-program's chat carries words, pictures and pages only (接收消息和事件 lists nothing else); "重新进入" is the
   * mini-program's 联系客服 button, which tells the backend that the person came in.
   */
  tools() {
    const post = (message) => this.post(message);
    const tool = (sign, words, act) => toolButton(sign, words, () => {
      this.toggle(false);
      act();
    });
    const photo = this.picker({});
    const camera = this.picker({ capture: "environment" });
    const all = [
      tool("photo", "照片", () => photo.click()),
      tool("camera", "拍摄", () => camera.click()),
      tool("sample", "示例照片", () => sendScene((make) => this.give(make))),
    ];
    const page = tool("mini", "小程序页面", () => sendPage(post));
    const official = [
      tool("pin", "位置", () => sendPlace(post)),
      tool("voice", "语音", () => sendVoice(post)),
      tool("link", "链接", () => sendLink(post)),
    ];
    const enter = tool("chats", "重新进入", () => this.event("user_enter_tempsession", { session_from: "" }));
    return [photo, camera, ...all, ...(this.app.kind === "official" ? official : [page, enter])];
  }

  picker(more) {
    const input = el("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "选一张照片", ...more });
    input.addEventListener("change", () => {
      const [file] = input.files;
      input.value = "";
      if (file) this.give(() => prepare(file));
    });
    return input;
  }
}

function toolButton(sign, words, onclick) {
  const picture = el("span", { class: "tool-sign" }, icon(sign));
  return el("button", { type: "button", class: "tool", onclick }, picture, words);
}
