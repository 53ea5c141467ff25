/** The chat with one account: what was said, live, and the composer under it. */

import { draw, restate, timeLine } from "./bubbles.js";
import { Composer } from "./composer.js";
import { button, el } from "./dom.js";
import { Trouble } from "./trouble.js";

const PAUSE = 300; // a pause of five minutes gets a time line

export class Chat {
  /** `doors` leads elsewhere: {visit(app, page), scan(), follow(app)}. */
  constructor(store, app, doors) {
    Object.assign(this, { store, app, doors });
    this.title = app.title;
    const name = `和${app.title}的聊天`;
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": name, tabindex: 0 });
    this.typing = el("p", { class: "typing", role: "status" });
    this.unfollowed = this.invitation();
    this.composer = new Composer(store, app, doors);
    this.root = el("section", { class: "view chat" }, this.log, this.typing, this.unfollowed, this.composer.root);
    this.redraw();
  }

  /** What stands in the place of the composer as long as the account is not followed. */
  invitation() {
    const trouble = new Trouble();
    const follow = async () => {
      if (await trouble.attempt(() => this.doors.follow(this.app))) this.composer.input.focus();
    };
    return el("div", { class: "unfollowed", hidden: true },
      el("p", {}, `还没有关注“${this.app.title}”，关注以后才能说话。`), trouble.root, button("关注", follow, "main"));
  }

  get context() {
    const say = (words, choice) => this.say(words, choice);
    return { person: this.store.person, app: this.app, visit: this.doors.visit, say };
  }

  /** Sends words in the person's name, or a choice of a menu; the composer shows what went wrong, if anything does. */
  say(words, choice) {
    return this.composer.send({ type: "text", content: words, ...(choice ? { menu_id: choice } : {}) });
  }

  enter() {
    this.scrollDown();
    this.read();
    this.refresh();
  }

  read() {
    if (this.root.isConnected && !document.hidden) this.store.markRead(this.app.name);
  }

  redraw() {
    this.lastAt = 0;
    this.log.replaceChildren();
    this.store.at(this.app.name).forEach((item) => this.append(item));
    this.scrollDown();
  }

  /** What a look brought: new items at the end, changed ones where they stand. */
  take({ fresh, changed }) {
    const ours = (item) => item.app === this.app.name && item.where !== "notifications";
    const follows = this.nearEnd(120);
    changed.filter(ours).forEach((item) => this.restate(item));
    const mine = fresh.filter(ours);
    mine.forEach((item) => this.append(item));
    if (!mine.length) return;
    if (follows || mine.some((item) => item.from === "me")) this.scrollDown();
    this.read();
  }

  append(item) {
    const node = draw(item, this.context);
    if (!node) return;
    if (item.at - this.lastAt > PAUSE) this.log.append(timeLine(item.at));
    this.lastAt = item.at;
    this.log.append(node);
    const settle = () => this.nearEnd(400) && this.scrollDown(); // a picture that has just got its height
    for (const image of node.querySelectorAll("img")) image.addEventListener("load", settle);
  }

  restate(item) {
    const node = [...this.log.children].find((child) => child.dataset.id === item.id);
    if (node) restate(node, item);
  }

  /** The parts that are not items: typing, and whether the account is followed at all. */
  refresh() {
    const typing = this.store.typing[this.app.name] ? "对方正在输入…" : "";
    if (this.typing.textContent !== typing) this.typing.textContent = typing;
    const stranger = this.app.kind === "official" && !this.store.person.follows[this.app.name];
    this.unfollowed.hidden = !stranger;
    this.composer.root.hidden = stranger;
  }

  nearEnd(pixels) {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < pixels;
  }

  scrollDown() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}
