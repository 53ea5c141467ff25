/** How calls of the platform answer, what a tap allows, and what this phone keeps and is set to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, Ears, personOf, Refused, Taps } from "../../app/sandbox/preview/wx/kit.js";
import { objection } from "../../app/sandbox/preview/wx/subscribe.js";
import { DEFAULTS, Settings } from "../../app/sandbox/preview/wx/settings.js";
import { storage } from "../../app/sandbox/preview/wx/storage.js";

/** localStorage as the browser has it: its keys are properties. */
class Drawer {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    this[key] = String(value);
  }

  removeItem(key) {
    delete this[key];
  }
}

const drawer = (held = {}) => Object.assign(new Drawer(), held);
const turn = () => new Promise((done) => setTimeout(done));

test("a call without callbacks gives a promise of its answer or of its failure", async () => {
  const double = api("double", ({ number }) => {
    if (number === undefined) throw new Refused("nothing to double", { errCode: 7 });
    return { number: number * 2 };
  });
  assert.deepEqual(await double({ number: 4 }), { errMsg: "double:ok", number: 8 });
  await assert.rejects(double(), { errMsg: "double:fail nothing to double", errCode: 7 });
});

test("a call with callbacks gives nothing and tells success and complete, or fail and complete", async () => {
  const heard = [];
  const tell = (name) => (answer) => heard.push([name, answer.errMsg]);
  const all = { success: tell("success"), fail: tell("fail"), complete: tell("complete") };
  assert.equal(api("a", () => ({}))(all), undefined);
  assert.equal(api("b", () => Promise.reject(new Refused("cancel")))(all), undefined);
  await turn();
  assert.deepEqual(heard, [
    ["success", "a:ok"], ["complete", "a:ok"], ["fail", "b:fail cancel"], ["complete", "b:fail cancel"]]);
});

test("listeners are taken off one by one or all at once", () => {
  const [heard, ears] = [[], new Ears()];
  const first = (what) => heard.push(`first ${what}`);
  ears.on(first);
  ears.on((what) => heard.push(`second ${what}`));
  ears.emit("a");
  ears.off(first);
  ears.emit("b");
  ears.off();
  ears.emit("c");
  assert.deepEqual(heard, ["first a", "second a", "second b"]);
});

test("a tap is fresh for a second, and ends with the answer to what was asked after it", (t) => {
  const target = new EventTarget();
  const taps = new Taps(target);
  assert.equal(taps.fresh, false);
  target.dispatchEvent(new Event("click"));
  assert.equal(taps.fresh, true);
  const spend = taps.spend();
  const now = performance.now();
  t.mock.method(performance, "now", () => now + 500);
  target.dispatchEvent(new Event("touchend"));
  spend();
  assert.equal(taps.fresh, true, "the answer to something older does not end a new tap");
  taps.spend()();
  assert.equal(taps.fresh, false);
  target.dispatchEvent(new Event("click"));
  t.mock.method(performance, "now", () => now + 1600);
  assert.equal(taps.fresh, false);
});

test("whose phone it is stands in the address", () => {
  assert.equal(personOf("?person=zhanglan"), "zhanglan");
  for (const search of ["", "?person=", "?person=../../x", "?person=a%20b", `?person=${"x".repeat(65)}`])
    assert.equal(personOf(search), "nobody");
});

test("what one person stores is not the other's, and clearing leaves everything else in the browser", () => {
  const store = drawer({ "phone-settings:zhanglan": "{}" });
  const [zhanglan, wangdashan] = ["zhanglan", "wangdashan"].map((person) => storage({ person, store }));
  zhanglan.setStorageSync("draft", { words: "井盖坏了", photos: [] });
  wangdashan.setStorageSync("draft", "王大山的");
  assert.deepEqual(zhanglan.getStorageSync("draft"), { words: "井盖坏了", photos: [] });
  assert.equal(zhanglan.getStorageSync("none"), "");
  assert.deepEqual(zhanglan.getStorageInfoSync(), { keys: ["draft"], currentSize: 1, limitSize: 10240 });
  zhanglan.clearStorageSync();
  assert.deepEqual(Object.keys(store).sort(), ["mp:wangdashan:draft", "phone-settings:zhanglan"]);
  assert.equal(wangdashan.getStorageSync("draft"), "王大山的");
});

test("a key holds a megabyte and all keys ten, counted in bytes", async () => {
  const box = storage({ person: "zhanglan", store: drawer() });
  assert.throws(() => box.setStorageSync("big", "井".repeat(350_000)), /entry size limit reached/);
  for (let at = 0; at < 10; at += 1) box.setStorageSync(`k${at}`, "x".repeat(1_000_000));
  await assert.rejects(box.setStorage({ key: "k10", data: "x".repeat(1_000_000) }), { errMsg: /exceed storage max size/ });
  box.setStorageSync("k0", "small again");
  box.setStorageSync("k10", "x".repeat(1_000_000));
  await assert.rejects(box.getStorage({ key: "gone" }), { errMsg: "getStorage:fail data not found" });
  assert.throws(() => box.setStorageSync("", 1), /setStorageSync:fail parameter error/);
});

test("the phone's settings hold at once here and in the frame beside", () => {
  const [store, beside] = [drawer(), new EventTarget()];
  const settings = new Settings("zhanglan", store, beside);
  const heard = [];
  settings.watch((now, before) => heard.push([before.network, now.network]));
  settings.set({ network: "none" });
  store.setItem("phone-settings:zhanglan", JSON.stringify({ network: "slow" }));
  beside.dispatchEvent(Object.assign(new Event("storage"), { key: "phone-settings:wangdashan" }));
  beside.dispatchEvent(Object.assign(new Event("storage"), { key: "phone-settings:zhanglan" }));
  assert.deepEqual(heard, [["wifi", "none"], ["none", "slow"]]);
  store.setItem("phone-settings:zhanglan", "no json");
  assert.deepEqual(settings.all(), DEFAULTS);
});

test("templates are refused by the platform's table before anything is shown", () => {
  const known = [...["a", "b", "c", "d", "e", "f"].map((id) => ({ id, type: 2 })), { id: "long", type: 3 }];
  const code = (ids) => objection(ids, known)?.more.errCode ?? null;
  assert.equal(code(["a"]), null);
  assert.equal(code(["a", "b", "c", "d", "e"]), null);
  assert.equal(code(["long"]), null);
  assert.equal(code([]), 10001);
  assert.equal(code(undefined), 10001);
  assert.equal(code(["a", "b", "c", "d", "e", "f"]), 20003);
  assert.equal(code(["a", "unknown"]), 20001);
  assert.equal(code(["a", "long"]), 20002);
});
