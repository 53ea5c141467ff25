/** From a picture to what the control API takes: base64, and no larger than a phone would send. */

const PLENTY = 2 * 1024 * 1024;
const LIMIT = 9 * 1024 * 1024;
const LONG_SIDE = 1600;

/** Base64 of a Blob or bytes. */
export function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Error("这个文件读不出来，请换一个。"));
    reader.readAsDataURL(blob);
  });
}

/** A picture as it will be sent: WeChat makes large ones smaller before they leave the phone, and so do we. */
export async function prepare(file) {
  if (file.size === 0) throw new Error("这个文件是空的，请换一张照片。");
  const ready = file.size > PLENTY ? ((await shrink(file)) ?? file) : file;
  if (ready.size > LIMIT) throw new Error("照片超过 9 MB，微信发不出去，请换一张小一点的。");
  return { type: "image", media: await base64(ready), filename: file.name || "照片.jpg" };
}

/** A smaller JPEG, or null when the browser cannot read the picture (HEIC, for one): it then goes as it is. */
async function shrink(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return jpeg(canvas);
}

export const jpeg = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
