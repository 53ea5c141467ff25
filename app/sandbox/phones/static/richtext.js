/**
 * The text of a message. WeChat reads one piece of markup in texts that come from an account: a link,
 * <a href="…">words</a>, also in the form weixin://bizmsgmenu, which says its words when it is tapped.
 * Everything else, and every link to anything but a web page, is shown letter by letter.
 */

import { el } from "./dom.js";

const LINK = /<a\s+([^<>]{1,2000})>([^<>]{1,200})<\/a>/gi;
const BARE = /https?:\/\/[^\s<>"'，。；、）]{3,500}/gi;
const MENU = "weixin://bizmsgmenu";

/** A web address that is safe to open, or null. */
export function webAddress(text) {
  const url = URL.canParse(text, location.href) ? new URL(text, location.href) : null;
  return url && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

const outside = (href, words) => el("a", { href, target: "_blank", rel: "noopener" }, words);

/** Text and links for the content of a bubble. `say` sends words in the person's name, `visit` opens a mini page. */
export function richText(text, { say, visit }) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const node = linkFrom(match[1], match[2], say, visit);
    if (!node) continue;
    nodes.push(...bareLinks(text.slice(from, match.index)), node);
    from = match.index + match[0].length;
  }
  return [...nodes, ...bareLinks(text.slice(from))];
}

function attribute(source, name) {
  return source.match(new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i"))?.slice(1).find(Boolean);
}

function linkFrom(source, words, say, visit) {
  const page = attribute(source, "data-miniprogram-path");
  if (page) return el("button", { type: "button", class: "inline", onclick: () => visit(page) }, words);
  const href = attribute(source, "href") ?? "";
  if (href.startsWith(MENU) && URL.canParse(href)) {
    const content = new URL(href).searchParams.get("msgmenucontent") ?? words;
    return el("button", { type: "button", class: "inline", onclick: () => say(content) }, words);
  }
  const safe = /^https?:/i.test(href) ? webAddress(href) : null;
  return safe ? outside(safe, words) : null;
}

function bareLinks(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(BARE)) {
    nodes.push(text.slice(from, match.index), outside(match[0], match[0]));
    from = match.index + match[0].length;
  }
  return [...nodes, text.slice(from)].filter((node) => node !== "");
}
