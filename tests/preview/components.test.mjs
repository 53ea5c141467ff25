/** The built-in components: what they tell the page, and what keyboards, screen readers and tests find. */
import assert from "node:assert/strict";
import test from "node:test";
import { key, page, part, plain, run, settle, told, types } from "./lab.mjs";

test("a tap reaches the page with its target's data, by mouse, by script and by the keyboard alike", async () => {
  const phone = await run(
    page("pages/a/a", {
      wxml: '<view aria-role="button" aria-label="办结" data-case="1023" bind:tap="go"><text id="word">办</text></view>',
      ts: "Page({ go({ currentTarget, target, touches }) { log.push([currentTarget.dataset.case, target.id, touches.length]) } })",
    }),
  );
  phone.find("#word").click();
  const view = phone.find('[role="button"]');
  assert.equal(view.getAttribute("aria-label"), "办结");
  assert.equal(view.tabIndex, 0);
  key(phone, view, "Enter");
  assert.deepEqual(plain(phone.log), [
    ["1023", "word", 1],
    ["1023", "", 1],
  ]);
  assert.deepEqual(phone.errors, []);
});

test("catch ends a tap, bind does not", async () => {
  const phone = await run(
    page("pages/a/a", {
      wxml: '<view bind:tap="outer"><view bind:tap="inner"><text id="a">一</text></view><view catch:tap="inner"><text id="b">二</text></view></view>',
      ts: 'Page({ outer() { log.push("outer") }, inner() { log.push("inner") } })',
    }),
  );
  phone.find("#a").click();
  assert.deepEqual(phone.log.splice(0), ["inner", "outer"]);
  phone.find("#b").click();
  assert.deepEqual(phone.log, ["inner"]);
});

test("a long press is no tap", async () => {
  const phone = await told('<view id="v" bind:longpress="told" bind:tap="told">按</view>');
  const mouse = (type) =>
    phone
      .find("#v")
      .dispatchEvent(new phone.window.MouseEvent(type, { bubbles: true, detail: 1, clientX: 5, clientY: 5 }));
  mouse("mousedown");
  await settle(420);
  mouse("mouseup");
  mouse("click");
  assert.deepEqual(types(phone), ["longpress"]);
  mouse("mousedown");
  mouse("mouseup");
  mouse("click");
  assert.deepEqual(types(phone), ["longpress", "tap"]);
});

test("a mouse drags like a finger, and a drag is no tap", async () => {
  const phone = await told(
    '<view id="v" bind:touchstart="told" bind:touchmove="told" bind:touchend="told" bind:tap="told">拖</view>',
  );
  const mouse = (type, clientX) =>
    phone.find("#v").dispatchEvent(new phone.window.MouseEvent(type, { bubbles: true, detail: 1, clientX }));
  mouse("mousedown", 5);
  mouse("mousemove", 60);
  mouse("mouseup", 60);
  mouse("click", 60);
  assert.deepEqual(types(phone), ["touchstart", "touchmove", "touchend"]);
});

test("hover-class is there while one presses, under the scope of the template", async () => {
  const phone = await told(
    '<view id="v" hover-class="pressed" hover-start-time="{{0}}" hover-stay-time="{{0}}">按</view>',
  );
  const view = phone.find("#v");
  view.dispatchEvent(new phone.window.MouseEvent("mousedown", { bubbles: true }));
  await settle(20);
  assert.equal(view.classList.contains("pressed"), true);
  view.dispatchEvent(new phone.window.MouseEvent("mouseup", { bubbles: true }));
  await settle(20);
  assert.equal(view.classList.contains("pressed"), false);
});

test("ids and aria attributes reach the DOM and change with the data", async () => {
  const phone = await told('<view id="v" aria-label="{{label}}" aria-hidden="{{gone}}" aria-live="polite">字</view>', {
    data: '{ label: "一", gone: false }',
  });
  const view = phone.find("#v");
  assert.equal(view.getAttribute("aria-label"), "一");
  assert.equal(view.getAttribute("aria-hidden"), "false");
  assert.equal(view.getAttribute("aria-live"), "polite");
  phone.top().inst.setData({ label: "", gone: true });
  assert.equal(view.hasAttribute("aria-label"), false);
  assert.equal(view.getAttribute("aria-hidden"), "true");
});

test("a picture tells its words, its mode, and when it failed", async () => {
  const phone = await told('<image id="i" src="/a.png" mode="aspectFill" aria-label="门口" bind:error="told" />', {
    files: { "a.png": "" },
  });
  const image = phone.find("#i img");
  assert.equal(image.alt, "门口");
  assert.equal(image.style.objectFit, "cover");
  assert.equal(image.getAttribute("src"), "a.png");
  image.dispatchEvent(new phone.window.Event("error"));
  assert.deepEqual(types(phone), ["error"]);
});

test("rich text shows words and pictures, and runs nothing", async () => {
  const phone = await told('<rich-text id="r" nodes="{{text}}" /><rich-text id="n" nodes="{{nodes}}" />', {
    data: `{ text: '<p onclick="x()">停<b>水</b></p><script>log.push(1)</scr' + 'ipt><a href="javascript:x()">a</a>', nodes: [{ name: "b", attrs: { onclick: "x()", style: "color: red" }, children: [{ type: "text", text: "电" }] }] }`,
  });
  assert.equal(phone.find("#r").innerHTML, "<p>停<b>水</b></p><a>a</a>");
  assert.equal(phone.find("#n").innerHTML, '<b style="color: red">电</b>');
});

test("a scroll-view tells its ends", async () => {
  const phone = await told(
    '<scroll-view id="s" scroll-y bind:scroll="told" bind:scrolltolower="told" bind:scrolltoupper="told"><view>长</view></scroll-view>',
  );
  const view = phone.find("#s");
  Object.defineProperties(view, { scrollHeight: { value: 1000 }, clientHeight: { value: 200 } });
  for (const top of [300, 780, 0]) {
    view.scrollTop = top;
    view.dispatchEvent(new phone.window.Event("scroll"));
  }
  assert.deepEqual(types(phone), ["scroll", "scroll", "scrolltolower", "scroll", "scrolltoupper"]);
});

test("a navigator leads to a page, and says so when there is none", async () => {
  const phone = await run({
    ...page("pages/a/a", {
      wxml: '<navigator id="n" url="{{url}}" bind:fail="fail">去</navigator>',
      ts: 'Page({ data: { url: "/pages/b/b" }, fail({ detail }) { log.push(detail.errMsg) } })',
    }),
    ...page("pages/b/b"),
  });
  assert.equal(phone.find("#n").getAttribute("role"), "link");
  phone.find("#n").click();
  await settle();
  assert.deepEqual(phone.paths(), ["pages/a/a", "pages/b/b"]);
  await phone.wx.navigateBack();
  phone.top().inst.setData({ url: "/pages/none/none" });
  phone.find("#n").click();
  await settle();
  assert.deepEqual(phone.log, ['navigate:fail page "pages/none/none" is not found']);
});

test("a root-portal stands beside the page's scroll and goes with the page", async () => {
  const phone = await run({
    ...page("pages/a/a"),
    ...page("pages/b/b", { wxml: '<view><root-portal><text id="p">窗</text></root-portal></view>' }),
  });
  await phone.wx.navigateTo({ url: "/pages/b/b" });
  assert.equal(phone.find("#p").closest(".mp-scroll"), null);
  assert.ok(phone.find("#p").closest(".mp-page"));
  await phone.wx.navigateBack();
  assert.equal(phone.window.document.querySelector("#p"), null);
});

test("wxs runs as it does on the phone", async () => {
  const phone = await told('<wxs src="./f.wxs" module="f" /><text id="t">{{f.near(list)}}</text>', {
    data: "{ list: [1, 2] }",
    files: {
      "pages/a/f.wxs":
        "var g = require('./g.wxs');\nmodule.exports = { near: function (v) { return v.constructor + g.join(v) + getRegExp('a', 'g').test('a') } }",
      "pages/a/g.wxs": "module.exports = { join: function (v) { return v.join('-') } }",
    },
  });
  assert.equal(phone.find("#t").textContent, "Array1-2true");
});

test("a component of TDesign works unchanged, its icon is ours", async () => {
  const icon = part("components/icon/icon", {
    wxml: '<view id="ours">{{name}}</view>',
    ts: "Component({ properties: { name: String } })",
  });
  const phone = await told(
    '<t-button id="b" icon="check" bind:tap="told">办好了</t-button><t-switch id="s" bind:change="told" />',
    {
      json: {
        usingComponents: {
          "t-button": "tdesign-miniprogram/button/button",
          "t-switch": "tdesign-miniprogram/switch/switch",
        },
      },
      files: icon,
    },
  );
  const button = phone.find("wx-button");
  assert.match(button.textContent, /办好了/);
  assert.equal(button.querySelector("#ours").textContent, "check");
  button.click();
  phone.find('[role="switch"]').click();
  assert.deepEqual(types(phone), ["tap", "change"]);
  assert.deepEqual(phone.errors, []);
});

test("a property nobody has is told as an error", async () => {
  const phone = await told('<own wrong="1" />', {
    json: { usingComponents: { own: "/parts/own" } },
    files: part("parts/own"),
  });
  assert.match(phone.errors.join(), /"wrong" is not a valid property/);
});

test("createSelectorQuery gives places, and the real canvas", async () => {
  const phone = await run(
    page("pages/a/a", {
      wxml: '<canvas id="c" type="2d" />',
      ts: 'Page({ ask() { this.createSelectorQuery().select("#c").node().exec(([{ node }]) => log.push(node.tagName)); this.createSelectorQuery().select("#c").fields({ node: true, size: true }, ({ node, width }) => log.push(node.tagName + width)).exec() } })',
    }),
  );
  phone.top().inst.ask();
  await settle();
  assert.deepEqual(phone.log, ["CANVAS", "CANVAS0"]);
});

test("entities of a text are decoded where the template asks for it", async () => {
  const phone = await told('<text id="d" decode>{{words}}</text><text id="p">{{words}}</text>', {
    data: "{ words: '1&lt;2' }",
  });
  await settle(5);
  assert.equal(phone.find("#d").textContent, "1<2");
  assert.equal(phone.find("#p").textContent, "1&lt;2");
  phone.top().inst.setData({ words: "3&amp;4" });
  await settle(5);
  assert.equal(phone.find("#d").textContent, "3&4");
});

test("a movable-view follows the mouse and stays in its area", async () => {
  const phone = await told(
    '<movable-area><movable-view id="m" direction="horizontal" bind:change="told" /></movable-area>',
  );
  const view = phone.find("#m");
  Object.defineProperty(view.parentNode, "clientWidth", { value: 100 });
  Object.defineProperty(view, "offsetWidth", { value: 40 });
  const mouse = (type, clientX, target = phone.window.document) =>
    target.dispatchEvent(new phone.window.MouseEvent(type, { bubbles: true, clientX }));
  mouse("mousedown", 10, view);
  mouse("mousemove", 30);
  mouse("mousemove", 500);
  mouse("mouseup", 500);
  mouse("mousemove", 0);
  assert.deepEqual(plain(phone.log.map(([, detail]) => detail)), [
    { x: 20, y: 0, source: "touch" },
    { x: 60, y: 0, source: "touch" },
  ]);
});

test("a swiper tells where it is, by hand and by the page", async () => {
  const phone = await told(
    '<swiper id="s" current="{{at}}" indicator-dots bind:change="told"><swiper-item item-id="a" /><swiper-item item-id="b" /></swiper>',
    { data: "{ at: 0 }" },
  );
  const track = phone.find("swiper-track");
  Object.defineProperty(track, "clientWidth", { value: 300 });
  track.scrollLeft = 300;
  track.dispatchEvent(new phone.window.Event("scroll"));
  phone.top().inst.setData({ at: 1 });
  phone.top().inst.setData({ at: 0 });
  assert.deepEqual(plain(phone.log.map(([, detail]) => detail)), [
    { current: 1, currentItemId: "b", source: "touch" },
    { current: 0, currentItemId: "a", source: "" },
  ]);
  assert.equal(phone.find("#s .dots").children.length, 2);
});
