/**
 * What one phone knows. It asks the control API for what is new, every second and oftener while it sends, keeps the
 * items by id in the order they first came, and tells the screens: "items" ({fresh, changed, first}), "state" (typing,
 * subscriptions), "line" (the connection came or went), "anew" (everything is asked for again: draw from nothing).
 */

import { get, ofPhone, post } from "./api.js";
import { mark, readMarks, unread } from "./marks.js";

const BEAT = 1000;
const LIVELY_BEAT = 250; // while a message is under way, its answer is awaited
const HIDDEN_BEAT = 10_000;
const SLOWEST = 15_000;

export class PhoneStore extends EventTarget {
  constructor(person, apps) {
    super();
    this.person = person;
    this.apps = apps;
    this.forget();
    this.online = true;
    this.wait = BEAT;
    document.addEventListener("visibilitychange", () => this.poke());
  }

  forget() {
    this.items = new Map();
    this.seq = 0;
    this.subscriptions = {};
    this.typing = {};
    this.first = true;
  }

  app(name) {
    return this.apps.find((app) => app.name === name);
  }

  at(place) {
    const isThere = place === "notifications"
      ? (item) => item.where === "notifications"
      : (item) => item.where !== "notifications" && item.app === place;
    return [...this.items.values()].filter(isThere);
  }

  unread() {
    return unread(this.items.values(), readMarks(this.person));
  }

  markRead(place) {
    mark(this.person, place, this.seq);
    this.tell("state");
  }

  /** One POST to this phone, then a look at once: the person sees what the action did. */
  async act(rest, body) {
    const answer = await post(ofPhone(this.person.key, rest), body);
    await this.refresh();
    return answer;
  }

  async run() {
    for (;;) {
      await this.refresh();
      await new Promise((resolve) => {
        this.poke = resolve;
        setTimeout(resolve, this.pause());
      });
    }
  }

  pause() {
    if (document.hidden) return HIDDEN_BEAT;
    return this.online && this.after() < this.seq ? LIVELY_BEAT : this.wait;
  }

  poke() {} // replaced while run() sleeps

  /** Looks now; a look already under way is waited for first, because it may have left before the action. */
  async refresh() {
    const before = this.looking;
    const look = (async () => {
      await before;
      await this.look();
    })();
    this.looking = look;
    await look;
  }

  async look() {
    try {
      const answer = await get(ofPhone(this.person.key, `?after=${this.after()}`));
      if (this.online) this.take(answer);
      else this.begin();
    } catch {
      this.setOnline(false);
    }
  }

  /** The sandbox is back, perhaps with another memory: nothing that is shown counts any more. */
  begin() {
    this.forget();
    this.setOnline(true);
    this.tell("anew");
    this.poke();
  }

  /** Own messages under way are asked for again: how their delivery ends is news about an old item. */
  after() {
    const underWay = [...this.items.values()].filter((item) => item.status === "pending").map((item) => item.seq);
    return Math.min(this.seq, ...underWay.map((seq) => seq - 1));
  }

  setOnline(yes) {
    this.wait = yes ? BEAT : Math.min(this.wait * 2, SLOWEST);
    if (this.online === yes) return;
    this.online = yes;
    this.tell("line");
  }

  take(answer) {
    const [fresh, changed] = [[], []];
    for (const given of answer.items) {
      const item = { ...given, id: String(given.id ?? given.seq) };
      this.seq = Math.max(this.seq, item.seq);
      if (!this.app(item.app)) continue; // said by an account that is no longer in the configuration
      const known = this.items.get(item.id);
      if (!known) fresh.push(item);
      else if (JSON.stringify(known) !== JSON.stringify(item)) changed.push(item);
      this.items.set(item.id, item);
    }
    const first = this.first;
    this.first = false;
    if (fresh.length || changed.length || first) this.tell("items", { fresh, changed, first });
    this.takeState({ typing: answer.typing, subscriptions: answer.subscriptions });
  }

  /** Tells only what changed: a screen drawn again every second would lose the focus of whoever uses it. */
  takeState(state) {
    if (JSON.stringify(state) === JSON.stringify({ typing: this.typing, subscriptions: this.subscriptions })) return;
    Object.assign(this, state);
    this.tell("state");
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
