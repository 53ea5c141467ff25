/** The window for subscribe messages; https://developers.weixin.qq.com/miniprogram/dev/api/open-api/subscribe-message/wx.requestSubscribeMessage.html */

import { api, Refused } from "./kit.js";
import { pass } from "./network.js";
import { ask, el } from "./window.js";

const MOST = 5;
const LONG = 3;

/** What the platform says to a list of ids, before it shows anything; null: they can be asked for. */
export function objection(tmplIds, known) {
  if (!Array.isArray(tmplIds) || !tmplIds.length) return new Refused("TmplIds can't be empty", { errCode: 10001 });
  if (tmplIds.length > MOST) return new Refused("Template size is over 5", { errCode: 20003 });
  const found = tmplIds.map((id) => known.find((one) => one.id === id));
  if (found.includes(undefined))
    return new Refused("No template data return, verify the template id exist", { errCode: 20001 });
  const long = found.filter((one) => Number(one.type) === LONG).length;
  if (long && long < found.length) return new Refused("Templates type must be same", { errCode: 20002 });
  return null;
}

export function subscribe({ settings, sandbox, taps, title }) {
  return {
    requestSubscribeMessage: api("requestSubscribeMessage", async ({ tmplIds }) => {
      if (!taps.fresh) {
        console.error("wx.requestSubscribeMessage was not called from a tap: on the phone it fails");
        throw new Refused("can only be invoked by user TAP gesture.", { errCode: 20013 });
      }
      await pass(settings);
      const { templates } = await sandbox.app();
      const bad = objection(tmplIds, templates);
      if (bad) throw bad;
      if (!settings.get("subscribe")) throw new Refused("The main switch is switched off", { errCode: 20004 });
      const always = settings.get("always");
      const asked = [...new Set(tmplIds)].filter((id) => !always[id]);
      const answers = Object.fromEntries(tmplIds.map((id) => [id, always[id]]));
      if (asked.length) Object.assign(answers, await choose(asked.map((id) => templates.find((one) => one.id === id))));
      await sandbox.act("subscribe", { answers });
      return answers;
    }),
  };

  async function choose(templates) {
    const rows = templates.map((template) => [template.id, el("input", { type: "checkbox", checked: true }), template]);
    const keep = el("input", { type: "checkbox" });
    const times = Number(templates[0].type) === LONG ? "长期" : "一次";
    const body = [
      el("p", { class: "wx-words" }, `${title()} 申请给你发送${times}以下消息`),
      el(
        "div",
        { class: "wx-switches" },
        rows.map(([, input, template]) => el("label", { class: "wx-switch" }, input, el("span", {}, template.title))),
      ),
      el("label", { class: "wx-switch wx-small" }, keep, el("span", {}, "总是保持以上选择，不再询问")),
    ];
    const yes = await ask({
      title: "订阅消息",
      body,
      keys: [
        ["拒绝", false, "no"],
        ["允许", true, "yes"],
      ],
      kind: "from-below",
    });
    const answers = Object.fromEntries(rows.map(([id, input]) => [id, yes && input.checked ? "accept" : "reject"]));
    if (keep.checked) settings.set({ always: { ...settings.get("always"), ...answers } });
    return answers;
  }
}
