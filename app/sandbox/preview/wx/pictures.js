/** Choosing, looking at, measuring and shrinking pictures; https://developers.weixin.qq.com/miniprogram/dev/api/media/video/wx.chooseMedia.html */

import { SCENES, take } from "./demo-photos.js";
import { api, failed, Refused } from "./kit.js";
import { ask, button, el } from "./window.js";

const MOST = 20;
/** What "compressed" makes of a photo: longest side in pixels, and JPEG's quality. */
const SMALLER = { side: 1280, quality: 0.8 };

export function pictures({ files, permission }) {
  let taken = 0;

  /** Lets choose blobs; null for nothing. */
  async function choose({ count, types, source }) {
    const makes = types.includes("image") ? SCENES : [];
    const camera = source.includes("camera") && makes.length > 0;
    const album = source.includes("album");
    const way =
      camera && album
        ? await ask({
            label: "照片从哪里来",
            kind: "from-below",
            keys: [
              ["拍照", "camera"],
              ["从手机相册选", "album"],
              ["取消", null, "no"],
            ],
          })
        : camera
          ? "camera"
          : "album";
    if (way === "camera") return shoot(makes);
    return way === "album" ? pick({ count, types, makes }) : null;
  }

  async function shoot(makes) {
    const body = (close) =>
      el(
        "div",
        { class: "wx-photos" },
        makes.map((scene) => tile(scene, () => close(scene))),
      );
    const scene = await ask({ title: "拍照", body, keys: [["取消", null, "no"]], kind: "from-below" });
    return scene && [await snap(scene)];
  }

  const snap = (scene) => take(scene, (taken += 1));

  /** The album: the drawn ones to tick, and a door to the files of this machine. */
  async function pick({ count, types, makes }) {
    const chosen = [];
    const input = el("input", {
      type: "file",
      multiple: count > 1,
      accept: types.map((type) => `${type}/*`).join(","),
      "aria-label": "选这台电脑里的文件",
    });
    const said = el("p", { class: "wx-words", role: "status" }, `最多选 ${count} 张`);
    const body = (close) => {
      input.addEventListener("change", () => close([...input.files].slice(0, count)));
      const tiles = makes.map((scene) =>
        tile(
          scene,
          (key) => {
            const at = chosen.indexOf(scene);
            if (at >= 0) chosen.splice(at, 1);
            else if (chosen.length < count) chosen.push(scene);
            key.setAttribute("aria-pressed", String(chosen.includes(scene)));
            said.textContent = `已选 ${chosen.length} 张，最多 ${count} 张`;
          },
          true,
        ),
      );
      return [
        said,
        el("div", { class: "wx-photos" }, tiles),
        el("label", { class: "wx-file" }, el("span", {}, "这台电脑里的文件："), input),
      ];
    };
    const answer = await ask({
      title: "从手机相册选",
      body,
      keys: [
        ["取消", null, "no"],
        ["完成", "done", "yes"],
      ],
      kind: "from-below",
    });
    if (answer === "done") return chosen.length ? Promise.all(chosen.map(snap)) : null;
    return answer;
  }

  async function media(options, api) {
    const {
      count = 9,
      mediaType = ["image", "video"],
      sizeType = ["original", "compressed"],
      sourceType = ["album", "camera"],
    } = options;
    if (!(count >= 1)) throw new Refused("parameter error: parameter.count should be a positive number");
    await permission.privacy(api);
    const types = mediaType.includes("mix") ? ["image", "video"] : mediaType;
    const blobs = await choose({ count: Math.min(count, MOST), types, source: sourceType });
    if (!blobs) throw new Refused("cancel");
    return Promise.all(blobs.map((blob) => one(blob, !sizeType.includes("original"))));
  }

  async function one(given, smaller) {
    const fileType = given.type.startsWith("video/") ? "video" : "image";
    if (fileType === "video")
      return { tempFilePath: files.add(given), size: given.size, fileType, ...(await lengthOf(given)) };
    const blob = smaller ? await shrink(given, { ...SMALLER }).catch(() => given) : given;
    return { tempFilePath: files.add(blob), size: blob.size, fileType };
  }

  return {
    chooseMedia: api("chooseMedia", async (options) => {
      const tempFiles = await media(options, "chooseMedia");
      const kinds = new Set(tempFiles.map((file) => file.fileType));
      return { tempFiles, type: kinds.size > 1 ? "mix" : [...kinds][0] };
    }),
    chooseImage: api("chooseImage", async (options) => {
      const found = await media({ ...options, mediaType: ["image"] }, "chooseImage");
      return {
        tempFilePaths: found.map((file) => file.tempFilePath),
        tempFiles: found.map(({ tempFilePath, size }) => ({ path: tempFilePath, size })),
      };
    }),
    compressImage: api("compressImage", async ({ src, quality = 80, compressedWidth, compressedHeight }) => {
      const blob = await files.need(src, "compressImage");
      return {
        tempFilePath: files.add(
          await shrink(blob, { quality: quality / 100, wide: compressedWidth, high: compressedHeight }),
        ),
      };
    }),
    getImageInfo: api("getImageInfo", async ({ src }) => {
      const blob = await files.need(src, "getImageInfo");
      const { width, height } = await bitmap(blob);
      return { width, height, path: src, orientation: "up", type: blob.type.slice(6) || "unknown" };
    }),
    previewImage: api("previewImage", ({ urls, current = urls?.[0] }) => {
      if (!Array.isArray(urls) || !urls.length) throw new Refused("parameter error: parameter.urls should be Array");
      void show(urls, current);
    }),
    previewMedia: api("previewMedia", ({ sources, current = 0 }) => {
      if (sources.some((one) => one.type === "video")) throw new Refused("the preview shows pictures only");
      const urls = sources.map((one) => one.url);
      void show(urls, urls[current]);
    }),
    saveImageToPhotosAlbum: api("saveImageToPhotosAlbum", async ({ filePath }) => {
      const url = URL.createObjectURL(await files.need(filePath, "saveImageToPhotosAlbum"));
      el("a", { href: url, download: filePath.split("/").at(-1) }).click();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    }),
    /** For <button open-type="chooseAvatar">. */
    async chooseAvatar() {
      try {
        const [file] = await media({ count: 1, mediaType: ["image"] }, "chooseAvatar");
        return { avatarUrl: file.tempFilePath };
      } catch (error) {
        throw failed("chooseAvatar", error);
      }
    },
  };

  /** Pictures as large as the phone, one after another by buttons. */
  async function show(urls, current) {
    let at = Math.max(0, urls.indexOf(current));
    const image = el("img", { alt: "" });
    const said = el("p", { class: "wx-count", role: "status" });
    const draw = async (step) => {
      at = (at + step + urls.length) % urls.length;
      said.textContent = `第 ${at + 1} 张，共 ${urls.length} 张`;
      image.alt = said.textContent;
      image.src = await files.address(urls[at]);
    };
    draw(0);
    const turn =
      urls.length > 1
        ? el(
            "div",
            { class: "wx-keys" },
            button("上一张", () => draw(-1)),
            button("下一张", () => draw(1)),
          )
        : null;
    await ask({
      label: "看大图",
      body: [image, said, turn].filter(Boolean),
      keys: [["关闭", true, "yes"]],
      kind: "full",
    });
  }
}

function tile(scene, act, ticked = false) {
  const canvas = el("canvas", { width: 160, height: 120, "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  pen.scale(0.1, 0.1);
  scene.draw(pen);
  const key = el(
    "button",
    { type: "button", class: "wx-photo", "aria-pressed": ticked ? "false" : null, onclick: () => act(key) },
    canvas,
    el("span", {}, scene.name),
  );
  return key;
}

async function bitmap(blob) {
  try {
    return await createImageBitmap(blob);
  } catch {
    throw new Refused("file is not an image");
  }
}

/** The picture as a smaller JPEG. */
export async function shrink(blob, { side = Infinity, wide, high, quality }) {
  const image = await bitmap(blob);
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const width = Math.round(wide ?? (high ? (image.width * high) / image.height : image.width * scale));
  const height = Math.round(high ?? (wide ? (image.height * wide) / image.width : image.height * scale));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

function lengthOf(blob) {
  const video = document.createElement("video");
  return new Promise((resolve) => {
    video.onloadedmetadata = () =>
      resolve({ duration: video.duration, width: video.videoWidth, height: video.videoHeight });
    video.onerror = () => resolve({ duration: 0, width: 0, height: 0 });
    video.src = URL.createObjectURL(blob);
  });
}
