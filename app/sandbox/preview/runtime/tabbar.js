/** The tab bar: its entries, badges and dots, and what the platform's calls change of it. */
import { box } from "./dom.js";

export class TabBar {
  #rows;
  #style;
  #hidden = false;
  #path = "";

  /** `config` is tabBar of app.json, or nothing; `choose(path)` goes to a tab. */
  constructor(config, choose) {
    this.#rows = (config?.list ?? []).map((one) => ({ ...one, badge: "", dot: false }));
    this.#style = {
      color: "#666666",
      selectedColor: "#07c160",
      backgroundColor: "#ffffff",
      borderStyle: "black",
      ...config,
    };
    this.choose = choose;
    if (!this.#rows.length) return;
    this.el = box("mp-tab", document.body);
    this.el.setAttribute("role", "tablist");
  }

  has(path) {
    return this.#rows.some((one) => one.pagePath === path);
  }

  index(path) {
    return this.#rows.findIndex((one) => one.pagePath === path);
  }

  text(path) {
    return this.#rows[this.index(path)].text;
  }

  /** Draw it for the page that is shown; only tab pages have it. */
  draw(path = this.#path) {
    this.#path = path;
    if (!this.el) return;
    const { color, selectedColor, backgroundColor, borderStyle } = this.#style;
    const shown = this.has(path) && !this.#hidden;
    this.el.hidden = !shown;
    document.documentElement.style.setProperty("--tab-height", this.#hidden ? "0px" : "50px");
    this.el.style.backgroundColor = backgroundColor;
    this.el.style.borderTopColor = borderStyle === "white" ? "#f5f5f5" : "#e5e5e5";
    this.el.replaceChildren(...this.#rows.map((row) => this.#entry(row, row.pagePath === path, color, selectedColor)));
  }

  #entry(row, on, color, selectedColor) {
    const entry = document.createElement("button");
    entry.type = "button";
    entry.setAttribute("role", "tab");
    entry.setAttribute("aria-selected", String(on));
    entry.style.color = on ? selectedColor : color;
    const icon = (on && row.selectedIconPath) || row.iconPath;
    if (icon) {
      const image = document.createElement("img");
      image.src = icon.replace(/^\//, "");
      image.alt = "";
      entry.append(image);
    }
    entry.append(row.text);
    if (row.badge) box("badge", entry, row.badge);
    else if (row.dot) box("dot", entry);
    entry.addEventListener("click", () => this.choose(row.pagePath, on));
    return entry;
  }

  #row(index) {
    if (!this.#rows.length || !this.has(this.#path)) throw new Error("not TabBar page");
    const row = this.#rows[index];
    if (!row) throw new Error(`tabbar item not found: ${index}`);
    return row;
  }

  /** The number beside an entry; more than four signs are cut as on the phone, nothing takes it away. */
  badge(index, text) {
    const said = String(text ?? "");
    this.#row(index).badge = said.length > 4 ? "…" : said;
    this.draw();
  }

  dot(index, on) {
    this.#row(index).dot = on;
    this.draw();
  }

  item(index, changes) {
    Object.assign(
      this.#row(index),
      Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
    );
    this.draw();
  }

  style(changes) {
    this.#row(0);
    Object.assign(this.#style, changes);
    this.draw();
  }

  show(on) {
    this.#row(0);
    this.#hidden = !on;
    this.draw();
  }
}
