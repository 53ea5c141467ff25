/** <button> with what it opens, and <navigator>. */
import { around, componentOf, fire, host, pageOf, reachable } from "./kit.js";

/** What happens for each open-type; the platform's dialogs are the wx half's. */
const OPENS = {
  async getPhoneNumber(c, platform) {
    fire(c, "getphonenumber", await platform.getPhoneNumber());
  },
  async agreePrivacyAuthorization(c, platform) {
    await platform.agreePrivacy(c.id);
    fire(c, "agreeprivacyauthorization", { errMsg: "agreePrivacyAuthorization:ok" });
  },
  async chooseAvatar(c, platform) {
    fire(c, "chooseavatar", await platform.chooseAvatar());
  },
  async openSetting(c, platform) {
    fire(c, "opensetting", await platform.openSetting());
  },
  async contact(c, platform) {
    const { sessionFrom, sendMessageTitle, sendMessagePath, sendMessageImg } = c.data;
    fire(
      c,
      "contact",
      (await platform.contact({ sessionFrom, sendMessageTitle, sendMessagePath, sendMessageImg })) ?? {},
    );
  },
  share(c, platform) {
    return platform.share({ page: pageOf(c), from: "button", target: { id: c.id, dataset: { ...c.dataset } } });
  },
};

function press(c) {
  const { disabled, loading, openType, formType } = c.data;
  if (disabled || loading) return;
  const form = around(host(c), "wx-form");
  if (form && formType) {
    if (formType !== "submit" && formType !== "reset") throw new Error(`<button> has no form-type "${formType}"`);
    componentOf(form)[formType]();
  }
  if (!openType) return;
  if (!OPENS[openType]) throw new Error(`<button open-type="${openType}">: the preview has none`);
  OPENS[openType](c, globalThis.__mp.platform)?.catch?.((error) => {
    if (error?.errMsg === undefined) console.error(`<button open-type="${openType}">`, error);
    fire(c, "error", { errMsg: error?.errMsg ?? error.message });
  });
}

/** Go where a <navigator> leads. */
function lead(c) {
  const { url, openType, delta, target } = c.data;
  if (target !== "self") throw new Error('<navigator target="miniProgram">: the preview has no other mini-programs');
  const { nav } = globalThis.__mp;
  const ways = {
    navigate: () => nav.open(url),
    redirect: () => nav.redirect(url),
    switchTab: () => nav.switchTab(url),
    reLaunch: () => nav.relaunch(url),
    navigateBack: () => nav.back(delta),
  };
  if (!ways[openType]) throw new Error(`<navigator open-type="${openType}">: the preview has none`);
  ways[openType]().then(
    () => fire(c, "success", { errMsg: "navigate:ok" }),
    (error) => {
      console.error(`<navigator url="${url}">: ${error.message}`);
      fire(c, "fail", { errMsg: `navigate:fail ${error.message}` });
    },
  );
}

export const BUTTONS = {
  button: {
    attached(c) {
      c.activate = () => press(c);
      host(c).addEventListener("click", c.activate);
    },
    watch: {
      "type, size, plain, disabled, loading, ariaRole"(c) {
        const element = host(c);
        const { type, size, plain, disabled, loading } = c.data;
        element.setAttribute("type", type);
        element.setAttribute("size", size);
        element.toggleAttribute("plain", plain);
        element.toggleAttribute("disabled", disabled);
        element.toggleAttribute("loading", loading);
        reachable(element, c.data.ariaRole || "button");
        if (disabled) {
          element.setAttribute("aria-disabled", "true");
          element.tabIndex = -1;
        } else if (!c.data.ariaDisabled) element.removeAttribute("aria-disabled");
      },
    },
  },
  navigator: {
    attached(c) {
      reachable(host(c), c.data.ariaRole || "link");
      host(c).addEventListener("click", () => lead(c));
    },
  },
};
