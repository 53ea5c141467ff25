/** What else can be sent, one window each. `send` takes the body of the control API's send, without the app. */

import { makeAmr, spokenSeconds } from "./amr.js";
import { ask, field, open } from "./dialogs.js";
import { button, el } from "./dom.js";
import { base64, prepare } from "./photo.js";
import { PLACES } from "./places.js";
import { SCENES, draw, photoOf } from "./scenes.js";

/** A sample photo, chosen from drawn ones; `give` gets what makes the message. */
export function sendScene(give) {
  const pick = (scene) => () => {
    dialog.close();
    give(async () => prepare(await photoOf(scene)));
  };
  const pictures = SCENES.map((scene) => {
    const canvas = el("canvas", { "aria-hidden": "true" });
    draw(scene, canvas);
    return el("button", { type: "button", class: "scene", onclick: pick(scene) }, canvas, scene.name);
  });
  const body = [el("p", { class: "hint" }, "选一张就发出去。"), el("div", { class: "scenes" }, pictures)];
  const dialog = open("示例照片", body, (close) => [button("取消", close, "quiet")]);
}

/** A place: one of the presets, or numbers of one's own (GCJ-02, as WeChat counts). */
export function sendPlace(send) {
  const degrees = (name, limit) =>
    el("input", { name, type: "number", step: "any", min: -limit, max: limit, required: true, inputmode: "decimal" });
  const [label, lat, lng] = [el("input", { name: "label", maxlength: 200 }), degrees("lat", 90), degrees("lng", 180)];
  const take = (place) => {
    [label.value, lat.value, lng.value] = [place.label, place.lat, place.lng];
  };
  const presets = PLACES.map((place, index) => {
    const radio = el("input", { type: "radio", name: "preset", checked: index === 0, onchange: () => take(place) });
    return el("label", { class: "choice" }, radio, place.label);
  });
  take(PLACES[0]);
  const numbers = el("div", { class: "pair" }, field("纬度", lat), field("经度", lng));
  ask("发送位置", [el("fieldset", {}, el("legend", {}, "常用地点"), presets), field("地点名称", label), numbers],
    (form) => send({
      type: "location", lat: Number(form.get("lat")), lng: Number(form.get("lng")), label: form.get("label"), scale: 16,
    }));
}

/** A voice: nobody speaks, so the words are typed and the file is silence of the length they would take. */
export function sendVoice(send) {
  const words = el("textarea", { name: "words", rows: 3, maxlength: 300, placeholder: "比如：3号楼门口的井盖坏了，老人走路不安全" });
  const length = el("p", { class: "hint figures", role: "status" });
  const count = () => {
    length.textContent = `这条语音长 ${spokenSeconds(words.value)} 秒。空着就是微信没听清。`;
  };
  words.addEventListener("input", count);
  count();
  ask("发送语音", [field("说的话（微信识别出的文字）", words), length], async (form) => {
    const heard = form.get("words").trim();
    const media = await base64(new Blob([makeAmr(spokenSeconds(heard))]));
    await send({ type: "voice", media, filename: "语音.amr", recognition: heard });
  });
}

/** A link passed on. */
export function sendLink(send) {
  ask("转发链接", [
    field("标题", el("input", { name: "title", required: true, maxlength: 100 })),
    field("网址", el("input", { name: "url", type: "url", required: true, maxlength: 500, placeholder: "https://" })),
  ], (form) => send({ type: "link", title: form.get("title"), url: form.get("url") }));
}

/** A page of the mini-program, sent from inside it. */
export function sendPage(send) {
  ask("发送小程序页面", [
    field("标题", el("input", { name: "title", required: true, maxlength: 100, value: "报事详情" })),
    field("页面路径", el("input", { name: "pagepath", required: true, maxlength: 500, value: "pages/home/home" })),
  ], (form) => send({ type: "miniprogrampage", title: form.get("title"), pagepath: form.get("pagepath") }));
}
