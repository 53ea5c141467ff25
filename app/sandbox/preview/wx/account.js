/** Who holds this phone: login codes, the phone number, the face; https://developers.weixin.qq.com/miniprogram/dev/api/open-api/login/wx.login.html */

import { api, failed } from "./kit.js";
import { pass } from "./network.js";
import { ask, el } from "./window.js";

export function account({ settings, sandbox, permission, title, appid, person }) {
  const code = async (verb) => {
    await pass(settings);
    return { code: (await sandbox.act(verb)).code };
  };
  return {
    login: api("login", () => code("login")),
    checkSession: api("checkSession", () => pass(settings)),
    getAccountInfoSync: () => ({ miniProgram: { appId: appid, envVersion: "develop", version: "" } }),
    /** For the button: a window that says what is given away, then a code. Always answers, as the event does. */
    async getPhoneNumber() {
      try {
        await permission.privacy("getPhoneNumber");
        const { people } = await sandbox.get("people");
        const number = people.find((one) => one.key === person)?.phone ?? "";
        const body = el("p", { class: "wx-words" }, number ? `你的手机号 ${number}` : "微信里没有绑定手机号");
        const keys = [
          ["拒绝", false, "no"],
          ["允许", true, "yes"],
        ];
        if (!(await ask({ title: `${title()} 申请获取并验证你的手机号`, body, keys }))) {
          return { errMsg: "getPhoneNumber:fail user deny" };
        }
        return { errMsg: "getPhoneNumber:ok", ...(await code("phone-code")) };
      } catch (error) {
        return failed("getPhoneNumber", error);
      }
    },
  };
}
