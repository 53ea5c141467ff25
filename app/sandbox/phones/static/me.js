/** The last tab: who this phone belongs to, and which accounts are followed. */

import { appAvatar, personAvatar } from "./avatar.js";
import { button, el, fill } from "./dom.js";
import { settings } from "./settings.js";
import { Trouble } from "./trouble.js";

export class Me {
  constructor(store, doors) {
    Object.assign(this, { store, doors });
    this.title = "我";
    this.list = el("ul", { class: "list" });
    this.trouble = new Trouble();
    const { person } = store;
    this.root = el("section", { class: "view scroll" },
      el("div", { class: "card-me" }, personAvatar(person.name),
        el("div", {}, el("h2", {}, person.name), el("p", {}, person.about),
          person.phone ? el("p", { class: "figures" }, `手机号 ${person.phone}`) : null)),
      this.trouble.root, this.list, settings(person), this.ids());
  }

  enter() {
    this.refresh();
  }

  take() {}

  refresh() {
    const state = JSON.stringify(this.store.person.follows);
    if (state === this.shown) return;
    this.shown = state;
    fill(this.list, this.store.apps.filter((app) => app.kind === "official").map((app) => this.entry(app)));
  }

  entry(app) {
    const followed = this.store.person.follows[app.name];
    const act = async () => {
      await this.trouble.attempt(() => (followed ? this.doors.unfollow(app) : this.doors.follow(app)));
      this.list.querySelector("button").focus();
    };
    return el("li", { class: "entry" }, appAvatar(app),
      el("span", { class: "entry-main" }, el("strong", {}, app.title),
        el("span", { class: "entry-words" }, followed ? "已关注" : "没有关注")),
      button(followed ? "取消关注" : "关注", act, followed ? "quiet" : "main"));
  }

  /** What the platform calls this person; useful to whoever reads the logs of the backend beside the phone. */
  ids() {
    const { person } = this.store;
    const openids = Object.entries(person.openids).map(([name, id]) => [`openid（${name}）`, id]);
    const rows = [...openids, ["unionid", person.unionid]];
    return el("details", { class: "rights" }, el("summary", {}, "微信给的编号"),
      el("dl", { class: "ids" }, rows.map(([name, id]) => el("div", {}, el("dt", {}, name), el("dd", {}, id)))));
  }
}
