/** The browser's back button as the phone's: the history of the tab has as many entries as the stack has pages. */
export class History {
  #depth = 0;
  #moving = false;

  /** `stack()` gives the pages, `back(delta)` goes back. Inside a frame the history is everybody's, so it is left alone. */
  constructor({ stack, back }) {
    this.stack = stack;
    this.alone = window.parent === window;
    if (!this.alone) return;
    window.addEventListener("popstate", ({ state }) => {
      this.#depth = state?.depth ?? 1;
      if (this.#moving) {
        this.#moving = false;
        return this.sync();
      }
      const pages = this.stack().length;
      if (this.#depth < pages) back(pages - this.#depth);
      else this.sync();
    });
  }

  /** Make the history as long as the stack; the address names the page on top. */
  sync() {
    const pages = this.stack();
    if (!pages.length || this.#moving) return;
    if (!this.alone) return history.replaceState({ depth: 1 }, "", address(pages.at(-1)));
    if (!this.#depth) this.#depth = 1;
    if (this.#depth > pages.length) {
      this.#moving = true;
      history.go(pages.length - this.#depth);
      return;
    }
    while (this.#depth < pages.length)
      history.pushState({ depth: (this.#depth += 1) }, "", address(pages[this.#depth - 1]));
    history.replaceState({ depth: this.#depth }, "", address(pages.at(-1)));
  }
}

function address({ path, query }) {
  const said = Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return `#/${path}${said && `?${said}`}`;
}
