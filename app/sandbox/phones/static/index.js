/** The desk: some phones beside one another, every phone with what waits on it, the console, the weather. */

import { address, get, ofPhone } from "./api.js";
import { personAvatar } from "./avatar.js";
import { el, fill } from "./dom.js";
import { readMarks, unread } from "./marks.js";
import { showWeather } from "./weather.js";

const BEAT = 2000;
const COLUMNS = 4;
/** One of each at first: the words in `about` that tell who plays which part. */
const PARTS = [/居民/, /网格员/, /管理员|主任/];

const list = document.getElementById("people");
const columns = document.getElementById("columns");
const side = document.getElementById("side");
const picked = document.getElementById("picked");
const trouble = document.getElementById("trouble");
const ticks = new Map();
const boxes = new Map();
const frames = new Map();
const who = new Map();

async function start() {
  document.getElementById("console").href = address("../console/");
  showWeather();
  const people = await loadPeople();
  const first = keyPeople(people);
  people.forEach((person) => who.set(person.key, person));
  fill(list, people.map((person) => card(person, first.includes(person))));
  list.removeAttribute("aria-busy");
  count();
  addEventListener("storage", () => people.forEach(showWaiting)); // a phone in another window was read
  for (;;) {
    if (!document.hidden) for (const person of people) await look(person);
    await new Promise((resolve) => setTimeout(resolve, BEAT));
  }
}

/** The people, asked for again until the sandbox answers. */
async function loadPeople() {
  for (;;) {
    try {
      const { people } = await get("people");
      trouble.hidden = true;
      return people;
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
      await new Promise((resolve) => setTimeout(resolve, BEAT));
    }
  }
}

function keyPeople(people) {
  const found = PARTS.map((part) => people.find((person) => part.test(person.about)));
  const chosen = [...new Set(found.filter(Boolean))];
  return chosen.length > 1 ? chosen : people.slice(0, 3);
}

function card(person, ticked) {
  const tick = el("input", { type: "checkbox", checked: ticked, onchange: count });
  ticks.set(person.key, tick);
  return el("li", { class: "person", "data-person": person.key },
    el("a", { class: "person-open", href: address(ofPhone(person.key)) }, personAvatar(person.name),
      el("span", {}, el("strong", {}, person.name), el("span", { class: "person-about" }, person.about),
        el("span", { class: "waiting" }, "没有新通知"))),
    el("label", { class: "choice" }, tick, "放到并排"));
}

/** Keeps the columns and the link in step with the ticks, in the order of the desk. */
function count() {
  const chosen = [...ticks].filter(([, tick]) => tick.checked).map(([key]) => key);
  lineUp(chosen.slice(0, COLUMNS));
  const fits = chosen.length > 0 && chosen.length <= COLUMNS;
  picked.textContent = fits ? `选了 ${chosen.length} 部` : chosen.length ? `最多 ${COLUMNS} 部，请少选几部` : "先选几部手机";
  side.setAttribute("aria-disabled", String(!fits)); // and no address: then it cannot be followed
  if (!fits) side.removeAttribute("href");
  else side.href = address(`side?people=${chosen.map(encodeURIComponent).join(",")}`);
}

/** The chosen phones beside one another. One that stays chosen is not touched: what is typed on it stays. */
function lineUp(chosen) {
  for (const [key, frame] of frames) {
    if (chosen.includes(key)) continue;
    frame.remove();
    frames.delete(key);
  }
  chosen.forEach((key, index) => {
    if (frames.has(key)) return;
    const { name, about } = who.get(key);
    const frame = el("figure", {}, el("figcaption", {}, el("strong", {}, name), ` ${about}`),
      el("iframe", { src: `${address(ofPhone(key))}#mini`, title: `${name}的手机` }));
    frames.set(key, frame);
    columns.insertBefore(frame, columns.children[index] ?? null);
  });
}

async function look(person) {
  await fetchNew(person.key);
  showWaiting(person);
}

function showWaiting(person) {
  const box = boxes.get(person.key);
  const node = [...list.children].find((child) => child.dataset.person === person.key).querySelector(".waiting");
  if (!box) return;
  const { notifications = 0, ...chats } = unread(box.items, readMarks(person));
  const said = Object.values(chats).reduce((sum, one) => sum + one, 0);
  const words = [notifications && `${notifications} 条新通知`, said && `${said} 条新消息`].filter(Boolean).join("，") || "没有新通知";
  if (node.textContent !== words) node.textContent = words;
  node.classList.toggle("some", notifications + said > 0);
}

/** Brings up to date what this desk has seen of a phone. */
async function fetchNew(key) {
  const box = boxes.get(key) ?? { items: [], seq: 0 };
  const answer = await get(ofPhone(key, `?after=${box.seq}`)).catch(() => null);
  if (!answer) {
    boxes.delete(key); // a sandbox that comes back may have another memory: count from the start
    return;
  }
  box.items.push(...answer.items.filter((item) => item.from === "them"));
  box.seq = Math.max(box.seq, ...answer.items.map((item) => item.seq));
  boxes.set(key, box);
}

start();
