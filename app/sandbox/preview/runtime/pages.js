/** The stack of pages: opening, going back, tabs that stay alive; https://developers.weixin.qq.com/miniprogram/dev/api/route/wx.navigateTo.html */
import { EventChannel } from "./channel.js";
import { History } from "./history.js";
import { Page } from "./page.js";

/** The platform keeps no more pages than this. */
export const MOST = 10;

export class Pages {
  #tabs = new Map();
  #turn = Promise.resolve();

  /** `world`: {G, config, pages, backend, space, tabBar, load(pack)}. */
  constructor(world) {
    Object.assign(this, world);
    this.stack = this.G.stack;
    this.home = this.config.pages[0];
    this.history = new History({ stack: () => this.stack, back: (delta) => this.back(delta) });
  }

  top() {
    return this.stack.at(-1);
  }

  depth() {
    return this.stack.length;
  }

  /** navigateTo. Gives {page, eventChannel}. */
  open(url, { events } = {}) {
    return this.#then(async () => {
      const target = this.#target(url);
      if (target.isTab) throw new Error(`can not navigateTo a tabbar page`);
      if (this.stack.length >= MOST) throw new Error(`webview count limit exceed`);
      await this.#ready(target);
      const { opener, opened } = EventChannel.pair(events);
      this.top()?.hide();
      const page = this.#make(target, opened);
      this.#shown();
      return { page, eventChannel: opener };
    });
  }

  redirect(url) {
    return this.#then(async () => {
      const target = this.#target(url);
      if (target.isTab) throw new Error("can not redirectTo a tabbar page");
      await this.#ready(target);
      this.#drop(this.stack.pop());
      this.#make(target);
      this.#shown();
    });
  }

  back(delta = 1) {
    return this.#then(async () => {
      if (this.stack.length < 2) throw new Error("cannot navigate back at first page.");
      const keep = Math.max(1, this.stack.length - Math.max(1, delta));
      while (this.stack.length > keep) this.#drop(this.stack.pop());
      this.#shown();
    });
  }

  relaunch(url, { scene } = {}) {
    return this.#then(async () => {
      const target = this.#target(url);
      await this.#ready(target);
      while (this.stack.length) this.#drop(this.stack.pop());
      for (const page of this.#tabs.values()) page.unload();
      this.#tabs.clear();
      if (scene !== undefined) this.G.launch = { path: target.path, query: target.query, scene };
      this.#make(target);
      this.#shown();
    });
  }

  switchTab(url) {
    return this.#then(async () => {
      const target = this.#target(url);
      if (!target.isTab) throw new Error("can not switch to no-tabBar page");
      await this.#ready(target);
      while (this.stack.length > 1 || (this.stack.length && !this.top().isTab)) this.#drop(this.stack.pop());
      if (this.top()?.path !== target.path) {
        this.stack.pop()?.hide();
        const alive = this.#tabs.get(target.path);
        if (alive) this.stack.push(alive);
        else this.#make({ ...target, query: {} });
      }
      this.#shown();
    });
  }

  /** The person taps a tab: the page that is there already hears of it, too. */
  async tapTab(path, here) {
    if (!here) await this.switchTab(`/${path}`);
    const { tabBar } = this;
    this.top().call("onTabItemTap", { index: tabBar.index(path), pagePath: path, text: tabBar.text(path) });
  }

  /** The phone is put away or taken up again. */
  visible(on) {
    const act = on ? "onShow" : "onHide";
    this.G.app?.[act]?.(on ? this.G.launch : undefined);
    const page = this.top();
    if (on) page?.show();
    else if (page) {
      page.hide();
      page.el.hidden = false;
    }
  }

  /** The capsule's menu: what the page answers is shared. */
  share(page) {
    this.G.platform.share({ page, from: "menu" });
  }

  /** One change at a time, in the order asked for. */
  #then(act) {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #target(url) {
    if (typeof url !== "string" || !url) throw new Error("parameter error: parameter.url should be String");
    const [place, said = ""] = url.split("?");
    const path = new URL(place, `http://x/${this.top()?.path ?? ""}`).pathname.slice(1);
    if (!this.pages[path]) throw new Error(`page "${path}" is not found`);
    const query = Object.fromEntries(
      said
        .split("&")
        .filter(Boolean)
        .map((one) => pair(one)),
    );
    return { path, query, isTab: this.tabBar.has(path), ...this.pages[path] };
  }

  async #ready({ pack }) {
    await this.load(pack);
  }

  #make({ path, query, look, isTab }, channel = EventChannel.pair().opened) {
    const { backend, space, config } = this;
    const page = new Page({
      path,
      query,
      look: { ...config.window, ...look },
      isTab,
      backend,
      space,
      nav: this,
      channel,
    });
    this.stack.push(page);
    if (isTab) this.#tabs.set(path, page);
    page.load();
    return page;
  }

  #drop(page) {
    if (!page) return;
    this.#tabs.delete(page.path);
    page.unload();
  }

  #shown() {
    const page = this.top();
    page.show();
    this.tabBar.draw(page.path);
    this.history.sync();
    const names = this.config.preloadRule?.[page.path]?.packages ?? [];
    for (const name of names) this.load(name).catch((error) => console.error(`preloadRule ${name}`, error));
  }
}

/** A query of a page is given as it stands, encoded or not. */
function pair(said) {
  const cut = said.indexOf("=");
  return cut < 0 ? [said, ""] : [said.slice(0, cut), said.slice(cut + 1)];
}
