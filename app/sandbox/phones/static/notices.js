/** Notifications: what the accounts pushed, newest first, and above them what may still be pushed. */

import { noticeCard } from "./cards.js";
import { empty } from "./chats.js";
import { el, fill } from "./dom.js";
import { Rights } from "./rights.js";
import { full, near } from "./words.js";

export class Notices {
  constructor(store, doors) {
    Object.assign(this, { store, doors });
    this.title = "通知";
    this.rights = store.apps.filter((app) => app.kind === "miniprogram" && app.templates.length)
      .map((app) => new Rights(store, app));
    this.list = el("ul", { class: "notices", "aria-live": "polite", "aria-label": "服务通知" });
    this.root = el("section", { class: "view scroll padded" }, this.rights.map((one) => one.root), this.list);
    this.redraw();
  }

  enter() {
    this.read();
    this.refresh();
  }

  read() {
    if (this.root.isConnected && !document.hidden) this.store.markRead("notifications");
  }

  refresh() {
    this.rights.forEach((one) => one.refresh());
  }

  redraw() {
    this.none = el("li", {}, empty("bell", "还没有通知。订阅以后，事情有进展会在这里告诉您。"));
    fill(this.list, this.none);
    this.take({ fresh: this.store.at("notifications") });
  }

  take({ fresh }) {
    const news = fresh.filter((item) => item.where === "notifications");
    if (!news.length) return;
    this.none.remove();
    news.forEach((item) => this.list.prepend(this.entry(item)));
    this.read();
  }

  entry(item) {
    const app = this.store.app(item.app);
    const time = el("time", { title: full(item.at) }, near(item.at));
    return el("li", { "data-id": item.id },
      el("p", { class: "notice-from" }, el("strong", {}, app.title), time),
      noticeCard(item, { app, visit: this.doors.visit }));
  }
}
