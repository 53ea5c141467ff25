/** The line of this phone: which network it is on, what that does to a request, and telling when it changes. */

import { api, Ears, Refused } from "./kit.js";

const SLOW = 3000;
/** What a request fails with when there is no network, as iOS and Android say it. */
export const NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED";

/** The network as the platform names it: "slow" is a 2G that works. */
export const typeOf = (network) => (network === "slow" ? "2g" : network);

/** Waits as long as this phone's network makes one wait. Throws Refused when there is none. */
export async function pass(settings, stop) {
  if (settings.get("network") === "slow") {
    await new Promise((resolve) => {
      setTimeout(resolve, SLOW);
      stop?.addEventListener("abort", resolve);
    });
  }
  if (stop?.aborted) return;
  if (settings.get("network") === "none" || !navigator.onLine) throw new Refused(NO_NETWORK, { errno: 600001 });
}

export function network({ settings }) {
  const changes = new Ears();
  const weak = new Ears();
  const now = () => (navigator.onLine ? typeOf(settings.get("network")) : "none");
  let told = now();
  const look = () => {
    const networkType = now();
    if (networkType === told) return;
    told = networkType;
    changes.emit({ isConnected: networkType !== "none", networkType });
    weak.emit({ weakNet: networkType === "2g", networkType });
  };
  settings.watch(look);
  globalThis.addEventListener?.("online", look);
  globalThis.addEventListener?.("offline", look);
  return {
    getNetworkType: api("getNetworkType", () => ({
      networkType: now(),
      hasSystemProxy: false,
      weakNet: now() === "2g",
    })),
    onNetworkStatusChange: changes.on,
    offNetworkStatusChange: changes.off,
    onNetworkWeakChange: weak.on,
    offNetworkWeakChange: weak.off,
  };
}
