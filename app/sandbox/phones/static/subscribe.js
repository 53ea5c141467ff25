/**
 * The window of wx.requestSubscribeMessage: up to five templates, all one-time or all long-term; every ticked one is
 * accepted, the others are refused, and "拒绝" refuses all. One acceptance of a one-time template is one message.
 */

import { open } from "./dialogs.js";
import { button, el } from "./dom.js";
import { Trouble } from "./trouble.js";

const MOST = 5;

export const isLong = (template) => Number(template.type) === 3;

/** The templates in groups that one request may hold. */
export function bundles(templates) {
  const groups = [];
  for (const kind of [templates.filter((one) => !isLong(one)), templates.filter(isLong)]) {
    for (let from = 0; from < kind.length; from += MOST) groups.push(kind.slice(from, from + MOST));
  }
  return groups;
}

/** Shows the window; both buttons answer for every template. */
export function askToSubscribe(store, app, templates) {
  const ticks = templates.map((template) => [template, el("input", { type: "checkbox", checked: true })]);
  const trouble = new Trouble();
  let answered = false; // a second tap must not accept a second time
  const answer = (accept, close) => async () => {
    if (answered) return;
    answered = true;
    const answers = ticks.map(([{ id }, tick]) => [id, accept && tick.checked ? "accept" : "reject"]);
    const body = { app: app.name, answers: Object.fromEntries(answers) };
    answered = await trouble.attempt(() => store.act("/subscribe", body));
    if (answered) close();
  };
  const what = isLong(templates[0]) ? "长期给您发送以下消息" : "给您发送一次以下消息";
  const body = [
    el("p", {}, `“${app.title}”申请${what}`),
    el("div", { class: "ticks" }, ticks.map(([template, tick]) => choice(template, tick))),
    trouble.root,
  ];
  const buttons = (close) => [button("拒绝", answer(false, close), "quiet"), button("允许", answer(true, close), "main")];
  open("订阅消息", body, buttons);
}

function choice(template, tick) {
  const labels = (template.fields ?? []).map((field) => field.label).join("、");
  return el("label", { class: "choice" }, tick,
    el("span", {}, template.title, labels ? el("small", {}, labels) : null));
}
