/** The stack of pages as the platform keeps it. */
import assert from "node:assert/strict";
import test from "node:test";
import { page, part, run, settle } from "./lab.mjs";

const LIFE = ["onLoad", "onShow", "onReady", "onHide", "onUnload"];
/** A page that tells its life. */
const told = (name) =>
  page(`pages/${name}/${name}`, {
    ts: `Page({ ${LIFE.map((one) => `${one}() { log.push("${name} ${one}") }`).join(", ")} })`,
  });
const TABS = {
  tabBar: {
    list: [
      { pagePath: "pages/a/a", text: "首页" },
      { pagePath: "pages/b/b", text: "我的" },
    ],
  },
};
const clear = (phone) => phone.log.splice(0).join(", ");

test("a page is loaded, shown and ready, in this order", async () => {
  const phone = await run(told("a"));
  assert.equal(clear(phone), "a onLoad, a onShow, a onReady");
  assert.deepEqual(phone.errors, []);
});

test("navigateTo hides the page below, going back unloads the one above and shows it again", async () => {
  const phone = await run({ ...told("a"), ...told("b") });
  clear(phone);
  await phone.wx.navigateTo({ url: "../b/b?id=7" });
  await settle();
  assert.equal(clear(phone), "a onHide, b onLoad, b onShow, b onReady");
  assert.deepEqual(phone.paths(), ["pages/a/a", "pages/b/b"]);
  assert.equal(phone.top().inst.options.id, "7");
  await phone.wx.navigateBack();
  assert.equal(clear(phone), "b onUnload, a onShow");
  assert.deepEqual(phone.paths(), ["pages/a/a"]);
});

test("redirectTo takes the place of the page, reLaunch that of all", async () => {
  const phone = await run({ ...told("a"), ...told("b"), ...told("c") });
  await phone.wx.navigateTo({ url: "/pages/b/b" });
  clear(phone);
  await phone.wx.redirectTo({ url: "/pages/c/c" });
  assert.equal(clear(phone), "b onUnload, c onLoad, c onShow");
  assert.deepEqual(phone.paths(), ["pages/a/a", "pages/c/c"]);
  await settle();
  clear(phone);
  await phone.wx.reLaunch({ url: "/pages/b/b" });
  assert.equal(clear(phone), "c onUnload, a onUnload, b onLoad, b onShow");
  assert.deepEqual(phone.paths(), ["pages/b/b"]);
});

test("a tab page stays alive while another tab is shown, pages over it end", async () => {
  const phone = await run({ ...told("a"), ...told("b"), ...told("c") }, TABS);
  await phone.wx.navigateTo({ url: "/pages/c/c" });
  await settle();
  clear(phone);
  await phone.wx.switchTab({ url: "/pages/b/b" });
  await settle();
  assert.equal(clear(phone), "c onUnload, b onLoad, b onShow, b onReady");
  await phone.wx.switchTab({ url: "/pages/a/a" });
  await settle();
  assert.equal(clear(phone), "b onHide, a onShow");
});

test("the eleventh page is refused", async () => {
  const phone = await run(told("a"));
  for (let more = 1; more < 10; more += 1) await phone.wx.navigateTo({ url: "/pages/a/a" });
  await assert.rejects(phone.wx.navigateTo({ url: "/pages/a/a" }), { errMsg: /navigateTo:fail.*limit exceed/ });
  assert.equal(phone.paths().length, 10);
});

test("what cannot be opened says why", async () => {
  const phone = await run({ ...told("a"), ...told("b"), ...told("c") }, TABS);
  await assert.rejects(phone.wx.navigateTo({ url: "/pages/none/none" }), {
    errMsg: /"pages\/none\/none" is not found/,
  });
  await assert.rejects(phone.wx.navigateTo({ url: "/pages/b/b" }), { errMsg: /can not navigateTo a tabbar page/ });
  await assert.rejects(phone.wx.redirectTo({ url: "/pages/b/b" }), { errMsg: /can not redirectTo a tabbar page/ });
  await assert.rejects(phone.wx.switchTab({ url: "/pages/c/c" }), { errMsg: /no-tabBar page/ });
  await assert.rejects(phone.wx.navigateBack(), { errMsg: /cannot navigate back at first page/ });
});

test("two pages talk over their channel", async () => {
  const phone = await run({
    ...page("pages/a/a", {
      ts: `Page({ go() { wx.navigateTo({ url: "/pages/b/b", events: { chosen: (what) => log.push("chosen " + what) },
        success: ({ eventChannel }) => eventChannel.emit("begin", 3) }) } })`,
    }),
    ...page("pages/b/b", {
      ts: `Page({ onLoad() { const channel = this.getOpenerEventChannel();
        channel.once("begin", (count) => { log.push("begin " + count); channel.emit("chosen", "井盖") }) } })`,
    }),
  });
  phone.top().inst.go();
  await settle();
  assert.deepEqual(phone.log, ["begin 3", "chosen 井盖"]);
});

test("the browser's back button goes back a page", async () => {
  const phone = await run({ ...told("a"), ...told("b") });
  await phone.wx.navigateTo({ url: "/pages/b/b?id=7" });
  assert.equal(phone.window.location.hash, "#/pages/b/b?id=7");
  phone.window.history.back();
  await settle();
  assert.deepEqual(phone.paths(), ["pages/a/a"]);
  assert.equal(phone.window.location.hash, "#/pages/a/a");
});

test("going back in the mini-program shortens the history of the browser", async () => {
  const phone = await run({ ...told("a"), ...told("b"), ...told("c") });
  await phone.wx.navigateTo({ url: "/pages/b/b" });
  await phone.wx.navigateTo({ url: "/pages/c/c" });
  await phone.wx.navigateBack({ delta: 2 });
  await settle();
  assert.equal(phone.window.location.hash, "#/pages/a/a");
  assert.equal(phone.window.history.state.depth, 1);
});

test("the address opens a page, with a way home", async () => {
  const phone = await run({ ...told("a"), ...told("b") }, {}, { hash: "#/pages/b/b?id=9" });
  assert.deepEqual(phone.paths(), ["pages/b/b"]);
  assert.equal(phone.top().inst.options.id, "9");
  phone.find('[aria-label="回首页"]').click();
  await settle();
  assert.deepEqual(phone.paths(), ["pages/a/a"]);
});

test("components hear of their page's showing and hiding, and are ready once drawn", async () => {
  const life = `Component({ lifetimes: { attached() { log.push("attached") }, ready() { log.push("ready") }, detached() { log.push("detached") } },
    pageLifetimes: { show() { log.push("show") }, hide() { log.push("hide") } } })`;
  const phone = await run({
    ...page("pages/a/a", {
      wxml: "<part /><view wx:if='{{more}}'><part /></view>",
      json: { usingComponents: { part: "/parts/part" } },
      ts: 'Page({ onLoad() { log.push("load") } })',
    }),
    ...part("parts/part", { ts: life }),
    ...told("b"),
  });
  assert.equal(clear(phone), "attached, load, show, ready");
  await phone.wx.navigateTo({ url: "/pages/b/b" });
  await phone.wx.navigateBack();
  assert.match(clear(phone), /^hide, .*show$/);
  phone.top().inst.setData({ more: true });
  await settle();
  assert.equal(clear(phone), "attached, ready");
  await phone.wx.reLaunch({ url: "/pages/b/b" });
  assert.match(clear(phone), /^detached, detached/);
});

test("a subpackage is loaded with its first page, once", async () => {
  const phone = await run(
    { ...told("a"), ...page("staff/today/today", { ts: 'log.push("run"); Page({ onLoad() { log.push("load") } })' }) },
    { subpackages: [{ root: "staff", pages: ["today/today"] }] },
  );
  clear(phone);
  await phone.wx.navigateTo({ url: "/staff/today/today" });
  assert.match(clear(phone), /^run, a onHide, load/);
  await phone.wx.navigateBack();
  clear(phone);
  await phone.wx.navigateTo({ url: "/staff/today/today" });
  assert.equal(clear(phone), "a onHide, load");
});

test("preloadRule loads a subpackage before anyone goes there", async () => {
  const phone = await run(
    { ...told("a"), ...page("staff/today/today", { ts: 'log.push("run"); Page({})' }) },
    {
      subpackages: [{ root: "staff", name: "work", pages: ["today/today"] }],
      preloadRule: { "pages/a/a": { packages: ["work"] } },
    },
  );
  assert.ok(phone.log.includes("run"));
});

test("tabs: tapping changes the page, a badge shows, onTabItemTap tells which", async () => {
  const phone = await run(
    { ...told("a"), ...page("pages/b/b", { ts: "Page({ onTabItemTap(item) { log.push(item.index + item.text) } })" }) },
    TABS,
  );
  const tabs = () => [...phone.window.document.querySelectorAll('[role="tab"]')];
  await phone.wx.setTabBarBadge({ index: 1, text: "3" });
  assert.equal(tabs()[1].querySelector(".badge").textContent, "3");
  await phone.wx.removeTabBarBadge({ index: 1 });
  assert.equal(tabs()[1].querySelector(".badge"), null);
  assert.throws(() => phone.G.nav.tabBar.badge(9, "1"), { message: "tabbar item not found: 9" });
  tabs()[1].click();
  await settle();
  assert.deepEqual(phone.paths(), ["pages/b/b"]);
  assert.equal(tabs()[1].getAttribute("aria-selected"), "true");
  assert.ok(phone.log.includes("1我的"));
});

test("the bar has the page's title, and takes another and another colour", async () => {
  const phone = await run(
    page("pages/a/a", { json: { navigationBarTitleText: "随手报", navigationBarTextStyle: "black" } }),
  );
  assert.equal(phone.find(".mp-nav .title").textContent, "随手报");
  await phone.wx.setNavigationBarTitle({ title: "新的" });
  assert.equal(phone.find(".mp-nav .title").textContent, "新的");
  assert.equal(phone.window.document.title, "新的");
  await phone.wx.setNavigationBarColor({ frontColor: "#ffffff", backgroundColor: "#0b5f5e" });
  assert.equal(phone.find(".mp-nav").style.backgroundColor, "rgb(11, 95, 94)");
});

test("a page of its own bar has none but the capsule", async () => {
  const phone = await run(page("pages/a/a", { json: { navigationStyle: "custom" } }));
  assert.equal(phone.find(".mp-nav .title"), null);
  assert.ok(phone.find('[aria-label="更多"]'));
});

test("rem follows the page that is shown", async () => {
  const sized = (name, size) =>
    page(`pages/${name}/${name}`, { wxml: `<page-meta root-font-size="${size}" /><view />` });
  const phone = await run({ ...sized("a", "16px"), ...sized("b", "24px") });
  const size = () => phone.window.document.documentElement.style.fontSize;
  assert.equal(size(), "16px");
  await phone.wx.navigateTo({ url: "/pages/b/b" });
  assert.equal(size(), "24px");
  await phone.wx.navigateBack();
  assert.equal(size(), "16px");
});

test("pulling down refreshes once until it is stopped", async () => {
  const phone = await run(
    page("pages/a/a", {
      json: { enablePullDownRefresh: true },
      ts: 'Page({ onPullDownRefresh() { log.push("pull") } })',
    }),
  );
  const drag = (type, clientY, buttons = 1) =>
    phone.top().scroll.dispatchEvent(new phone.window.MouseEvent(type, { clientY, buttons, bubbles: true }));
  drag("mousedown", 100);
  drag("mousemove", 200);
  drag("mousedown", 100);
  drag("mousemove", 200);
  assert.deepEqual(phone.log, ["pull"]);
  await phone.wx.stopPullDownRefresh();
  assert.equal(phone.top().refreshing, false);
});

test("the end of a page is told once, and again after leaving it", async () => {
  const phone = await run(page("pages/a/a", { ts: 'Page({ onReachBottom() { log.push("end") } })' }));
  const { scroll } = phone.top();
  Object.defineProperties(scroll, { scrollHeight: { value: 2000 }, clientHeight: { value: 800 } });
  for (const top of [1190, 1195, 300, 1195]) {
    scroll.scrollTop = top;
    scroll.dispatchEvent(new phone.window.Event("scroll"));
  }
  assert.deepEqual(phone.log, ["end", "end"]);
});

test("the capsule shares what the page says, and nothing where it says nothing", async () => {
  const phone = await run({
    ...page("pages/a/a", {
      ts: 'Page({ onShareAppMessage({ from }) { log.push("share " + from); return { title: "通知", path: "/pages/b/b" } } })',
    }),
    ...told("b"),
  });
  const menu = async () => {
    phone.find('[aria-label="更多"]').click();
    return [...phone.window.document.querySelectorAll('[role="menuitem"]')];
  };
  (await menu()).find((one) => one.textContent === "转发给朋友").click();
  await settle();
  assert.deepEqual(phone.log, ["share menu"]);
  for (const one of phone.window.document.querySelectorAll("dialog, .mp-sheet, .mp-modal")) one.remove();
  await phone.wx.navigateTo({ url: "/pages/b/b" });
  assert.equal((await menu()).find((one) => one.textContent === "这一页不能转发").disabled, true);
});
