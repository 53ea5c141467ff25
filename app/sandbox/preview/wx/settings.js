/**
 * What is set on one phone, outside the mini-program: network, letters, clock, what it may use. Kept in the browser, so
 * that the phone around this page (which sets it) and this page (which obeys) speak of the same thing.
 */

export const DEFAULTS = {
  network: "wifi", // wifi | 4g | slow | none
  font: 16, // WeChat's own letters, in px: 15 … 23
  clock: 0, // seconds this phone's clock is ahead
  scopes: {}, // "scope.userLocation": true | false; absent: not asked yet
  privacy: false, // agreed to the mini-program's privacy agreement
  subscribe: true, // the main switch of subscribe messages
  always: {}, // template id → accept | reject, of "总是保持以上选择"
  place: null, // {latitude, longitude}, GCJ-02, where the phone is; null: in the middle of the demo
};

const keyOf = (person) => `phone-settings:${person}`;

export class Settings {
  /** `store` is localStorage; `window` tells when another frame changed it. */
  constructor(person, store, window) {
    Object.assign(this, { person, store, ears: new Set() });
    window?.addEventListener("storage", (event) => event.key === keyOf(person) && this.changed());
    this.last = this.all();
  }

  all() {
    try {
      return { ...DEFAULTS, ...JSON.parse(this.store.getItem(keyOf(this.person)) ?? "{}") };
    } catch {
      return { ...DEFAULTS };
    }
  }

  get(name) {
    return this.all()[name];
  }

  set(news) {
    this.store.setItem(keyOf(this.person), JSON.stringify({ ...this.all(), ...news }));
    this.changed();
  }

  /** Be told {now, before} when anything changed, here or in the phone around this page. */
  watch(listener) {
    this.ears.add(listener);
  }

  changed() {
    const [before, now] = [this.last, this.all()];
    this.last = now;
    for (const listener of this.ears) listener(now, before);
  }
}
