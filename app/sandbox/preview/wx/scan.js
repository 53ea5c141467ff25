/** Scanning: the live codes of this sandbox, as if held before the camera; https://developers.weixin.qq.com/miniprogram/dev/api/device/scan/wx.scanCode.html */

import { api, Refused } from "./kit.js";
import { pass } from "./network.js";
import { ask, button, el } from "./window.js";

/** What a code tells: a mini-program's code leads to a page with its scene, any other one says its text. */
export function readingOf({ kind, page, scene, url }) {
  if (kind !== "wxacode") return { result: url || scene, scanType: "QR_CODE", charSet: "UTF-8", rawData: "" };
  const path = scene ? `${page}?scene=${encodeURIComponent(scene)}` : page;
  return { result: "", scanType: "WX_CODE", charSet: "UTF-8", rawData: "", path };
}

export function scan({ settings, sandbox }) {
  return {
    scanCode: api("scanCode", async () => {
      const codes = await sandbox.get("codes").catch(() => []);
      const input = el("input", { class: "wx-line", "aria-label": "码里的内容", placeholder: "码里的内容" });
      const body = (close) => [
        el(
          "p",
          { class: "wx-words" },
          codes.length ? "现在能扫到的码，点一个就是扫它。" : "现在没有码。在工作台生成一个楼栋码，就会出现在这里。",
        ),
        el(
          "div",
          { class: "wx-codes" },
          codes.map((code) => button(wordsOf(code), () => close(code))),
        ),
        el(
          "div",
          { class: "wx-type" },
          input,
          button("扫这段内容", () => input.value.trim() && close(typed(input.value.trim(), codes))),
        ),
      ];
      const code = await ask({ title: "扫一扫", body, keys: [["取消", null, "no"]], kind: "full" });
      if (!code) throw new Refused("cancel");
      await pass(settings);
      return readingOf(code);
    }),
  };
}

const wordsOf = ({ kind, page, scene, url }) =>
  kind === "wxacode" ? `小程序码：${[page, scene].filter(Boolean).join("，")}` : `二维码：${scene || url}`;

/** Typed words: the code that says them, else a page of the mini-program, else a plain text. */
function typed(text, codes) {
  const known = codes.find((code) => code.scene === text || code.url === text);
  if (known) return known;
  if (!text.startsWith("sandbox:wxacode?")) return { kind: "text", url: text };
  const told = new URLSearchParams(text.split("?")[1]);
  return { kind: "wxacode", page: told.get("page"), scene: told.get("scene") };
}
