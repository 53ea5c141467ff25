/** EventChannel: how a page and the one it opened talk; https://developers.weixin.qq.com/miniprogram/dev/api/route/EventChannel.html */
export class EventChannel {
  #listeners = new Map();
  #other = null;

  /** Two ends: what one emits, the other hears. `events` are the listeners of the page that opens. */
  static pair(events = {}) {
    const [opener, opened] = [new EventChannel(), new EventChannel()];
    opener.#other = opened;
    opened.#other = opener;
    for (const [name, listener] of Object.entries(events)) opener.on(name, listener);
    return { opener, opened };
  }

  on(name, listener) {
    const list = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, [...list, listener]);
  }

  once(name, listener) {
    const only = (...values) => {
      this.off(name, only);
      listener(...values);
    };
    this.on(name, only);
  }

  off(name, listener) {
    const list = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, listener ? list.filter((one) => one !== listener) : []);
  }

  emit(name, ...values) {
    for (const listener of this.#other.#listeners.get(name) ?? []) listener(...values);
  }
}
