/** What the phone is: its window, its letters, its versions, its clock; https://developers.weixin.qq.com/miniprogram/dev/api/base/system/wx.getWindowInfo.html */

import { api, Ears } from "./kit.js";

const VERSION = { SDKVersion: "3.8.0", version: "8.0.50" };
/** The three dots at the right top; they are as large on every phone. */
const CAPSULE = { width: 87, height: 32, top: 6, bottom: 38 };

export function system({ settings, G, names }) {
  const keyboard = new Ears();
  const theme = new Ears();
  const capsule = new Ears();
  const errors = { error: new Ears(), rejection: new Ears() };
  const show = new Ears();
  const hide = new Ears();
  globalThis.addEventListener?.("error", ({ message, error }) => errors.error.emit(error?.stack ?? message));
  globalThis.addEventListener?.("unhandledrejection", ({ reason, promise }) =>
    errors.rejection.emit({ reason, promise }),
  );

  const window = () => {
    const style = G.top() && getComputedStyle(G.top().el);
    const bar = (name, usual) => Number.parseFloat(style?.getPropertyValue(name)) || usual;
    const tab = style?.getPropertyValue("--tab").includes("tab-height") ? bar("--tab-height", 50) : bar("--tab", 0);
    const [width, height] = [innerWidth, innerHeight];
    const nav = style?.getPropertyValue("--nav").trim() === "0px" ? 0 : bar("--nav", 44);
    return {
      pixelRatio: devicePixelRatio,
      screenWidth: width,
      screenHeight: height,
      windowWidth: width,
      windowHeight: height - nav - tab,
      statusBarHeight: 0,
      screenTop: nav,
      safeArea: { left: 0, right: width, top: 0, bottom: height, width, height },
    };
  };
  const base = () => ({
    ...VERSION,
    language: "zh_CN",
    theme: "light",
    enableDebug: false,
    host: { env: "WeChat" },
    fontSizeSetting: settings.get("font"),
    fontSizeScaleFactor: settings.get("font") / 16,
  });
  const device = () => ({
    brand: "browser",
    model: "browser",
    system: "iOS 17.0",
    platform: "ios",
    benchmarkLevel: -1,
    abi: "",
    memorySize: "4096",
  });
  const all = () => ({ ...window(), ...base(), ...device(), locationEnabled: true, wifiEnabled: true });
  const allowed = (name) => ({ true: "authorized", false: "denied" })[settings.get("scopes")[name]] ?? "not determined";

  return {
    env: { USER_DATA_PATH: "wxfile://usr" },
    nextTick: (act) => queueMicrotask(() => act?.()),
    canIUse: (schema) =>
      names.has(String(schema).split(".")[0]) ||
      /^(button|map|canvas|page-meta|picker|video|image)\b/.test(String(schema)),
    getWindowInfo: window,
    getAppBaseInfo: base,
    getDeviceInfo: device,
    getSystemInfoSync: all,
    getSystemInfo: api("getSystemInfo", all),
    getSystemInfoAsync: api("getSystemInfoAsync", all),
    getSystemSetting: () => ({
      bluetoothEnabled: false,
      locationEnabled: true,
      wifiEnabled: true,
      deviceOrientation: "portrait",
    }),
    getAppAuthorizeSetting: () => ({
      albumAuthorized: "authorized",
      cameraAuthorized: "authorized",
      locationReducedAccuracy: false,
      notificationAuthorized: "authorized",
      locationAuthorized: allowed("scope.userLocation"),
      microphoneAuthorized: allowed("scope.record"),
      bluetoothAuthorized: "not determined",
    }),
    getMenuButtonBoundingClientRect: () => ({ ...CAPSULE, right: innerWidth - 7, left: innerWidth - 94 }),
    onMenuButtonBoundingClientRectWeightChange: capsule.on,
    offMenuButtonBoundingClientRectWeightChange: capsule.off,
    getLaunchOptionsSync: () => ({ referrerInfo: {}, shareTicket: "", ...G.launch }),
    getEnterOptionsSync: () => ({ referrerInfo: {}, shareTicket: "", ...G.launch }),
    onAppShow: show.on,
    offAppShow: show.off,
    onAppHide: hide.on,
    offAppHide: hide.off,
    onThemeChange: theme.on,
    offThemeChange: theme.off,
    onError: errors.error.on,
    offError: errors.error.off,
    onUnhandledRejection: errors.rejection.on,
    offUnhandledRejection: errors.rejection.off,
    // A browser does not tell how high its keyboard is.
    onKeyboardHeightChange: keyboard.on,
    offKeyboardHeightChange: keyboard.off,
    hideKeyboard: api("hideKeyboard", () => document.activeElement?.blur()),
    // The build on this machine is always the newest.
    getUpdateManager: () => ({
      onCheckForUpdate: (told) => queueMicrotask(() => told({ hasUpdate: false })),
      onUpdateReady() {},
      onUpdateFailed() {},
      applyUpdate() {},
    }),
    reportEvent: (name, data) => console.debug("wx.reportEvent", name, data),
    vibrateShort: api("vibrateShort", () => void navigator.vibrate?.(15)),
    vibrateLong: api("vibrateLong", () => void navigator.vibrate?.(400)),
    /** For us: the mini-program came to the front or went away. */
    shown: (on) => (on ? show : hide).emit(on ? G.launch : {}),
  };
}

/** The phone's clock as scripts see it: the machine's, moved by the seconds of the settings. */
export function shiftClock(settings, scope = globalThis) {
  const Real = scope.Date;
  let ahead = settings.get("clock");
  settings.watch((now) => (ahead = now.clock));
  if (!ahead) {
    // Most phones go right; their Date stays the browser's own until somebody turns the clock.
    settings.watch((now, before) => now.clock && !before.clock && scope.Date === Real && install());
    return;
  }
  install();
  function install() {
    const now = () => Real.now() + ahead * 1000;
    scope.Date = class Date extends Real {
      constructor(...given) {
        super(...(given.length ? given : [now()]));
      }

      static now() {
        return now();
      }

      static [Symbol.hasInstance](one) {
        return one instanceof Real;
      }
    };
  }
}
