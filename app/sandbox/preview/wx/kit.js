/**
 * What every part of `wx` is made with: how a call answers, how it fails, whose phone this is and what a tap allows.
 *
 * A platform call takes {success, fail, complete}; without any of them it gives a Promise. Both answer with `errMsg`:
 * "name:ok" or "name:fail reason". An act says its answer by returning it, and its failure by throwing `Refused`.
 */

/** A failure of the platform: the words after "fail ", and what else stands in the answer (errCode, errno …). */
export class Refused extends Error {
  constructor(reason, more = {}) {
    super(reason);
    this.more = more;
  }
}

/** The answer of a call that failed; what is no refusal of the platform is a mistake of ours and is said so. */
export const failed = (name, error) => {
  if (!(error instanceof Refused)) console.error(`wx.${name}`, error);
  return { errMsg: `${name}:fail ${error.message}`.trim(), ...error.more };
};

/** A platform call from an act that returns its answer or a Promise of it. */
export function api(name, act) {
  return (options) => {
    const given = options ?? {};
    const outcome = attempt(act, given);
    if (given.success || given.fail || given.complete) {
      settle(name, given, outcome);
      return undefined;
    }
    const good = (answer) => ({ errMsg: `${name}:ok`, ...answer });
    return outcome.then(good, (error) => Promise.reject(failed(name, error)));
  };
}

/** Tells the callbacks of `options` how it ended. */
export function settle(name, { success, fail, complete }, outcome) {
  outcome.then(
    (answer) => tell([success, complete], { errMsg: `${name}:ok`, ...answer }),
    (error) => tell([fail, complete], failed(name, error)),
  );
}

/** Calls back outside the chain of promises, so that what the page throws is the page's error and not the platform's. */
export function tell(listeners, answer) {
  for (const listener of listeners) {
    if (typeof listener !== "function") continue;
    try {
      listener(answer);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function attempt(act, options) {
  try {
    return Promise.resolve(act(options));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Listeners of one kind of event: `on` and `off` as the platform has them, `emit` for us. */
export class Ears {
  constructor() {
    this.all = new Set();
    this.on = (listener) => {
      this.all.add(listener);
    };
    this.off = (listener) => {
      if (listener) this.all.delete(listener);
      else this.all.clear();
    };
  }

  emit(...what) {
    for (const listener of [...this.all]) listener(...what);
  }
}

/** How long a tap counts, in milliseconds; an answer from the network that was asked for after it ends it sooner. */
const TAP = 1000;

/** Remembers the last tap: some calls of the platform need one. `target` is the window, which hears before any page does. */
export class Taps {
  constructor(target) {
    this.at = -Infinity;
    for (const kind of ["click", "touchend"]) target.addEventListener(kind, () => (this.at = performance.now()), true);
  }

  get fresh() {
    return performance.now() - this.at < TAP;
  }

  /** Gives back what ends this very tap. */
  spend() {
    const { at } = this;
    return () => {
      if (this.at === at) this.at = -Infinity;
    };
  }
}

/** Whose phone this is, by the address of the page; letters, digits, dot, dash and underscore. */
export function personOf(search) {
  const key = new URLSearchParams(search).get("person") ?? "";
  return /^[A-Za-z0-9_.-]{1,64}$/.test(key) ? key : "nobody";
}
