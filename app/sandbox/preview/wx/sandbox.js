/** The sandbox's control API, as the mini-program's platform asks it: codes, dialogs, the map. */

import { Refused } from "./kit.js";

/** Where the map is kept; all phones of this browser share it. */
const MAP = "phone-map";
const base = () => new URL("../control/", location.href);

async function call(path, body) {
  const request =
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
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
    this.mini ??= call("apps")
      .then(({ apps }) => apps.find((one) => one.kind === "miniprogram"))
      .catch((error) => {
        this.mini = null;
        throw error;
      });
    return this.mini;
  }

  /** The demo's geometry, GCJ-02, fetched once and kept, so that the phone knows where it is without a network. */
  map() {
    this.geometry ??= call("map").then(
      (geometry) => {
        localStorage.setItem(MAP, JSON.stringify(geometry));
        return geometry;
      },
      (error) => {
        this.geometry = null;
        const kept = localStorage.getItem(MAP);
        if (kept) return JSON.parse(kept);
        throw error;
      },
    );
    return this.geometry;
  }

  /** Where a phone stands that was not told another place: at a door of the first compound; null before the map came. */
  middle() {
    const { compounds } = JSON.parse(localStorage.getItem(MAP) ?? '{"compounds": []}');
    const door = compounds[0]?.buildings[2] ?? compounds[0]?.buildings[0] ?? compounds[0];
    return door ? { latitude: door.lat, longitude: door.lng } : null;
  }
}
