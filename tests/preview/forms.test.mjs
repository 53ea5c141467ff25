/** What one fills in: fields, choices, buttons, pickers and the form around them. */
import assert from "node:assert/strict";
import test from "node:test";
import { key, part, plain, settle, told, types } from "./lab.mjs";

test("an input is a real one: it has a name for screen readers, tells what is written, and keeps to its length", async () => {
  const phone = await told(
    '<input id="i" aria-label="电话" value="{{value}}" placeholder="写电话" placeholder-class="pale" type="number" maxlength="{{11}}" bind:input="told" bind:confirm="told" bind:blur="told" />',
    { data: '{ value: "1" }' },
  );
  const control = phone.find("#i input");
  assert.equal(control.getAttribute("aria-label"), "电话");
  assert.equal(control.inputMode, "numeric");
  assert.equal(control.maxLength, 11);
  assert.equal(control.value, "1");
  assert.equal(control.placeholder, "写电话");
  const hint = phone.find("#i .hint");
  assert.equal(hint.hidden, true);
  control.value = "13";
  control.dispatchEvent(new phone.window.Event("input", { bubbles: true }));
  key(phone, control, "Enter");
  assert.deepEqual(types(phone), ["input", "confirm"]);
  assert.equal(phone.log[0][1].value, "13");
  phone.top().inst.setData({ value: "" });
  assert.equal(control.value, "");
  assert.equal(hint.hidden, false);
  assert.ok(hint.classList.contains("pale"));
});

test("model:value keeps the data and the control the same", async () => {
  const phone = await told('<textarea id="t" model:value="{{words}}" maxlength="{{-1}}" auto-height />', {
    data: '{ words: "a" }',
  });
  const control = phone.find("#t textarea");
  assert.equal(control.hasAttribute("maxlength"), false);
  control.value = "井盖";
  control.dispatchEvent(new phone.window.Event("input", { bubbles: true }));
  assert.equal(phone.top().inst.data.words, "井盖");
});

test("a switch, a checkbox and a radio button are worked by click, label and key, and say their state", async () => {
  const phone = await told(`<switch id="s" bind:change="told" />
    <checkbox-group bind:change="told"><label id="l"><checkbox id="c" value="水" />停水</label><checkbox value="电" checked />停电</checkbox-group>
    <radio-group bind:change="told"><radio id="r1" value="好" checked /><radio id="r2" value="差" /></radio-group>`);
  const box = phone.find("#s");
  assert.deepEqual([box.getAttribute("role"), box.getAttribute("aria-checked"), box.tabIndex], ["switch", "false", 0]);
  box.click();
  assert.equal(box.getAttribute("aria-checked"), "true");
  phone.find("#l").click();
  assert.equal(phone.find("#c").getAttribute("aria-checked"), "true");
  key(phone, phone.find("#r2"), " ");
  assert.equal(phone.find("#r1").getAttribute("aria-checked"), "false");
  assert.deepEqual(plain(phone.log), [
    ["change", { value: true }],
    ["change", { value: ["水", "电"] }],
    ["change", { value: "差" }],
  ]);
});

test("a form gives what its fields hold, of built-in and of own components, and sets them back", async () => {
  const phone = await told(
    `<form bind:submit="told" bind:reset="told"><input name="what" value="井盖" /><switch name="known" checked />
      <radio-group name="way"><radio value="电话" checked /></radio-group><slider name="count" value="{{3}}" />
      <picker name="kind" range="{{['路', '灯']}}" value="{{1}}">类</picker><own name="place" value="3号楼" />
      <button id="go" form-type="submit">交</button><button id="no" form-type="reset">清</button></form>`,
    {
      json: { usingComponents: { own: "/parts/own" } },
      files: part("parts/own", { ts: 'Component({ behaviors: ["wx://form-field"] })' }),
    },
  );
  phone.find("#go").click();
  assert.deepEqual(plain(phone.log[0][1].value), {
    what: "井盖",
    known: true,
    way: "电话",
    count: 3,
    kind: 1,
    place: "3号楼",
  });
  phone.find("#no").click();
  phone.find("#go").click();
  assert.deepEqual(types(phone), ["submit", "reset", "submit"]);
  assert.deepEqual(plain(phone.log[2][1].value), { what: "", known: false, way: "", count: 0, kind: 0, place: "" });
});

test("a button is a button: role, focus, disabled", async () => {
  const phone = await told('<button id="b" disabled="{{off}}" bind:tap="told">好</button>', { data: "{ off: false }" });
  const button = phone.find("#b");
  assert.deepEqual([button.getAttribute("role"), button.tabIndex], ["button", 0]);
  key(phone, button, "Enter");
  assert.deepEqual(types(phone), ["tap"]);
  phone.top().inst.setData({ off: true });
  assert.deepEqual([button.getAttribute("aria-disabled"), button.tabIndex], ["true", -1]);
});

test("an open-type the preview lacks is said aloud", async () => {
  const phone = await told('<button id="b" open-type="launchApp">开</button>');
  phone.find("#b").click();
  await settle(5);
  assert.match(phone.errors.join(), /<button open-type="launchApp">: the preview has none/);
});

/** Open the picker of the page, choose these rows, confirm. */
async function pick(phone, rows) {
  phone.find("wx-picker").click();
  const column = (at) => phone.window.document.querySelectorAll(".mp-sheet .column")[at];
  for (const [at, word] of rows) [...column(at).children].find((one) => one.textContent === word).click();
  phone.window.document.querySelector(".mp-sheet .ok").click();
}
const PICKERS = [
  ["selector", `range="{{['路', '灯']}}"`, [[0, "灯"]], 1],
  ["selector", `range="{{[{ n: '路' }, { n: '灯' }]}}" range-key="n"`, [[0, "灯"]], 1],
  ["multiSelector", `range="{{[['一', '二'], ['甲', '乙']]}}" value="{{[0, 1]}}"`, [[0, "二"]], [1, 1]],
  [
    "time",
    'start="08:30" end="17:15" value="09:00"',
    [
      [0, "17时"],
      [1, "15分"],
    ],
    "17:15",
  ],
  ["date", 'start="2026-02-10" end="2026-11-24" value="2026-03-31"', [[1, "2月"]], "2026-02-28"],
  ["date", 'fields="month" value="2026-11"', [[1, "3月"]], "2026-03"],
];
for (const [mode, attributes, rows, value] of PICKERS)
  test(`a picker of mode ${mode} gives ${JSON.stringify(value)}`, async () => {
    const phone = await told(`<picker mode="${mode}" ${attributes} bind:change="told">选</picker>`);
    await pick(phone, rows);
    assert.deepEqual(plain(phone.log), [["change", { value }]]);
    assert.equal(phone.window.document.querySelector(".mp-sheet"), null);
  });

test("a picker of regions is said to be missing", async () => {
  const phone = await told('<picker mode="region">选</picker>');
  phone.find("wx-picker").click();
  assert.match(phone.errors.join(), /<picker mode="region">: the preview has none/);
});

test("columns of a picker may change while one chooses; leaving it changes nothing", async () => {
  const phone = await told(
    `<picker mode="multiSelector" range="{{range}}" value="{{[0, 0]}}" bind:columnchange="turn" bind:cancel="told">选</picker>`,
    {
      data: "{ range: [['一', '二'], ['甲']] }",
      methods:
        "turn({ detail }) { if (detail.column === 0 && detail.value === 1) this.setData({ 'range[1]': ['丙', '丁'] }) }",
    },
  );
  phone.find("wx-picker").click();
  const columns = () => [...phone.window.document.querySelectorAll(".mp-sheet .column")].map((one) => one.textContent);
  assert.deepEqual(columns(), ["一二", "甲"]);
  phone.window.document.querySelectorAll(".mp-sheet .option")[1].click();
  assert.deepEqual(columns(), ["一二", "丙丁"]);
  phone.window.document.querySelector(".mp-sheet .cancel").click();
  assert.deepEqual(types(phone), ["cancel"]);
});
