/** The wire of the preview: which addresses, what is sent, how it fails, how many at once; and the places of its maps. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { metres, named, nearest, pixelsPerMetre, project, toGcj, toWgs, unproject } from "../../app/sandbox/preview/wx/geo.js";
import { here } from "../../app/sandbox/preview/wx/servers.js";
import { transfer, wrap } from "../../app/sandbox/preview/wx/transfer.js";
import { hum, RATE, wav } from "../../app/sandbox/preview/wx/wav.js";

const SERVER = "https://doorstep.example";
const chosen = { network: "wifi" };
const settings = { get: (name) => chosen[name] };
const ended = [];
const taps = { spend: () => () => ended.push("tap") };
let server;
let answer;
let wire;

before(async () => {
  server = createServer((request, reply) => answer(request, reply)).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  globalThis.location = { origin: `http://127.0.0.1:${server.address().port}` };
  Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
  wire = transfer({ settings, servers: [SERVER], files: {}, taps });
});
beforeEach(() => {
  chosen.network = "wifi";
  answer = (request, reply) => reply.writeHead(201, { "content-type": "application/json" }).end('{"key":"7f"}');
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** One request; its answer, or what it failed with. */
const ask = (options) => new Promise((done) => wire.request({ ...options, success: done, fail: done }));

test("only the servers of the mini-program are spoken to, and they are this machine", () => {
  const at = (url) => here([SERVER], url, "http://127.0.0.1:8000");
  assert.equal(at(`${SERVER}/api/v1/me?x=1`), "http://127.0.0.1:8000/api/v1/me?x=1");
  for (const url of ["https://doorstep.example.org/api", "http://doorstep.example/api", "/api/v1/me", "wxfile://usr/a", undefined])
    assert.equal(at(url), null);
});

test("an address that is on no list fails as on the phone", async (t) => {
  t.mock.method(console, "error", () => {});
  assert.deepEqual(await ask({ url: "https://elsewhere.example/" }), { errMsg: "request:fail url not in domain list", errno: 600002 });
  assert.match((await ask({ url: "/api/v1/me" })).errMsg, /^request:fail invalid url/);
  assert.match((await ask({ url: `${SERVER}/`, method: "PATCH" })).errMsg, /^request:fail method is invalid/);
});

test("data is the query of a GET and the JSON or the form of everything else", () => {
  const url = "http://here/x";
  assert.deepEqual(wrap({ url, method: "GET", data: { a: "1 2", b: true } }), { url: `${url}?a=1%202&b=true` });
  assert.deepEqual(wrap({ url: `${url}?c=3`, method: "GET", data: { a: 1 } }), { url: `${url}?c=3&a=1` });
  const json = { "content-type": "application/json" };
  assert.deepEqual(wrap({ url, method: "POST", data: { a: [1] }, header: json }), { url, body: '{"a":[1]}' });
  const form = { "content-type": "application/x-www-form-urlencoded" };
  assert.deepEqual(wrap({ url, method: "POST", data: { a: "井盖", b: 1 }, header: form }), { url, body: "a=%E4%BA%95%E7%9B%96&b=1" });
  assert.deepEqual(wrap({ url, method: "POST", data: "as it is", header: json }), { url, body: "as it is" });
  assert.deepEqual(wrap({ url, method: "DELETE" }), { url });
});

test("an answer comes with its status and headers, JSON read, whatever the status", async () => {
  const good = await ask({ url: `${SERVER}/api/v1/cases`, method: "POST", data: {}, header: { "Idempotency-Key": "k1" } });
  assert.deepEqual([good.errMsg, good.statusCode, good.data], ["request:ok", 201, { key: "7f" }]);
  assert.equal(good.header["content-type"], "application/json");
  answer = (request, reply) => reply.writeHead(503).end("<h1>busy</h1>");
  const busy = await ask({ url: `${SERVER}/api/v1/cases` });
  assert.deepEqual([busy.errMsg, busy.statusCode, busy.data], ["request:ok", 503, "<h1>busy</h1>"]);
});

test("no network, a patience that ends and a hand that stops it are told apart", async () => {
  chosen.network = "none";
  assert.deepEqual(await ask({ url: `${SERVER}/` }), { errMsg: "request:fail net::ERR_INTERNET_DISCONNECTED", errno: 600001 });
  chosen.network = "wifi";
  answer = () => {};
  assert.match((await ask({ url: `${SERVER}/`, timeout: 30 })).errMsg, /^request:fail timeout/);
  const stopped = await new Promise((done) => {
    const task = wire.request({ url: `${SERVER}/`, fail: done });
    setTimeout(() => task.abort(), 20);
  });
  assert.match(stopped.errMsg, /^request:fail abort/);
  answer = (request, reply) => reply.destroy();
  assert.match((await ask({ url: `${SERVER}/` })).errMsg, /^request:fail net::/);
});

test("ten run at once, the eleventh waits for its turn", async () => {
  const open = [];
  answer = (request, reply) => open.push(reply);
  const all = Array.from({ length: 12 }, () => ask({ url: `${SERVER}/` }));
  while (open.length < 10) await new Promise((later) => setTimeout(later, 5));
  await new Promise((later) => setTimeout(later, 60));
  assert.equal(open.length, 10);
  open.splice(0, 2).forEach((reply) => reply.end("{}"));
  while (open.length < 10) await new Promise((later) => setTimeout(later, 5));
  open.forEach((reply) => reply.end("{}"));
  assert.deepEqual((await Promise.all(all)).map((one) => one.errMsg), Array(12).fill("request:ok"));
});

test("an answer from the network ends the tap before it", async () => {
  ended.length = 0;
  await ask({ url: `${SERVER}/` });
  assert.deepEqual(ended, ["tap"]);
});

test("GCJ-02 is where the service says it is, and the way back ends where it began", () => {
  // app/rules/coordinates.py gives this for the compound of the demo.
  const { latitude, longitude } = toGcj({ latitude: 34.782, longitude: 114.361 });
  assert.ok(Math.abs(latitude - 34.781188) < 1e-6 && Math.abs(longitude - 114.366928) < 1e-6);
  const back = toWgs({ latitude, longitude });
  assert.ok(metres(back, { latitude: 34.782, longitude: 114.361 }) < 0.01);
  assert.deepEqual(toGcj({ latitude: 51.5, longitude: -0.1 }), { latitude: 51.5, longitude: -0.1 });
});

test("a place drawn and taken from the picture again is the same place", () => {
  const place = { latitude: 34.781188, longitude: 114.366928 };
  const again = unproject(project(place, 17), 17);
  assert.ok(metres(place, again) < 0.001);
  const east = { ...place, longitude: place.longitude + 0.001 };
  const pixels = project(east, 17).x - project(place, 17).x;
  assert.ok(Math.abs(pixels / metres(place, east) - pixelsPerMetre(place.latitude, 17)) < 0.01);
});

test("the nearest door has the name of its compound", () => {
  const buildings = [{ name: "1号楼", lat: 34.7815, lng: 114.3663 }, { name: "2号楼", lat: 34.7815, lng: 114.3669 }];
  const places = named({ compounds: [{ name: "幸福家园", community: "惠民社区", lat: 34.7812, lng: 114.3669, buildings }] });
  const { name, address, away } = nearest({ latitude: 34.78151, longitude: 114.36691 }, places);
  assert.deepEqual([name, address, away < 5], ["幸福家园2号楼", "惠民社区幸福家园", true]);
  assert.equal(nearest({ latitude: 0, longitude: 0 }, []), null);
});

test("a hum of two and a half seconds is a WAV file of that length", () => {
  const file = new DataView(wav(hum(2.5)));
  const word = (at) => String.fromCharCode(...new Uint8Array(file.buffer, at, 4));
  assert.deepEqual([word(0), word(8), word(36)], ["RIFF", "WAVE", "data"]);
  assert.equal(file.getUint32(40, true) / (RATE * 2), 2.5);
  assert.equal(file.byteLength, 44 + file.getUint32(40, true));
  const loudest = Math.max(...new Int16Array(file.buffer, 44));
  assert.ok(loudest > 3000 && loudest < 32767);
});
