/** The edges of `wx`: what is not there, and what the phone around this page says. */

/** Whatever the preview lacks throws, so that nobody believes it works. */
export function known(all) {
  return new Proxy(all, {
    get(wx, name) {
      if (name in wx || typeof name !== "string" || name === "then" || name === "toJSON") return wx[name];
      throw new Error(`wx.${name}: the preview has none`);
    },
  });
}

/**
 * The phone around this page opens pages ({type: "enter", page: "/pages/…?a=b", scene}) and lays the mini-program aside
 * ({type: "visible", on}); a browser that hides the page does so, too.
 */
export function watchPhone({ nav, shown }, window = globalThis) {
  let visible = true;
  const show = (on) => {
    if (on === visible) return;
    visible = on;
    nav.visible(on);
    shown(on);
  };
  window.addEventListener("message", ({ data, origin, source }) => {
    if (origin !== window.location.origin || source !== window.parent) return;
    if (data?.type === "visible") show(Boolean(data.on));
    if (data?.type === "enter")
      nav.relaunch(data.page, { scene: data.scene }).catch((error) => console.error(`enter ${data.page}`, error));
  });
  window.document.addEventListener("visibilitychange", () => show(!window.document.hidden));
}
