/** The first screen: who one can talk with, the last words of each, and what is unread. */

import { appAvatar } from "./avatar.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { brief, full, near } from "./words.js";

const KINDS = { official: "公众号", miniprogram: "小程序客服" };

export class Chats {
  constructor(store, doors) {
    Object.assign(this, { store, doors });
    this.title = "聊天";
    this.list = el("ul", { class: "list" });
    this.root = el("section", { class: "view scroll" }, this.minis(), this.list);
  }

  enter() {
    this.refresh();
  }

  take() {
    this.refresh();
  }

  /** Mini-programs that can be opened on this machine, as WeChat keeps them at the top. */
  minis() {
    const apps = this.store.apps.filter((app) => app.preview_url);
    const open = (app) => {
      const onclick = () => this.doors.visit(app, "");
      return el("button", { type: "button", class: "tool", onclick }, appAvatar(app), app.title);
    };
    return apps.length ? el("div", { class: "minis", role: "group", "aria-label": "小程序" }, apps.map(open)) : null;
  }

  refresh() {
    const counts = this.store.unread();
    const state = JSON.stringify([counts, this.store.seq, this.store.person.follows, this.store.typing]);
    if (state === this.shown) return; // drawn again only when something changed, so that the focus stays
    this.shown = state;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.hash : null;
    fill(this.list, this.inOrder().map((app) => this.entry(app, counts[app.name] ?? 0)));
    if (focused) [...this.list.querySelectorAll("a")].find((link) => link.hash === focused)?.focus();
  }

  /** Where something was said last stands first; before anything was said, the accounts one follows. */
  inOrder() {
    const rank = (app) => this.last(app)?.at ?? (app.kind === "official" ? 1 : 0);
    return this.store.apps.toSorted((one, other) => rank(other) - rank(one));
  }

  last(app) {
    return this.store.at(app.name).at(-1);
  }

  entry(app, count) {
    const last = this.last(app);
    const followed = app.kind !== "official" || this.store.person.follows[app.name];
    const words = this.store.typing[app.name] ? "对方正在输入…" : last ? brief(last) : followed ? "还没有消息" : "还没有关注";
    return el("li", {}, el("a", { class: "entry", href: `#chat/${encodeURIComponent(app.name)}` },
      appAvatar(app),
      el("span", { class: "entry-main" },
        el("span", { class: "entry-head" },
          el("strong", {}, app.title), el("span", { class: "tag" }, KINDS[app.kind] ?? app.kind),
          last ? el("time", { title: full(last.at) }, near(last.at)) : null),
        el("span", { class: "entry-words" }, words)),
      badge(count)));
  }
}

/** A count of what waits to be read. */
export const badge = (count) =>
  count ? el("span", { class: "badge" }, String(Math.min(count, 99)), el("span", { class: "unseen" }, "条未读")) : null;

/** A line for a screen that has nothing to show yet. */
export const empty = (sign, words) => el("p", { class: "empty" }, icon(sign), words);
