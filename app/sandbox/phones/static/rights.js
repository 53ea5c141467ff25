/** What one mini-program may still send: its templates, how often each may come, and the way to allow more. */

import { button, el, fill } from "./dom.js";
import { askToSubscribe, bundles, isLong } from "./subscribe.js";
import { Trouble } from "./trouble.js";

export class Rights {
  constructor(store, app) {
    Object.assign(this, { store, app });
    this.summary = el("summary", {});
    this.trouble = new Trouble();
    this.bundles = bundles(app.templates).map((templates) => ({ templates, list: el("ul", {}) }));
    this.root = el("details", { class: "rights" }, this.summary, this.trouble.root,
      this.bundles.map(({ templates, list }) => this.bundle(templates, list)));
  }

  bundle(templates, list) {
    const words = templates.length > 1 ? `订阅这 ${templates.length} 项` : "订阅";
    return el("div", { class: "bundle" }, list,
      button(words, () => askToSubscribe(this.store, this.app, templates), "main"));
  }

  /** Writes the numbers anew when one has changed; the buttons stay, and the focus with them. */
  refresh() {
    const counts = this.store.subscriptions[this.app.name] ?? {};
    const state = JSON.stringify(counts);
    if (state === this.shown) return;
    this.shown = state;
    const some = Object.values(counts).filter((count) => count > 0).length;
    this.summary.textContent = `${this.app.title}：${some ? `订阅了 ${some} 种通知` : "还没有订阅通知，点开看看"}`;
    for (const { templates, list } of this.bundles) {
      fill(list, templates.map((template) => this.line(template, counts[template.id] ?? 0)));
    }
  }

  /** One template; what was allowed can be taken back, as in the settings of the mini-program. */
  line(template, count) {
    const words = count === 0 ? "没有订阅" : isLong(template) ? "长期有效" : `还能收 ${count} 条`;
    const off = count === 0 ? null : el("button", {
      type: "button", class: "inline", "aria-label": `不再接收${template.title}`, onclick: () => this.switchOff(template),
    }, "关");
    return el("li", { class: count ? "some" : null },
      el("span", {}, template.title), el("span", { class: "figures" }, words), off);
  }

  async switchOff(template) {
    const event = { app: this.app.name, event: "subscribe_msg_change_event", template_id: template.id };
    await this.trouble.attempt(() => this.store.act("/event", event));
    this.summary.focus();
  }
}
