/** Styles: lengths, imports, and whose rules reach whom. */
import assert from "node:assert/strict";
import test from "node:test";
import { compileStyles, lengths } from "../../app/sandbox/preview/compile/styles.mjs";
import { Findings } from "../../app/sandbox/preview/compile/findings.mjs";
import { readProject } from "../../app/sandbox/preview/compile/project.mjs";
import { page, part, run, write } from "./lab.mjs";

function css(files) {
  const root = write(files);
  return compileStyles(readProject(root, new Findings(root))).css.trim();
}

test("rpx and vh are of the phone", () => {
  assert.equal(lengths("20rpx -1.5rpx 3px"), "calc(var(--rpx) * 20) calc(var(--rpx) * -1.5) 3px");
  assert.equal(lengths("100vh"), "calc(var(--vh) * 100)");
});

test("rules of the app reach everything, those of a page its page alone", () => {
  const found = css({
    "app.wxss": ".a { width: 2rpx }",
    ...page("pages/a/a", { wxss: "page { color: red }\n.b text { top: 0 }" }),
  });
  assert.equal(
    found,
    [
      ".a { width: calc(var(--rpx) * 2) }",
      'wx-page[data-page="pages/a/a"] { color: red }',
      ':where([data-page="pages/a/a"]) .b wx-text { top: 0 }',
    ].join("\n"),
  );
});

test("an import is put in its place, once", () => {
  const found = css({
    "app.wxss": '@import "./a.wxss"; @import url("/a.wxss");\n.c { top: 0 }',
    "a.wxss": ".a { top: 1px }",
  });
  assert.equal(found.replace(/\s+/g, " "), ".a { top: 1px } .c { top: 0 }");
});

test("a font from elsewhere is left out", () => {
  assert.equal(
    css({ "app.wxss": '@font-face { font-family: t; src: url("https://cdn.example/t.woff") } .a { top: 0 }' }),
    ".a { top: 0 }",
  );
});

test("frames of an animation are no selectors", () => {
  assert.equal(
    css({ "app.wxss": "@keyframes go { from { left: 0 } to { left: 2rpx } }" }),
    "@keyframes go { from { left: 0 } to { left: calc(var(--rpx) * 2) } }",
  );
});

/** The colour of a word inside a component and of its host, for each way of isolation. */
async function colours(styleIsolation) {
  const phone = await run({
    "app.wxss": ".word { color: rgb(1, 1, 1) }",
    ...page("pages/a/a", {
      wxml: '<part id="host" /><text id="outside" class="own">外</text>',
      json: { usingComponents: { part: "/parts/part" } },
    }),
    ...part("parts/part", {
      json: { ...(styleIsolation && { styleIsolation }) },
      wxml: '<text id="inside" class="word">内</text><text id="own" class="own">己</text>',
      wxss: ":host { display: flex } .own { color: rgb(2, 2, 2) }",
    }),
  });
  const style = (id) => phone.window.getComputedStyle(phone.find(`#${id}`));
  return {
    inside: style("inside").color,
    own: style("own").color,
    outside: style("outside").color,
    host: style("host").display,
  };
}
const [APP, OWN] = ["rgb(1, 1, 1)", "rgb(2, 2, 2)"];

test("isolated: neither in nor out", async () => {
  const found = await colours(undefined);
  assert.notEqual(found.inside, APP);
  assert.equal(found.own, OWN);
  assert.notEqual(found.outside, OWN);
  assert.equal(found.host, "flex");
});

test("apply-shared: the page's rules come in, the component's stay in", async () => {
  const found = await colours("apply-shared");
  assert.equal(found.inside, APP);
  assert.equal(found.own, OWN);
  assert.notEqual(found.outside, OWN);
  assert.equal(found.host, "flex");
});

test("shared: both ways", async () => {
  const found = await colours("shared");
  assert.equal(found.inside, APP);
  assert.equal(found.own, OWN);
  assert.equal(found.outside, OWN);
  assert.equal(found.host, "flex");
});

test("a page's rules end with the page", async () => {
  const coloured = (name, colour) =>
    page(`pages/${name}/${name}`, { wxml: `<text id="${name}" class="x">字</text>`, wxss: `.x { color: ${colour} }` });
  const phone = await run({ ...coloured("a", "rgb(3, 3, 3)"), ...coloured("b", "rgb(4, 4, 4)") });
  const first = phone.find("#a");
  await phone.wx.navigateTo({ url: "/pages/b/b" });
  assert.equal(phone.window.getComputedStyle(first).color, "rgb(3, 3, 3)");
  assert.equal(phone.window.getComputedStyle(phone.find("#b")).color, "rgb(4, 4, 4)");
});
