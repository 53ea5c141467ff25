/** One item of a chat, drawn: who says it, what it is, and how its delivery stands. */

import { address } from "./api.js";
import { appAvatar, personAvatar } from "./avatar.js";
import { linkCard, menuCard, noticeCard, pageCard, placeCard, voiceBubble } from "./cards.js";
import { open } from "./dialogs.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { richText } from "./richtext.js";
import { full, near } from "./words.js";

const SHAPES = {
  text: textBubble,
  image: imageBubble,
  voice: voiceBubble,
  location: placeCard,
  link: linkCard,
  news: linkCard,
  miniprogrampage: pageCard,
  msgmenu: menuCard,
  subscribe: noticeCard,
  template: noticeCard,
};

/** `chat` has {person, app, say(words), visit(app, page)}. Things that only happened become a quiet line. */
export function draw(item, chat) {
  const quiet = item.where === "system" || item.kind === "system" || item.kind === "event";
  if (quiet) return item.text ? el("p", { class: "aside", "data-id": item.id }, item.text) : null;
  const shape = SHAPES[item.kind] ?? textBubble;
  const mine = item.from === "me";
  const face = mine ? personAvatar(chat.person.name) : appAvatar(chat.app);
  const said = el("div", { class: "said" }, hidden(mine ? "我：" : `${chat.app.title}：`), shape(item, chat));
  if (item.note) said.append(el("p", { class: "status" }, item.note));
  if (mine) said.append(status(item));
  return el("div", { class: kindOfRow(item), "data-id": item.id }, face, said);
}

const kindOfRow = (item) => `row ${item.from === "me" ? "me" : "them"} ${item.status ?? ""}`;

/** How the delivery stands is the only thing that changes about an item; a quiet line does not say it. */
export function restate(node, item) {
  const old = node.querySelector(".status");
  if (!old) return;
  node.className = kindOfRow(item);
  old.replaceWith(status(item));
}

const hidden = (text) => el("span", { class: "unseen" }, text);

function textBubble(item, { app, say, visit }) {
  const text = item.text ?? "";
  const inside = item.from === "me" ? [text] : richText(text, { say, visit: (page) => visit(app, page) });
  return el("div", { class: "bubble" }, inside);
}

function imageBubble(item) {
  if (!item.media_url) return el("div", { class: "bubble" }, "[照片]");
  const src = address(item.media_url);
  const image = el("img", { src, alt: "照片", loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith("[照片打不开]"));
  return el("button", { type: "button", class: "picture", "aria-label": "放大照片", onclick: () => enlarge(src) }, image);
}

function enlarge(src) {
  open("照片", el("img", { src, alt: "照片", class: "whole" }), (close) => [button("关上", close, "quiet")], "wide");
}

const STATUS = {
  pending: ["clock", "发送中…"],
  delivered: ["", "已送达"],
  failed: ["warn", "未送达"],
};

function status(item) {
  const [sign, words] = STATUS[item.status] ?? ["", ""];
  const tries = item.tries > 1 ? `，试了 ${item.tries} 次` : "";
  return el("p", { class: "status" }, sign ? icon(sign) : null, words && `${words}${tries}`);
}

/** The time between two messages that are far apart. */
export const timeLine = (at) =>
  el("p", { class: "aside" }, el("time", { title: full(at), datetime: new Date(at * 1000).toISOString() }, near(at)));
