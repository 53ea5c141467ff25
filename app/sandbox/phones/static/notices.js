/** Notifications: what the accounts pushed, newest first, and what may still be pushed. */

import { noticeCard } from "./cards.js";
import { empty } from "./chats.js";
import { button, el, fill } from "./dom.js";
import { askToSubscribe, bundles, isLong } from "./subscribe.js";
import { full, near } from "./words.js";

export class Notices {
  constructor(store, doors) {
    Object.assign(this, { store, doors });
    this.title = "通知";
    this.open = {}; // which lists of rights the person has unfolded
    this.rights = el("div", {});
    this.list = el("ul", { class: "notices", "aria-live": "polite", "aria-label": "服务通知" });
    this.root = el("section", { class: "view scroll padded" }, this.rights, this.list);
    this.redraw();
  }

  enter() {
    this.read();
    this.refresh();
  }

  read() {
    if (this.root.isConnected && !document.hidden) this.store.markRead("notifications");
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
    const app = this.store.app(item.app) ?? { title: item.app, name: item.app };
    return el("li", { "data-id": item.id },
      el("p", { class: "notice-from" }, el("strong", {}, app.title), el("time", { title: full(item.at) }, near(item.at))),
      noticeCard(item, { app, visit: this.doors.visit }));
  }

  /** One template; what was allowed can be taken back, as in the settings of the mini-program. */
  right(app, template, count) {
    if (count === 0) return el("li", {}, el("span", {}, template.title), el("span", { class: "figures" }, "没有订阅"));
    const off = () => this.store.act("/event", { app: app.name, event: "subscribe_msg_change_event", template_id: template.id });
    const words = isLong(template) ? "长期有效" : `还能收 ${count} 条`;
    return el("li", { class: "some" }, el("span", {}, template.title), el("span", { class: "figures" }, words),
      el("button", { type: "button", class: "inline", "aria-label": `不再接收${template.title}`, onclick: off }, "关"));
  }

  /** How often each template may still come; drawn again only when a number changed. */
  refresh() {
    const state = JSON.stringify(this.store.subscriptions);
    if (state === this.shown) return;
    this.shown = state;
    fill(this.rights, this.store.apps.filter((app) => app.kind === "miniprogram" && app.templates?.length)
      .map((app) => this.panel(app)));
  }

  panel(app) {
    const counts = this.store.subscriptions[app.name] ?? {};
    const groups = bundles(app.templates).map((templates) => el("div", { class: "bundle" },
      el("ul", {}, templates.map((template) => this.right(app, template, counts[template.id] ?? 0))),
      button(templates.length > 1 ? `订阅这 ${templates.length} 项` : "订阅", () => askToSubscribe(this.store, app, templates), "main")));
    return el("details", { class: "rights", open: this.open[app.name] ?? false, ontoggle: (event) => {
      this.open[app.name] = event.target.open;
    } }, el("summary", {}, `${app.title}：${summary(app.templates, counts)}`), groups);
  }
}

function summary(templates, counts) {
  const some = templates.filter((template) => counts[template.id] > 0).length;
  return some ? `订阅了 ${some} 种通知` : "还没有订阅通知，点开看看";
}

