/** What leaves the mini-program: sharing, the chat, a call, the clipboard, a document. */

import { api, Refused } from "./kit.js";
import { ask, button, el } from "./window.js";

/** wx.openDocument takes these; https://developers.weixin.qq.com/miniprogram/dev/api/file/wx.openDocument.html */
const DOCUMENTS = ["doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf"];
const say = (title, words, more = []) =>
  ask({ title, body: [el("p", { class: "wx-words" }, words), ...more], keys: [["关闭", true, "yes"]] });

export function share({ G, files, sandbox, title, toast }) {
  let copied = "";

  /** The sheet after onShareAppMessage: what the friend will see. */
  async function sheet({ page, from, target }) {
    const said = (await page.call("onShareAppMessage", { from, target })) ?? {};
    const card = {
      title: said.title ?? title(),
      path: said.path ?? `/${page.path}`,
      imageUrl: said.imageUrl,
      ...(await said.promise),
    };
    const image = el("img", { alt: "", class: "wx-card-picture" });
    if (card.imageUrl) image.src = await files.address(card.imageUrl);
    const body = [
      el(
        "div",
        { class: "wx-card" },
        el("strong", {}, card.title),
        card.imageUrl ? image : null,
        el("small", {}, title()),
      ),
      el("p", { class: "wx-words wx-small" }, `对方点开是这一页：${card.path}`),
    ];
    await ask({
      title: "转发给朋友",
      body,
      keys: [
        ["取消", false, "no"],
        ["发送", true, "yes"],
      ],
      kind: "from-below",
    });
    return card;
  }

  /** Leads this phone to the chat, where one is around this page; the service hears that somebody came. */
  async function contact({ sessionFrom = "", sendMessagePath = "" } = {}) {
    const { name } = await sandbox.app();
    await sandbox.act("event", { event: "user_enter_tempsession", session_from: sessionFrom });
    if (globalThis.parent !== globalThis) parent.postMessage({ type: "chat", app: name }, location.origin);
    else await say("客服会话", "在手机上，这里会打开和社区的对话。请在沙盒的手机里看“聊天”。");
    return { errMsg: "enterContact:ok", path: sendMessagePath, query: {} };
  }

  const menu = (name, on) =>
    api(name, () => {
      G.top().sharing = on;
    });

  return {
    calls: {
      showShareMenu: menu("showShareMenu", true),
      hideShareMenu: menu("hideShareMenu", false),
      makePhoneCall: api("makePhoneCall", async ({ phoneNumber }) => {
        if (!phoneNumber) throw new Refused("parameter error: parameter.phoneNumber should be String");
        const yes = await ask({
          label: "打电话",
          kind: "from-below",
          keys: [
            [`呼叫 ${phoneNumber}`, true, "yes"],
            ["取消", false, "no"],
          ],
        });
        if (!yes) throw new Refused("cancel");
        toast(`正在呼叫 ${phoneNumber}（预览里不会真的拨出）`);
      }),
      setClipboardData: api("setClipboardData", async ({ data }) => {
        if (typeof data !== "string") throw new Refused("parameter error: parameter.data should be String");
        copied = data;
        await navigator.clipboard?.writeText(data).catch(() => {});
        toast("内容已复制");
      }),
      getClipboardData: api("getClipboardData", () => ({ data: copied })),
      openDocument: api("openDocument", async ({ filePath, fileType = filePath.split(".").at(-1) }) => {
        const blob = await files.need(filePath, "openDocument");
        if (!DOCUMENTS.includes(fileType))
          throw new Refused(`filetype not supported: ${fileType}, only ${DOCUMENTS.join(", ")}`);
        const url = URL.createObjectURL(blob);
        void say("打开文档", `${filePath.split("/").at(-1)}，${Math.ceil(blob.size / 1024)} KB`, [
          el("a", { href: url, target: "_blank", class: "wx-key" }, "在浏览器里看"),
        ]).then(() => URL.revokeObjectURL(url));
      }),
      saveFileToDisk: api("saveFileToDisk", () => {
        throw new Refused("only a computer's WeChat has it, and this is a phone", { errno: 3 });
      }),
      shareFileMessage: api("shareFileMessage", async ({ filePath, fileName = filePath.split("/").at(-1) }) => {
        const blob = await files.need(filePath, "shareFileMessage");
        const save = button("存到这台电脑", () => {
          const url = URL.createObjectURL(blob);
          el("a", { href: url, download: fileName }).click();
          setTimeout(() => URL.revokeObjectURL(url), 1000);
        });
        const body = [
          el("p", { class: "wx-words" }, `把“${fileName}”（${Math.ceil(blob.size / 1024)} KB）发给微信里的谁？`),
          save,
        ];
        if (
          !(await ask({
            title: "发送文件",
            body,
            keys: [
              ["取消", false, "no"],
              ["发送", true, "yes"],
            ],
          }))
        )
          throw new Refused("cancel");
      }),
    },
    sheet,
    contact,
  };
}
