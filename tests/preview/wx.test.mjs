/** The pure parts of `wx`, and that its list of names is the truth. */
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { createAnimation, styleOf } from "../../app/sandbox/preview/wx/animation.js";
import { metres, named, nearest, project, toGcj, toWgs, unproject } from "../../app/sandbox/preview/wx/geo.js";
import { api, Ears, personOf, Refused, Taps } from "../../app/sandbox/preview/wx/kit.js";
import { readingOf } from "../../app/sandbox/preview/wx/scan.js";
import { here } from "../../app/sandbox/preview/wx/servers.js";
import { Settings } from "../../app/sandbox/preview/wx/settings.js";
import { storage } from "../../app/sandbox/preview/wx/storage.js";
import { objection } from "../../app/sandbox/preview/wx/subscribe.js";
import { shiftClock } from "../../app/sandbox/preview/wx/system.js";
import { wrap } from "../../app/sandbox/preview/wx/transfer.js";
import { hum, wav } from "../../app/sandbox/preview/wx/wav.js";
import { page, run } from "./lab.mjs";

/** What localStorage is, without a browser. */
function shelf() {
  const store = {};
  const hidden = {
    getItem: (key) => (Object.hasOwn(store, key) ? store[key] : null),
    setItem: (key, value) => (store[key] = String(value)),
    removeItem: (key) => delete store[key],
  };
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(store, name, { value });
  return store;
}

test("names.json lists what wx has, no more and no less; anything else throws its name", async () => {
  const phone = await run(page("pages/a/a"));
  const names = JSON.parse(fs.readFileSync(new URL("../../app/sandbox/preview/wx/names.json", import.meta.url)));
  assert.deepEqual(Array.from(phone.window.eval("Object.keys(wx).sort()")), names);
  assert.throws(() => phone.wx.brewTea, /wx\.brewTea/);
  assert.equal(phone.wx.canIUse("brewTea"), false);
  assert.equal(phone.wx.canIUse("chooseMedia.success.tempFiles"), true);
});

test("a call answers its callbacks, or gives a promise where there are none", async () => {
  const ask = api("ask", ({ wrong }) => {
    if (wrong) throw new Refused("auth deny", { errno: 103 });
    return { told: 1 };
  });
  assert.deepEqual(await ask(), { errMsg: "ask:ok", told: 1 });
  await assert.rejects(ask({ wrong: true }), { errMsg: "ask:fail auth deny", errno: 103 });
  const heard = [];
  await new Promise((done) => ask({ success: (said) => heard.push(said.told), complete: done }));
  await new Promise((done) => ask({ wrong: true, fail: (said) => heard.push(said.errno), complete: done }));
  assert.deepEqual(heard, [1, 103]);
});

test("listeners go one by one or all at once", () => {
  const ears = new Ears();
  const heard = [];
  const one = (what) => heard.push(`one ${what}`);
  ears.on(one);
  ears.on((what) => heard.push(`two ${what}`));
  ears.emit("a");
  ears.off(one);
  ears.emit("b");
  ears.off();
  ears.emit("c");
  assert.deepEqual(heard, ["one a", "two a", "two b"]);
});

test("a tap is fresh until an answer that was asked for after it ends it", () => {
  const window = new EventTarget();
  const taps = new Taps(window);
  assert.equal(taps.fresh, false);
  window.dispatchEvent(new Event("click"));
  const spend = taps.spend();
  assert.equal(taps.fresh, true);
  spend();
  assert.equal(taps.fresh, false);
});

test("whose phone it is stands in the address, and nothing strange may stand there", () => {
  assert.equal(personOf("?person=zhanglan&app=mini"), "zhanglan");
  for (const odd of ["", "?person=", "?person=../x", "?person=a%20b"]) assert.equal(personOf(odd), "nobody");
});

test("only our own server is on the list, however alike another's name is", () => {
  const [servers, origin] = [["http://127.0.0.1:8000"], "http://localhost:9"];
  assert.equal(here(servers, "http://127.0.0.1:8000/api/v1/me?a=1", origin), "http://localhost:9/api/v1/me?a=1");
  assert.equal(here(servers, "http://localhost:9/x", origin), "http://localhost:9/x");
  for (const other of [
    "http://127.0.0.1:80001/x",
    "http://127.0.0.1:8000.evil.example/",
    "https://example.org",
    "/api",
    undefined,
  ])
    assert.equal(here(servers, other, origin), null);
});

test("data of a GET goes into the address, of everything else into the body", () => {
  const json = { "content-type": "application/json" };
  const ask = (method, data, header = json) => wrap({ url: "http://x/a?b=1", method, data, header });
  assert.deepEqual(ask("GET", { c: "门 口", d: { e: 1 } }), {
    url: "http://x/a?b=1&c=%E9%97%A8%20%E5%8F%A3&d=%7B%22e%22%3A1%7D",
  });
  assert.deepEqual(ask("POST", { c: 1 }), { url: "http://x/a?b=1", body: '{"c":1}' });
  assert.equal(ask("POST", { c: 1 }, { "content-type": "application/x-www-form-urlencoded" }).body, "c=1");
  assert.equal(ask("PUT", "plain").body, "plain");
  assert.equal(ask("DELETE").body, undefined);
});

test("storage keeps people apart, and ten megabytes at most", () => {
  const store = shelf();
  const [zhanglan, sunmei] = ["zhanglan", "sunmei"].map((person) => storage({ person, store }));
  zhanglan.setStorageSync("draft", { words: "井盖" });
  assert.deepEqual(zhanglan.getStorageSync("draft"), { words: "井盖" });
  assert.equal(sunmei.getStorageSync("draft"), "");
  assert.throws(
    () => zhanglan.setStorageSync("large", "x".repeat(1024 * 1024)),
    /setStorageSync:fail entry size limit/,
  );
  const part = "x".repeat(1024 * 1000);
  for (let at = 0; at < 10; at += 1) zhanglan.setStorageSync(`part${at}`, part);
  assert.throws(() => zhanglan.setStorageSync("last", part), /exceed storage max size 10Mb/);
  sunmei.setStorageSync("a", part);
  zhanglan.clearStorageSync();
  assert.deepEqual(zhanglan.getStorageInfoSync().keys, []);
  assert.equal(sunmei.getStorageSync("a").length, part.length);
});

test("the shift of Chinese maps goes there and back, and the picture of the world too", () => {
  const door = { latitude: 34.782, longitude: 114.361 };
  const shifted = toGcj(door);
  // What app.rules.coordinates.to_gcj02 makes of the same door.
  assert.ok(metres(shifted, { latitude: 34.78118805786662, longitude: 114.36692782225167 }) < 0.001);
  assert.ok(metres(toWgs(shifted), door) < 0.01);
  assert.deepEqual(toGcj({ latitude: 48.85, longitude: 2.35 }), { latitude: 48.85, longitude: 2.35 });
  assert.ok(metres(unproject(project(door, 17), 17), door) < 0.001);
});

test("the nearest named place of a map", () => {
  const places = named({
    compounds: [
      {
        name: "幸福家园",
        community: "惠民社区",
        lat: 34.78,
        lng: 114.36,
        buildings: [{ name: "3号楼", lat: 34.781, lng: 114.36 }],
      },
    ],
  });
  assert.deepEqual(
    places.map((one) => one.name),
    ["幸福家园", "幸福家园3号楼"],
  );
  const found = nearest({ latitude: 34.7811, longitude: 114.36 }, places);
  assert.deepEqual([found.name, found.address, Math.round(found.away)], ["幸福家园3号楼", "惠民社区幸福家园", 11]);
  assert.equal(nearest({ latitude: 1, longitude: 1 }, []), null);
});

test("a mini-program's code leads to a page, another code says its words", () => {
  assert.deepEqual(
    readingOf({ kind: "wxacode", page: "pages/report/report", scene: "p=abc" }).path,
    "pages/report/report?scene=p%3Dabc",
  );
  assert.equal(
    readingOf({ kind: "QR_STR_SCENE", url: "http://weixin.qq.com/q/1", scene: "s" }).result,
    "http://weixin.qq.com/q/1",
  );
});

test("what the platform says to a list of templates", () => {
  const known = [
    { id: "a", type: 2 },
    { id: "b", type: 3 },
  ];
  const code = (ids) => objection(ids, known)?.more.errCode ?? 0;
  assert.deepEqual(
    [["a"], ["a", "b"], ["x"], [], undefined, ["a", "a", "a", "a", "a", "a"]].map(code),
    [0, 20002, 20001, 10001, 10001, 20003],
  );
});

test("a recording is a WAV of its length", () => {
  const view = new DataView(wav(hum(0.5)));
  const word = (at) => String.fromCharCode(...[0, 1, 2, 3].map((step) => view.getUint8(at + step)));
  assert.deepEqual([word(0), word(8), word(36)], ["RIFF", "WAVE", "data"]);
  assert.equal(view.getUint32(40, true) / view.getUint32(28, true), 0.5);
  assert.equal(view.byteLength, 44 + view.getUint32(40, true));
});

test("an animation exports its steps once, each as a style", () => {
  const moved = createAnimation({ duration: 100 }).translateX(20).rotate(90).opacity(0.5).step();
  const { actions } = moved.export();
  assert.deepEqual(styleOf(actions[0].animates), { opacity: "0.5", transform: "translateX(20px) rotate(90deg)" });
  assert.equal(actions[0].option.transition.duration, 100);
  assert.deepEqual(moved.export().actions, []);
});

test("the clock of a phone is turned while it runs, and dates stay dates", () => {
  const store = shelf();
  const settings = new Settings("zhanglan", store);
  const scope = { Date };
  shiftClock(settings, scope);
  assert.equal(scope.Date, Date);
  settings.set({ clock: -86400 });
  assert.ok(Math.abs(scope.Date.now() - Date.now() + 86_400_000) < 1000);
  assert.ok(new Date() instanceof scope.Date);
  assert.equal(new scope.Date(5).getTime(), 5);
  settings.set({ clock: 0 });
  assert.ok(Math.abs(scope.Date.now() - Date.now()) < 1000);
});
