/** The sandbox's control API, as the mini-program's platform asks it: codes, dialogs, the map. */

import { Refused } from "./kit.js";

const base = () => new URL("../control/", location.href);

async function call(path, body) {
  const request = body === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(new URL(path, base()), request).catch(() => null);
  const json = await answer?.json().catch(() => null);
  if (answer?.ok) return json;
  throw new Refused(json?.error?.message ?? "sandbox unreachable", { errCode: answer?.status ?? 0 });
}

/** One person's corner of the sandbox. */
export class Sandbox {
  constructor(person) {
    this.person = person;
  }

  get(path) {
    return call(path);
  }

  /** Something this person does in the mini-program; gives the answer. */
  async act(verb, body = {}) {
    const { name } = await this.app();
    return call(`phone/${this.person}/${verb}`, { app: name, ...body });
  }

  /** What the platform knows of this mini-program: name, title, appid, templates. */
  app() {
    this.mini ??= call("apps").then(({ apps }) => apps.find((one) => one.kind === "miniprogram")).catch((error) => {
      this.mini = null;
      throw error;
    });
    return this.mini;
  }

  /** The demo's geometry, fetched once. */
  map() {
    this.geometry ??= call("map").catch((error) => {
      this.geometry = null;
      throw error;
    });
    return this.geometry;
  }
}
