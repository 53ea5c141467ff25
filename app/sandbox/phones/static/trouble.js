/** The line that says, where it happened, what went wrong and what to do; hidden as long as all is well. */

import { el } from "./dom.js";

export class Trouble {
  constructor() {
    this.root = el("p", { class: "notice", role: "alert", hidden: true });
  }

  /** Does something that may be refused; true when it was not. */
  async attempt(action) {
    try {
      await action();
      this.root.hidden = true;
      return true;
    } catch (error) {
      this.root.textContent = error.message;
      this.root.hidden = false;
      return false;
    }
  }
}
