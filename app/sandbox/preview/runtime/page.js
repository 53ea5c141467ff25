/** One page: its frame, its life and what the platform does with it. */
import { box } from "./dom.js";
import { addNodeQuery } from "./globals.js";
import { NavBar } from "./navbar.js";
import { bindPull } from "./pull.js";

/** Pixels from the end of a page that count as its end, unless the page says otherwise. */
const NEAR_END = 50;

export class Page {
  /** `look` is the window part of app.json under the page's own .json; `options` {isTab, backend, space, nav}. */
  constructor({ path, query, look, isTab, backend, space, nav, channel }) {
    Object.assign(this, { path, query, look, isTab, channel, rootFontSize: "", refreshing: false, shown: false });
    this.el = box("mp-page", document.body);
    this.el.dataset.page = path;
    this.el.page = this;
    const custom = look.navigationStyle === "custom";
    if (custom) this.el.style.setProperty("--nav", "0px");
    if (isTab) this.el.style.setProperty("--tab", "var(--tab-height)");
    this.navbar = new NavBar(this, { custom, look, nav });
    const view = box("mp-view", this.el);
    this.scroll = box("mp-scroll", view);
    this.scroll.style.backgroundColor = look.backgroundColor || "#fff";
    this.pull = box("mp-pull", this.scroll, "●●●");
    this.pull.setAttribute("aria-hidden", "true");
    const place = box("", this.scroll);
    this.root = backend.createRoot("page", space, `/${path}`);
    this.inst = this.root.get();
    this.inst.route = path;
    this.inst.options = query;
    this.inst.getOpenerEventChannel = () => channel;
    addNodeQuery(this.inst.createSelectorQuery());
    this.root.getComponent().$$.dataset.page = path;
    this.root.attach(this.scroll, place);
    this.#watchScroll();
    if (look.enablePullDownRefresh) bindPull(this);
  }

  /** Call a function of the page, if it has it; what it throws is reported and stays its own. */
  call(name, ...values) {
    const act = this.inst[name];
    if (typeof act !== "function") return undefined;
    const failed = (error) => console.error(`[${this.path}] ${name}`, error);
    try {
      const answer = act.apply(this.inst, values);
      answer?.catch?.(failed);
      return answer;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  get shareable() {
    return typeof this.inst.onShareAppMessage === "function";
  }

  load() {
    this.call("onLoad", this.query);
  }

  show() {
    this.el.hidden = false;
    if (this.shown) return;
    this.shown = true;
    document.title = this.navbar.text;
    this.applyFont();
    this.call("onShow");
    this.root.getComponent().triggerPageLifetime("show", []);
    if (this.drawn) return;
    this.drawn = true;
    requestAnimationFrame(() => requestAnimationFrame(() => this.gone || this.call("onReady")));
  }

  hide() {
    if (this.shown) {
      this.shown = false;
      this.call("onHide");
      this.root.getComponent().triggerPageLifetime("hide", []);
    }
    this.el.hidden = true;
  }

  unload() {
    this.gone = true;
    this.call("onUnload");
    this.root.release();
    this.el.remove();
  }

  resize() {
    const size = { windowWidth: innerWidth, windowHeight: this.scroll.clientHeight };
    this.call("onResize", { size });
    this.root.getComponent().triggerPageLifetime("resize", [{ size }]);
  }

  /** page-meta root-font-size: rem is the document's, so it follows the page that is shown. */
  setRootFont(size) {
    this.rootFontSize = size;
    if (this.shown) this.applyFont();
  }

  applyFont() {
    document.documentElement.style.fontSize = this.rootFontSize === "system" ? "" : this.rootFontSize;
  }

  setTitle(text) {
    this.navbar.setTitle(text);
    if (this.shown) document.title = text;
  }

  setColor(colors) {
    this.navbar.setColor(colors);
  }

  setLoading(on) {
    this.navbar.setLoading(on);
  }

  startRefresh() {
    if (this.refreshing) return;
    this.refreshing = true;
    this.pull.classList.add("on");
    this.call("onPullDownRefresh");
  }

  stopRefresh() {
    this.refreshing = false;
    this.pull.classList.remove("on");
  }

  #watchScroll() {
    let ended = false;
    this.scroll.addEventListener("scroll", (event) => {
      if (event.target !== this.scroll) return;
      const { scrollTop, scrollHeight, clientHeight } = this.scroll;
      this.call("onPageScroll", { scrollTop });
      const near = scrollHeight - scrollTop - clientHeight < (this.look.onReachBottomDistance ?? NEAR_END);
      if (near && !ended) this.call("onReachBottom");
      ended = near;
    });
  }
}
