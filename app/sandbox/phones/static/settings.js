/** What is set on this phone outside every app: the line, WeChat's letters, the clock, what the mini-program may use. */

import { button, el } from "./dom.js";

const NETWORKS = [["wifi", "正常"], ["slow", "很慢"], ["none", "没有网络"]];
const FONTS = [[15, "小"], [16, "标准"], [18, "大"], [20, "更大"], [23, "最大"]];
const CLOCKS = [[0, "准"], [86400, "快一天"], [-86400, "慢一天"]];

/** The preview of the mini-program reads the same place: app/sandbox/preview/wx/settings.js. */
const keyOf = (person) => `phone-settings:${person.key}`;

function read(person) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(person))) ?? {};
  } catch {
    return {};
  }
}

const write = (person, news) => localStorage.setItem(keyOf(person), JSON.stringify({ ...read(person), ...news }));

/** The settings of a phone, folded away; they hold for the mini-program at once. */
export function settings(person) {
  const said = el("p", { class: "hint", role: "status" });
  const choice = (label, name, options, standard) => {
    const now = read(person)[name] ?? standard;
    const select = el("select", { onchange: () => {
      write(person, { [name]: options[select.selectedIndex][0] });
      said.textContent = `${label}：${options[select.selectedIndex][1]}`;
    } }, options.map(([value, words]) => el("option", { selected: value === now }, words)));
    return el("label", { class: "field" }, el("span", {}, label), select);
  };
  const forget = button("忘掉小程序的授权", () => {
    write(person, { scopes: {}, privacy: false, always: {}, subscribe: true });
    said.textContent = "授权都忘掉了，小程序下次用到会再问。";
  }, "quiet");
  return el("details", { class: "rights settings" }, el("summary", {}, "手机设置"),
    el("div", { class: "settings-form" }, choice("网络", "network", NETWORKS, "wifi"),
      choice("微信字体", "font", FONTS, 16), choice("手机时间", "clock", CLOCKS, 0), forget, said));
}
