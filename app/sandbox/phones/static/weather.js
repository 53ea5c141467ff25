/** The weather: makes the platform slow, busy or broken for a while, moves its clock, and says what is on. */

import { get, post, remove } from "./api.js";
import { field } from "./dialogs.js";
import { button, el, fill } from "./dom.js";
import { Trouble } from "./trouble.js";
import { span } from "./words.js";

const BEAT = 3000;
const HOUR = 3600;
/** What can go wrong, by the names of the control API; `seconds` where the trouble has a length. */
const WEATHER = [
  { fault: "latency", words: "慢三秒", seconds: 3 },
  { fault: "busy", words: "系统繁忙 −1" },
  { fault: "quota", words: "次数用完 45009" },
  { fault: "token", words: "凭证失效 40001" },
  { fault: "timeout_after_accept", words: "收下了但不回话", seconds: 10 },
  { fault: "html", words: "回一页网页" },
  { fault: "reset", words: "连接断开" },
];
const PATHS = [
  ["*", "所有接口"],
  ["/cgi-bin/message/custom/send", "聊天回复"],
  ["/cgi-bin/message/subscribe/send", "订阅通知"],
  ["/cgi-bin/message/template/send", "公众号通知"],
  ["/cgi-bin/stable_token", "取凭证"],
];
const TIMES = [["1", "一次"], ["3", "三次"], ["10", "十次"], ["-1", "一直坏着"]];
const CLOCK = [
  [0, "不动"], [HOUR, "快 1 小时"], [24 * HOUR, "快 1 天"], [48 * HOUR, "快 2 天"], [720 * HOUR, "快 30 天"],
];

const body = document.getElementById("weather-body");
const sky = document.getElementById("sky");
const active = el("ul", { class: "active", "aria-label": "现在的天气" });
const trouble = new Trouble();
const path = select(PATHS);
const times = select(TIMES);
const clock = select(CLOCK);

export function showWeather() {
  const buttons = WEATHER.map((kind) => button(kind.words, () => attempt(() => order(kind)), "quiet"));
  clock.addEventListener("change", () => attempt(() => post("clock", { ahead: Number(clock.value) })));
  document.getElementById("clear").addEventListener("click", () => attempt(clearUp));
  fill(body,
    el("div", { class: "pair" }, field("哪个接口", path), field("坏几次", times)),
    el("div", { class: "weather-list" }, buttons),
    field("微信的时钟", clock, "把时钟拨快，看凭证、二维码和 48 小时的回复期怎么过期。"), trouble.root, active);
  watch();
}

function select(options) {
  return el("select", {}, options.map(([value, words]) => el("option", { value }, words)));
}

const order = ({ fault, seconds }) =>
  post("faults", { path: path.value, fault, times: Number(times.value), ...(seconds ? { seconds } : {}) });

async function clearUp() {
  await remove("faults");
  await post("clock", { ahead: 0 });
  clock.value = "0";
}

async function attempt(action) {
  await trouble.attempt(action);
  await look();
}

async function watch() {
  for (;;) {
    if (!document.hidden) await look();
    await new Promise((resolve) => setTimeout(resolve, BEAT));
  }
}

async function look() {
  const now = await Promise.all([get("faults"), get("clock")]).catch(() => null);
  const state = JSON.stringify(now?.map((answer) => answer.ahead ?? answer));
  if (!now || state === look.shown) return;
  look.shown = state;
  const [faults, { ahead }] = now;
  const lines = [...faults.map(describe), ...(ahead ? [`微信的时钟快 ${span(ahead)}`] : [])];
  sky.textContent = lines.length ? `有 ${lines.length} 处坏天气` : "晴";
  clock.value = String(ahead);
  fill(active, lines.map((line) => el("li", {}, line)));
}

/** One fault; its `times` are those that are left. */
function describe({ path: where, fault, times: rest, seconds }) {
  const words = WEATHER.find((kind) => kind.fault === fault)?.words ?? fault;
  const place = PATHS.find(([value]) => value === where)?.[1] ?? where;
  const left = rest < 0 ? "一直" : `还有 ${rest} 次`;
  return `${place}：${words}，${left}${seconds ? `，${span(seconds)}` : ""}`;
}
