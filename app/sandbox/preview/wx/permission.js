/**
 * What the person allows: the privacy agreement of the mini-program first, then place and microphone one by one.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
 */

import { api, Ears, Refused, tell } from "./kit.js";
import { ask, el } from "./window.js";

/** After a refusal the platform does not ask again for this long, in milliseconds. */
const PEACE = 10_000;
export const SCOPES = {
  "scope.userLocation": { words: "获取你的位置信息", name: "位置信息", why: "用来填写地点" },
  "scope.record": { words: "使用你的麦克风", name: "麦克风", why: "用来录制语音" },
};
const unauthorized = (errno) => new Refused("privacy permission is not authorized", { errno });

export class Permission {
  constructor({ settings, config, title = () => "这个小程序" }) {
    Object.assign(this, {
      settings,
      config,
      title,
      listeners: new Ears(),
      pending: null,
      refused: -Infinity,
      tapped: null,
    });
  }

  get needed() {
    return Boolean(this.config.__usePrivacyCheck__) && !this.settings.get("privacy");
  }

  /** Everything that touches private things waits here. Throws Refused: errno 104, in the joint window 103. */
  async privacy(referrer) {
    if (!this.needed) return;
    if (performance.now() - this.refused < PEACE) throw unauthorized(104);
    this.pending ??= this.askPrivacy(referrer).finally(() => (this.pending = null));
    if (await this.pending) return this.settings.set({ privacy: true });
    this.refused = performance.now();
    throw unauthorized(104);
  }

  /** The mini-program's own window, if it listens; else the platform's. Gives true for a yes. */
  askPrivacy(referrer) {
    if (!this.listeners.all.size) return this.platformWindow();
    this.tapped = null;
    return new Promise((resolve) => {
      const answer = ({ event, buttonId } = {}) => {
        if (event === "disagree") return resolve(false);
        if (event !== "agree") return undefined; // exposureAuthorization: the window is shown, no answer yet
        if (this.tapped === null || (buttonId && this.tapped !== buttonId)) {
          console.error(
            `onNeedPrivacyAuthorization: "${buttonId}" was not tapped as <button open-type="agreePrivacyAuthorization">`,
          );
          return resolve(false);
        }
        return resolve(true);
      };
      for (const listener of this.listeners.all) tell([(given) => listener(answer, given)], { referrer });
    });
  }

  async platformWindow() {
    const body = [
      el(
        "p",
        { class: "wx-words" },
        "在你使用服务之前，请仔细阅读",
        this.contractLink(),
        "。如你同意，请点“同意”开始使用。",
      ),
    ];
    return (
      (await ask({
        title: "用户隐私保护提示",
        body,
        keys: [
          ["拒绝", false, "no"],
          ["同意", true, "yes"],
        ],
      })) === true
    );
  }

  contractLink() {
    return el("button", { type: "button", class: "wx-link", onclick: () => this.contract() }, this.contractName);
  }

  get contractName() {
    return `《${this.title()}小程序隐私保护指引》`;
  }

  contract() {
    const body = el(
      "p",
      { class: "wx-words" },
      "在真微信里，这里是在微信公众平台填写的用户隐私保护指引。预览里没有那份文件，内容请看小程序里“我的”下面的隐私说明。",
    );
    return ask({ title: this.contractName, body, keys: [["关闭", true, "yes"]] });
  }

  /** The tap on <button open-type="agreePrivacyAuthorization" id>. */
  agree(id = "") {
    this.tapped = id;
    if (!this.pending) this.settings.set({ privacy: true });
  }

  /** One scope: asked the first time, kept since. Throws Refused "auth deny". */
  async scope(name) {
    const given = this.settings.get("scopes")[name];
    const allowed = given ?? (await this.askScope(name));
    if (allowed !== given) this.settings.set({ scopes: { ...this.settings.get("scopes"), [name]: allowed } });
    if (!allowed) throw new Refused("auth deny", { errno: 103 });
  }

  async askScope(name) {
    const { words, why } = SCOPES[name];
    const body = el("p", { class: "wx-words" }, this.config.permission?.[name]?.desc ?? why);
    return (
      (await ask({
        title: `${this.title()} 申请${words}`,
        body,
        keys: [
          ["拒绝", false, "no"],
          ["允许", true, "yes"],
        ],
      })) === true
    );
  }

  authSetting() {
    return { ...this.settings.get("scopes") };
  }

  subscriptions() {
    const { subscribe, always } = this.settings.all();
    return { subscriptionsSetting: { mainSwitch: subscribe, itemSettings: { ...always } } };
  }

  /** The page of switches; only what has been asked for before stands there, as on the phone. */
  async open() {
    const scopes = this.settings.get("scopes");
    const boxes = Object.keys(scopes).map((name) => [name, tick(SCOPES[name].name, scopes[name])]);
    const news = tick("接收订阅消息", this.settings.get("subscribe"));
    const rows = [...boxes.map(([, box]) => box.row), news.row];
    await ask({
      title: "设置",
      body: el("div", { class: "wx-switches" }, rows),
      keys: [["完成", true, "yes"]],
      kind: "from-below",
    });
    this.settings.set({
      scopes: Object.fromEntries(boxes.map(([name, box]) => [name, box.input.checked])),
      subscribe: news.input.checked,
    });
    return { authSetting: this.authSetting() };
  }

  calls() {
    return {
      onNeedPrivacyAuthorization: this.listeners.on,
      offNeedPrivacyAuthorization: this.listeners.off,
      requirePrivacyAuthorize: api("requirePrivacyAuthorize", () => this.privacy("requirePrivacyAuthorize")),
      getPrivacySetting: api("getPrivacySetting", () => ({
        needAuthorization: this.needed,
        privacyContractName: this.contractName,
      })),
      openPrivacyContract: api("openPrivacyContract", () => void this.contract()),
      authorize: api("authorize", async ({ scope }) => {
        if (!SCOPES[scope]) throw new Refused(`invalid scope: the preview has no "${scope}"`);
        await this.privacy("authorize");
        await this.scope(scope);
      }),
      getSetting: api("getSetting", ({ withSubscriptions } = {}) => ({
        authSetting: this.authSetting(),
        ...(withSubscriptions ? this.subscriptions() : {}),
      })),
      openSetting: api("openSetting", ({ withSubscriptions } = {}) =>
        this.open().then((answer) => ({ ...answer, ...(withSubscriptions ? this.subscriptions() : {}) })),
      ),
    };
  }
}

function tick(words, on) {
  const input = el("input", { type: "checkbox", role: "switch" });
  input.checked = on;
  return { input, row: el("label", { class: "wx-switch" }, el("span", {}, words), input) };
}
