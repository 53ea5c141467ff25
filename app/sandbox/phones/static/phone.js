/** One phone: finds out whose it is, then shows one screen at a time; the address after # says which. */

import { get } from "./api.js";
import { Banner } from "./banner.js";
import { Chat } from "./chat.js";
import { Chats, badge } from "./chats.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { placeOf } from "./marks.js";
import { Me } from "./me.js";
import { describe, Mini } from "./mini.js";
import { Notices } from "./notices.js";
import { Scan } from "./scan.js";
import { PhoneStore } from "./store.js";

const TABS = [["mini", "小程序", "mini"], ["chats", "聊天", "chats"], ["notifications", "通知", "bell"], ["scan", "扫一扫", "scan"], ["me", "我", "me"]];

class Phone {
  constructor(store, root) {
    Object.assign(this, { store, root });
    this.banner = new Banner();
    this.head = el("header", { class: "bar" });
    this.offline = el("p", { class: "offline", role: "status", hidden: true }, "连不上沙盒，正在重试…");
    this.stage = el("main", { class: "stage", tabindex: -1 });
    this.tabs = el("nav", { class: "tabs", "aria-label": "手机的各页" });
    const shown = store.apps.find((app) => app.kind === "miniprogram" && app.preview_url);
    this.mini = shown ? new Mini(store.person, shown) : null;
    fill(root, this.banner.root, this.head, this.offline, this.stage, this.mini?.root, this.tabs);
    this.build();
    this.listen();
    this.go();
    root.removeAttribute("aria-busy");
  }

  get doors() {
    return {
      visit: (app, page, appid) => this.visit(app, page, appid),
      chat: (app) => this.leave(`#chat/${encodeURIComponent(app.name)}`),
      scan: () => this.leave("#scan"),
      follow: (app) => this.follow(app, "/follow"),
      unfollow: (app) => this.follow(app, "/unfollow"),
    };
  }

  build() {
    const { store, doors } = this;
    this.screens = {
      chats: new Chats(store, doors),
      notifications: new Notices(store, doors),
      scan: new Scan(store, doors),
      me: new Me(store, doors),
    };
    for (const app of store.apps) this.screens[`chat/${encodeURIComponent(app.name)}`] = new Chat(store, app, doors);
  }

  listen() {
    addEventListener("hashchange", () => {
      this.go();
      this.focus();
    });
    document.addEventListener("visibilitychange", () => this.screen.read?.());
    this.store.addEventListener("items", ({ detail }) => this.take(detail));
    this.store.addEventListener("state", () => this.refresh());
    this.store.addEventListener("line", () => (this.offline.hidden = this.store.online));
    this.store.addEventListener("anew", () => Object.values(this.screens).forEach((screen) => screen.redraw?.()));
  }

  leave(hash) {
    location.hash = hash;
  }

  /**
   * Shows the screen the address names, at first the mini-program; #chat is the first official account's, as #mini on a
   * phone without a preview, and an unknown one the list of chats.
   */
  go() {
    const name = location.hash.slice(1);
    const main = this.store.apps.find((app) => app.kind === "official");
    if (this.mini && (name === "mini" || name === "")) return this.goMini();
    this.mini?.show(false);
    this.stage.hidden = this.head.hidden = false;
    if (["chat", "mini"].includes(name) && main) this.name = `chat/${encodeURIComponent(main.name)}`;
    else this.name = Object.hasOwn(this.screens, name) ? name : "chats";
    this.screen = this.screens[this.name];
    fill(this.stage, this.screen.root);
    const inChat = this.name.startsWith("chat/");
    this.tabs.hidden = inChat;
    const back = inChat ? el("a", { class: "round", href: "#chats", "aria-label": "回到聊天列表" }, icon("back")) : null;
    fill(this.head, back, el("h1", {}, this.screen.title), el("span", { class: "whose" }, this.store.person.name));
    this.screen.enter();
    this.refresh();
  }

  /** The mini-program has the whole screen and a bar of its own. */
  goMini() {
    this.name = "mini";
    this.screen = this.mini;
    this.stage.hidden = this.head.hidden = true;
    this.tabs.hidden = false;
    this.mini.enter();
    this.mini.show(true);
    this.refresh();
  }

  take(detail) {
    this.screens.notifications.take(detail);
    for (const [name, screen] of Object.entries(this.screens)) if (name.startsWith("chat/")) screen.take(detail);
    this.screens.chats.take();
    this.refresh();
    if (!detail.first) this.announce(detail.fresh);
    if (detail.fresh.some((item) => item.where === "system" || item.kind === "event")) this.learnFollows();
  }

  /** The newest arrival from elsewhere than the screen that is open. */
  announce(fresh) {
    const news = fresh.filter((item) => item.from === "them" && item.where !== "system");
    const item = news.findLast((one) => screenOf(one) !== this.name);
    if (item) this.banner.show(this.store.app(item.app), item, () => this.leave(`#${screenOf(item)}`));
  }

  refresh() {
    this.screen.refresh?.();
    const counts = this.store.unread();
    const { notifications = 0, ...chats } = counts;
    const waiting = { notifications, chats: Object.values(chats).reduce((sum, count) => sum + count, 0) };
    const state = JSON.stringify([this.name, waiting]);
    if (state === this.shown) return;
    this.shown = state;
    const focused = this.tabs.contains(document.activeElement) ? document.activeElement.hash : null;
    const tabs = TABS.filter(([name]) => name !== "mini" || this.mini);
    fill(this.tabs, tabs.map(([name, words, sign]) => el("a", {
      class: "tab", href: `#${name}`, "aria-current": this.name === name ? "page" : null,
    }, icon(sign), words, badge(waiting[name]))));
    if (focused) this.tabs.querySelector(`[href="${focused}"]`)?.focus();
  }

  /** After a change of screen the keyboard goes on where the person is: in the line to type in, else in the screen. */
  focus() {
    if (document.activeElement !== document.body || this.screen === this.mini) return;
    (this.screen.composer?.input ?? this.stage).focus({ preventScroll: true });
  }

  visit(app, page, appid) {
    const minis = this.store.apps.filter((one) => one.kind === "miniprogram");
    const mini = minis.find((one) => one.appid === appid) ?? (app.kind === "miniprogram" ? app : minis[0]);
    if (!this.mini || mini !== this.mini.app) return describe(page);
    this.mini.enter(page);
    return this.leave("#mini");
  }

  async follow(app, verb) {
    await this.store.act(verb, { app: app.name });
    await this.learnFollows();
  }

  async learnFollows() {
    const { people } = await get("people").catch(() => ({ people: [] }));
    const now = people.find((one) => one.key === this.store.person.key);
    if (!now) return;
    this.store.person.follows = now.follows;
    this.screen.refresh?.();
  }
}

const screenOf = (item) => {
  const place = placeOf(item);
  return place === "notifications" ? place : `chat/${encodeURIComponent(place)}`;
};

async function start() {
  const root = document.getElementById("phone");
  const key = document.documentElement.dataset.person;
  try {
    const [{ people }, { apps }] = await Promise.all([get("people"), get("apps")]);
    const person = people.find((one) => one.key === key);
    if (!person) throw new Error("这里没有这个人的手机，请回到全部手机里选一部。");
    document.title = `${person.name}的手机 · 家门口沙盒`;
    const store = new PhoneStore(person, apps);
    new Phone(store, root);
    store.run();
  } catch (error) {
    root.removeAttribute("aria-busy");
    fill(root, el("div", { class: "lost" }, el("h1", {}, "这部手机打不开"), el("p", { role: "alert" }, error.message),
      el("a", { class: "button main", href: document.documentElement.dataset.base }, "回到全部手机")));
  }
}

start();
