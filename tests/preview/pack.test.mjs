/** miniprogram_npm, as WeChat DevTools wants it: what is used and nothing else. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import test from "node:test";
import { page, part, write } from "./lab.mjs";

const PACK = path.resolve(import.meta.dirname, "../../app/sandbox/preview/pack.mjs");
const pack = (root) => promisify(execFile)(process.execPath, [PACK, root]);
const button = {
  json: { usingComponents: { "t-button": "tdesign-miniprogram/button/button" } },
  wxml: "<t-button>好</t-button>",
};

test("a component comes with what it reaches, with its licence, and with our icon", async () => {
  const root = write({ ...page("pages/a/a", button), ...part("components/icon/icon") });
  await pack(root);
  const library = path.join(root, "miniprogram_npm/tdesign-miniprogram");
  const read = (name) => fs.readFileSync(path.join(library, name), "utf8");
  const { usingComponents } = JSON.parse(read("button/button.json"));
  assert.deepEqual(usingComponents, {
    "t-icon": "/components/icon/icon",
    "t-loading": "/miniprogram_npm/tdesign-miniprogram/loading/loading",
  });
  for (const name of [
    "button/button.js",
    "button/button.wxml",
    "button/button.wxss",
    "loading/loading.js",
    "common/utils.wxs",
  ])
    assert.ok(read(name).length > 0);
  assert.match(read("LICENSE.txt"), /MIT|Permission is hereby granted/);
  assert.equal(fs.existsSync(path.join(library, "icon")), false);
  assert.equal(fs.existsSync(path.join(library, "calendar")), false);
});

test("what was packed before goes", async () => {
  const root = write({
    ...page("pages/a/a", button),
    ...part("components/icon/icon"),
    "miniprogram_npm/old/old.js": "",
  });
  await pack(root);
  assert.equal(fs.existsSync(path.join(root, "miniprogram_npm/old")), false);
});

test("a mini-program with a mistake is not packed", async () => {
  const root = write(page("pages/a/a", { wxml: "<marquee />" }));
  await assert.rejects(pack(root), { code: 1, stderr: /unknown tag <marquee>/ });
  assert.equal(fs.existsSync(path.join(root, "miniprogram_npm")), false);
});
