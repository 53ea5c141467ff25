/** What the person lets the mini-program use, and the files it keeps. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Files, fileSystem, USER } from "../../app/sandbox/preview/wx/files.js";
import { Permission } from "../../app/sandbox/preview/wx/permission.js";

const DEFAULTS = { privacy: false, scopes: {}, always: {}, subscribe: true };
let settings;
let permission;
let calls;

beforeEach(() => {
  const kept = { ...DEFAULTS };
  settings = { all: () => kept, get: (name) => kept[name], set: (news) => void Object.assign(kept, news) };
  permission = new Permission({ settings, config: { __usePrivacyCheck__: true }, title: () => "家门口" });
  calls = permission.calls();
});

/** The mini-program's own sheet: what it is told, and how it answers. */
function sheet(answer) {
  const told = [];
  calls.onNeedPrivacyAuthorization((resolve, given) => {
    told.push(given.referrer);
    resolve({ event: "exposureAuthorization" });
    answer(resolve);
  });
  return told;
}

const agree = (resolve) => {
  permission.agree("agree-privacy");
  resolve({ event: "agree", buttonId: "agree-privacy" });
};

test("the agreement is asked for once, and holds", async () => {
  const told = sheet(agree);
  assert.deepEqual((await calls.getPrivacySetting()).needAuthorization, true);
  await permission.privacy("chooseMedia");
  await permission.privacy("chooseLocation");
  assert.deepEqual(told, ["chooseMedia"]);
  assert.equal((await calls.getPrivacySetting()).needAuthorization, false);
});

test("a refusal fails with 104, and for ten seconds nobody is asked again", async (t) => {
  const told = sheet((resolve) => resolve({ event: "disagree" }));
  const no = { errMsg: "requirePrivacyAuthorize:fail privacy permission is not authorized", errno: 104 };
  await assert.rejects(calls.requirePrivacyAuthorize(), no);
  await assert.rejects(calls.requirePrivacyAuthorize(), no);
  assert.equal(told.length, 1);
  const now = performance.now();
  t.mock.method(performance, "now", () => now + 10_100);
  await assert.rejects(calls.requirePrivacyAuthorize(), no);
  assert.equal(told.length, 2);
});

test("a yes that nobody tapped is none, and is said loudly", async (t) => {
  const said = t.mock.method(console, "error", () => {});
  sheet((resolve) => resolve({ event: "agree", buttonId: "agree-privacy" }));
  await assert.rejects(calls.requirePrivacyAuthorize(), { errno: 104 });
  assert.match(said.mock.calls[0].arguments[0], /agree-privacy/);
  assert.equal(settings.get("privacy"), false);
});

test("calls that wait together wait for one answer", async () => {
  let later;
  const told = sheet((resolve) => (later = resolve));
  const both = [permission.privacy("chooseMedia"), permission.privacy("getRecorderManager")];
  agree(later);
  await Promise.all(both);
  assert.deepEqual(told, ["chooseMedia"]);
});

test("a mini-program that declares no check is asked for none", async () => {
  permission = new Permission({ settings, config: {} });
  await permission.privacy("chooseMedia");
  assert.equal((await permission.calls().getPrivacySetting()).needAuthorization, false);
});

test("a scope once refused fails as on the phone until the settings change", async () => {
  settings.set({ privacy: true, scopes: { "scope.userLocation": false } });
  await assert.rejects(calls.authorize({ scope: "scope.userLocation" }), { errMsg: "authorize:fail auth deny" });
  assert.deepEqual((await calls.getSetting()).authSetting, { "scope.userLocation": false });
  settings.set({ scopes: { "scope.userLocation": true } });
  assert.equal((await calls.authorize({ scope: "scope.userLocation" })).errMsg, "authorize:ok");
  await assert.rejects(calls.authorize({ scope: "scope.tea" }), { errMsg: /invalid scope/ });
});

test("the settings tell of subscriptions when they are asked to", async () => {
  settings.set({ always: { a: "accept" } });
  const { subscriptionsSetting } = await calls.getSetting({ withSubscriptions: true });
  assert.deepEqual(subscriptionsSetting, { mainSwitch: true, itemSettings: { a: "accept" } });
  assert.equal((await calls.getSetting()).subscriptionsSetting, undefined);
});

test("a temporary photo is kept, read, sized and let go", async () => {
  const files = new Files({ person: "zhanglan", servers: [] });
  const manager = fileSystem(files);
  const photo = files.add(new Blob(["井盖"], { type: "image/jpeg" }));
  assert.match(photo, /^wxfile:\/\/tmp_.+\.jpg$/);
  const kept = `${USER}/kept-1.jpg`;
  assert.equal((await manager.copyFile({ srcPath: photo, destPath: kept })).errMsg, "copyFile:ok");
  assert.equal((await manager.readFile({ filePath: kept, encoding: "utf8" })).data, "井盖");
  assert.equal((await manager.getFileInfo({ filePath: kept })).size, 6);
  assert.deepEqual((await manager.readdir({ dirPath: USER })).files, ["kept-1.jpg"]);
  await manager.unlink({ filePath: kept });
  await assert.rejects(manager.access({ path: kept }), { errMsg: /^access:fail no such file or directory/ });
  await assert.rejects(manager.unlink({ filePath: kept }), { errMsg: /^unlink:fail no such file or directory/ });
  await manager.access({ path: photo });
});

test("nothing is written outside the person's folder, and what is missing says so", async () => {
  const manager = fileSystem(new Files({ person: "zhanglan", servers: [] }));
  for (const filePath of ["wxfile://tmp_x.jpg", "/images/tab-home.png", "wxfile://usrx/a"])
    await assert.rejects(manager.writeFile({ filePath, data: "x" }), { errMsg: /^writeFile:fail permission denied/ });
  await manager.writeFile({ filePath: `${USER}/a.txt`, data: "5Lic", encoding: "base64" });
  assert.equal((await manager.readFile({ filePath: `${USER}/a.txt`, encoding: "utf-8" })).data, "东");
  assert.throws(() => manager.mkdir, /FileSystemManager\.mkdir/);
});
