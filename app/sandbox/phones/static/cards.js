/** The larger shapes a message can have: notices, link cards, menus of choices, places, voices. */

import { address } from "./api.js";
import { amrSeconds } from "./amr.js";
import { el, svg } from "./dom.js";
import { icon } from "./icons.js";
import { webAddress } from "./richtext.js";

/** A subscribe or template message as WeChat lays it out: title, rows of label and value, and where it leads. */
export function noticeCard(item, { app, visit }) {
  const rows = (item.fields ?? []).map(({ label, value }) =>
    el("div", { class: "notice-row" }, el("dt", {}, label), el("dd", {}, value)));
  return el("article", { class: "card notice-card" },
    el("h3", {}, item.title ?? "服务通知"),
    item.text ? el("p", {}, item.text) : null,
    rows.length ? el("dl", {}, rows) : null,
    leadsTo(item, app, visit));
}

function leadsTo(item, app, visit) {
  const foot = (words) => [el("span", {}, words), el("span", { "aria-hidden": "true" }, "›")];
  if (item.page) {
    const open = () => visit(app, item.page, item.appid);
    return el("button", { type: "button", class: "card-foot", onclick: open }, foot("进入小程序查看"));
  }
  const href = item.url ? webAddress(item.url) : null;
  return href ? el("a", { class: "card-foot", href, target: "_blank", rel: "noopener" }, foot("查看详情")) : null;
}

/** A link or an article: title, a few words, a picture when there is one that this page may load. */
export function linkCard(item) {
  const href = item.url ? webAddress(item.url) : null;
  const picture = item.media_url ? thumb(item.media_url) : null;
  const inside = [
    el("strong", {}, item.title ?? item.url ?? "链接"),
    el("span", { class: "card-line" }, el("span", { class: "card-text" }, item.text ?? ""), picture ?? icon("link")),
  ];
  if (!href) return el("div", { class: "card link-card" }, inside);
  return el("a", { class: "card link-card", href, target: "_blank", rel: "noopener" }, inside);
}

function thumb(url) {
  const image = el("img", { src: address(url), alt: "", width: 48, height: 48 });
  image.addEventListener("error", () => image.replaceWith(icon("link")));
  return image;
}

/** A page of the mini-program, passed on as a card. */
export function pageCard(item, { app, visit }) {
  const picture = item.media_url ? thumb(item.media_url) : icon("mini");
  const open = () => visit(app, item.page ?? "", item.appid);
  return el("button", { type: "button", class: "card page-card", onclick: open },
    el("span", { class: "card-app" }, app.title),
    el("strong", {}, item.title ?? "小程序页面"),
    el("span", { class: "page-picture" }, picture),
    el("span", { class: "card-app" }, icon("mini"), "小程序"));
}

/** A menu of answers; tapping one says its words. */
export function menuCard(item, { say }) {
  const choices = item.choices.map(({ id, text }) =>
    el("li", {}, el("button", { type: "button", class: "inline", onclick: () => say(text, id) }, text)));
  return el("div", { class: "bubble menu-card" },
    item.text ? el("p", {}, item.text) : null, el("ul", {}, choices), item.tail ? el("p", {}, item.tail) : null);
}

/** A place: its words, its numbers and a drawn piece of map; no map service is asked. */
export function placeCard(item) {
  const frame = { viewBox: "0 0 240 84", class: "map", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" };
  const road = (d, width) => svg("path", { d, stroke: "#fff", "stroke-width": width, fill: "none" });
  const map = svg("svg", frame,
    svg("rect", { width: 240, height: 84, fill: "#e3ebe6" }),
    svg("rect", { x: 150, y: 8, width: 70, height: 28, fill: "#cfe0d2" }),
    road("M0 58 L240 44", 9), road("M70 0 L92 84", 7), road("M176 0 L186 84", 4),
    svg("path", { d: "M120 52c7-8 11-14 11-20a11 11 0 0 0-22 0c0 6 4 12 11 20z", fill: "#0b5f5c" }),
    svg("circle", { cx: 120, cy: 32, r: 4, fill: "#fff" }));
  return el("div", { class: "card place-card" },
    el("strong", {}, item.label || "一个位置"),
    el("span", { class: "card-text figures" }, `${coordinate(item.lat)}，${coordinate(item.lng)}`), map);
}

const coordinate = (number) => (Number.isFinite(number) ? number.toFixed(5) : "不明");

/** A voice: waves, its length once the file has been counted, and what the platform heard. */
export function voiceBubble(item) {
  const length = el("span", { class: "figures" }, "语音");
  const bubble = el("div", { class: "bubble voice-bubble" }, icon("waves"), length);
  if (item.media_url) countSeconds(item.media_url, bubble, length);
  const heard = item.recognition ? el("p", { class: "heard" }, `识别：${item.recognition}`) : null;
  return el("div", { class: "voice" }, bubble, heard);
}

async function countSeconds(url, bubble, length) {
  const answer = await fetch(address(url)).catch(() => null);
  if (!answer?.ok) return;
  const seconds = amrSeconds(new Uint8Array(await answer.arrayBuffer()));
  if (seconds === null) return;
  length.textContent = `${Math.round(seconds)}″`;
  bubble.dataset.length = seconds > 20 ? "long" : seconds > 6 ? "middle" : "short";
}
