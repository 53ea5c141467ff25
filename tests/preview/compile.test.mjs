/** What the compiler refuses, with the place; and what it takes. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import test from "node:test";
import { compile } from "../../app/sandbox/preview/compile/build.mjs";
import { tagsOf } from "../../app/sandbox/preview/compile/wxml.mjs";
import { findings, page, part, write } from "./lab.mjs";

const home = (wxml, more = {}) => page("pages/home/home", { wxml, ...more });
const PREVIEW = path.resolve(import.meta.dirname, "../../app/sandbox/preview");

/** One mistake each: its name, the files, and every finding it makes. */
const MISTAKES = [
  [
    "an unknown tag",
    home("<view>\n  <marquee>走</marquee>\n</view>"),
    [
      "pages/home/home.wxml:2:3 unknown tag <marquee>: no component of that name in usingComponents, and the preview has no such built-in",
    ],
  ],
  [
    "an unknown attribute of a built-in",
    home('<view role="button">办</view>'),
    ['pages/home/home.wxml:1:7 <view> has no attribute "role" in the preview'],
  ],
  [
    "an event a built-in has not",
    home('<image bind:finish="go" src="" />', { ts: "Page({ go() {} })" }),
    ['pages/home/home.wxml:1:8 <image> has no event "finish" in the preview'],
  ],
  [
    "a handler nobody wrote",
    home('<view bind:tap="sendIt">办</view>'),
    ['pages/home/home.wxml:1:7 no function "sendIt" for bind:tap'],
  ],
  [
    "a component that is not there",
    home("<card />", { json: { usingComponents: { card: "/parts/card" } } }),
    [
      'pages/home/home.json component not found: "/parts/card" for <card>',
      "pages/home/home.wxml:1:1 unknown tag <card>: no component of that name in usingComponents, and the preview has no such built-in",
    ],
  ],
  [
    "a package that is not there",
    home("<view />", { json: { usingComponents: { card: "no-such-package/card" } } }),
    ['pages/home/home.json component not found: "no-such-package/card" for <card>'],
  ],
  [
    "a template that is not there",
    home('<import src="./none.wxml" />'),
    ['pages/home/home.wxml template not found: "pages/home/none.wxml"'],
  ],
  [
    "a wxs that is not there",
    home('<wxs src="./none.wxs" module="none" />'),
    ['pages/home/home.wxml wxs not found: "pages/home/none.wxs"'],
  ],
  [
    "an image that is not there",
    home('<image src="/images/none.png" />'),
    ['pages/home/home.wxml:1:8 file not found: "/images/none.png"'],
  ],
  [
    "a link to no page",
    home('<navigator url="/pages/none/none?id=1">去</navigator>'),
    ['pages/home/home.wxml:1:12 no page "pages/none/none"'],
  ],
  [
    "an expression that does not end",
    home("<view>\n{{a +}}</view>"),
    ["pages/home/home.wxml:2:6 unexpected character inside expression"],
  ],
  ["a tag that is not closed", home("<view><text>开</view>"), ["pages/home/home.wxml:1:8 missing end tag"]],
  [
    "a style that is not there",
    home("<view />", { wxss: '\n@import "./none.wxss";' }),
    ['pages/home/home.wxss:2:1 style not found: "./none.wxss"'],
  ],
  ["a style that is none", home("<view />", { wxss: ".a { color: red" }), ["pages/home/home.wxss:1:1 Unclosed block"]],
  [
    "a module that is not there",
    home("<view />", { ts: "import { a } from './none';\nPage({ data: { a } });" }),
    ['pages/home/home.ts:1:19 Could not resolve "./none"'],
  ],
  [
    "a script that is none",
    home("<view />", { ts: "Page({" }),
    ["pages/home/home.ts:1:7 Expected identifier but found end of file"],
  ],
  [
    "styleIsolation in the script",
    {
      ...home("<view />", { json: { usingComponents: { card: "/parts/card" } } }),
      ...part("parts/card", { ts: "Component({ options: { styleIsolation: 'shared' } })" }),
    },
    ["parts/card.ts:1:24 styleIsolation belongs in the .json of the component, the preview reads it there only"],
  ],
  [
    "JSON that is none",
    { ...home("<view />"), "pages/home/home.json": "{" },
    ["pages/home/home.json not valid JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
  ],
];

for (const [name, files, expected] of MISTAKES)
  test(`refused: ${name}`, async () => {
    assert.deepEqual(await findings(files), expected);
  });

/** The same for what app.json says. */
const APPS = [
  [
    "a page that is not there",
    { pages: ["pages/home/home", "pages/none/none"] },
    ['app.json page not found: "pages/none/none" has no pages/none/none.wxml'],
  ],
  [
    "a page listed twice",
    { pages: ["pages/home/home", "pages/home/home"] },
    ['app.json page listed twice: "pages/home/home"'],
  ],
  [
    "one tab",
    { tabBar: { list: [{ pagePath: "pages/home/home", text: "首页" }] } },
    ["app.json tabBar.list has 1 entries, the platform wants 2 to 5"],
  ],
  [
    "a tab whose picture is not there",
    {
      tabBar: {
        list: [
          { pagePath: "pages/home/home", text: "首页", iconPath: "a.png" },
          { pagePath: "pages/home/home", text: "我" },
        ],
      },
    },
    ['app.json image not found: "a.png" of tab "首页"'],
  ],
  [
    "a subpackage without a folder",
    { subpackages: [{ root: "staff", pages: [] }] },
    ['app.json subpackage "staff" has no folder'],
  ],
  [
    "a preload of nothing",
    { preloadRule: { "pages/home/home": { packages: ["staff"] } } },
    ['app.json preloadRule: no subpackage "staff"'],
  ],
];

for (const [name, app, expected] of APPS)
  test(`refused: ${name}`, async () => {
    assert.deepEqual(await findings(home("<view />"), app), expected);
  });

const STAFF = {
  subpackages: [
    { root: "staff", pages: ["today/today"] },
    { root: "my", pages: ["me/me"] },
  ],
};
const both = (staff, my = {}) => ({
  ...home("<view />"),
  ...page("staff/today/today", staff),
  ...page("my/me/me", my),
});

/** A file of one subpackage in another, by every way there is. */
const CROSSINGS = [
  [
    "a component",
    { ...both({ wxml: "<card />", json: { usingComponents: { card: "/my/card/card" } } }), ...part("my/card/card") },
    "staff/today/today.json",
    "my/card/card",
  ],
  [
    "a script",
    { ...both({ ts: "import { a } from '../../my/a'; Page({ data: { a } })" }), "my/a.ts": "export const a = 1;" },
    "staff/today/today.ts",
    "my/a.ts",
  ],
  [
    "a template",
    { ...both({ wxml: '<import src="/my/a.wxml" />' }), "my/a.wxml": "<view />" },
    "staff/today/today.wxml",
    "my/a.wxml",
  ],
  [
    "a wxs",
    { ...both({ wxml: '<wxs src="/my/a.wxs" module="a" />' }), "my/a.wxs": "module.exports = {}" },
    "staff/today/today.wxml",
    "my/a.wxs",
  ],
  ["a style", { ...both({ wxss: '@import "/my/a.wxss";' }), "my/a.wxss": "" }, "staff/today/today.wxss", "my/a.wxss"],
  [
    "an image",
    { ...both({ wxml: '<image src="/my/a.png" />' }), "my/a.png": "" },
    "staff/today/today.wxml",
    "my/a.png",
  ],
];

for (const [name, files, from, to] of CROSSINGS)
  test(`refused: ${name} of another subpackage`, async () => {
    const found = (await findings(files, STAFF)).filter((one) => one.includes("cannot use it"));
    assert.equal(found.length, 1);
    assert.ok(found[0].startsWith(from));
    assert.match(found[0], new RegExp(`"${to}" is of subpackage "my", staff cannot use it$`));
  });

test("everybody may use the main package", async () => {
  const files = {
    ...both({ ts: "import { a } from '../../core/a'; Page({ data: { a } })" }),
    "core/a.ts": "export const a = 1;",
  };
  assert.deepEqual(await findings(files, STAFF), []);
});

test("a package over 2 MB is refused, and the size of each is told", async () => {
  const root = write({ ...both({}), "staff/big.png": "x".repeat(2 * 1024 * 1024 + 1) }, STAFF);
  const { findings: found, sizes } = await compile(root);
  assert.deepEqual(Object.keys(sizes), ["main", "staff", "my"]);
  assert.equal(sizes.staff.assets, 2 * 1024 * 1024 + 1);
  assert.deepEqual(found, [`app.json package "staff" has ${sizes.staff.total} bytes, the platform takes 2097152`]);
});

test("what a component of TDesign brings along counts for the main package", async () => {
  const root = write(
    home("<t-button>好</t-button>", { json: { usingComponents: { "t-button": "tdesign-miniprogram/button/button" } } }),
  );
  const { findings: found, sizes, project } = await compile(root);
  assert.deepEqual(found, []);
  assert.ok(sizes.main.tdesign > 20_000);
  assert.ok(project.components.has("miniprogram_npm/tdesign-miniprogram/loading/loading"));
});

test("a call the preview lacks is refused with its place, one in a comment is not", async () => {
  const ts = "Page({\n  // wx.brewTea()\n  onLoad() {\n    wx.brewTea();\n  },\n});";
  const { findings: found } = await compile(write(home("<view />", { ts })), { names: ["request"] });
  assert.deepEqual(found, ["pages/home/home.ts:4:5 the preview has no wx.brewTea"]);
});

test("all mistakes are told at once", async () => {
  const found = await findings(home('<marquee /><view role="a" />\n<image src="/none.png" />'));
  assert.equal(found.length, 3);
});

test("the command writes nothing when there is a mistake, unless it is told to go on", async () => {
  const root = write(home("<marquee />"));
  const out = path.join(path.dirname(root), "out");
  const command = (env, ...more) =>
    promisify(execFile)(process.execPath, [path.join(PREVIEW, "build.mjs"), root, out, ...more], {
      env: { ...process.env, ...env },
    });
  await assert.rejects(command({}), { code: 1, stderr: /unknown tag <marquee>[^]*1 error/ });
  assert.equal(fs.existsSync(out), false);
  const { stderr, stdout } = await command({ KEEP_GOING: "1" });
  assert.match(stderr, /unknown tag <marquee>/);
  assert.match(stdout, /^package \(KiB\)/);
  assert.deepEqual(Object.keys(JSON.parse(fs.readFileSync(path.join(out, "sizes.json"), "utf8"))), ["main"]);
});

test("a check writes nothing", async () => {
  const root = write(home("<view />"));
  const out = path.join(path.dirname(root), "out");
  await promisify(execFile)(process.execPath, [path.join(PREVIEW, "build.mjs"), root, out, "--check"]);
  assert.equal(fs.existsSync(out), false);
});

test("tags and their places are read through comments, quotes and wxs", () => {
  const tags = tagsOf(
    `<!-- <a> -->\n<view a="{{x > 1}}" b='<c>' d>\n<wxs module="m">if (1 < 2) {}</wxs><text/></view>`,
  );
  assert.deepEqual(
    tags.map(({ name, line, column }) => [name, line, column]),
    [
      ["view", 2, 1],
      ["wxs", 3, 1],
      ["text", 3, 36],
    ],
  );
  assert.deepEqual(
    tags[0].attributes.map(({ name, value }) => [name, value]),
    [
      ["a", "{{x > 1}}"],
      ["b", "<c>"],
      ["d", null],
    ],
  );
  assert.equal(tags[1].body, "if (1 < 2) {}");
});
