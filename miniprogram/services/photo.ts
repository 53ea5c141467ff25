/** Photos on this phone, made small enough to send and kept until they are sent. */
import { Failure } from '../core/errors';
import { keep } from '../core/files';

/** So many go with one report. */
export const MOST_PHOTOS = 9;
/** A photo above this is made smaller: it costs data and minutes, and nobody sees more on it. Bytes. */
const LARGE = 1024 * 1024;
/** What it becomes: as wide as a screen at twice its size, in JPEG quality. Pixels and percent. */
const WIDTH = 1600, QUALITY = 80;

export interface Chosen {
  files: string[];
  /** What to say of those that could not be taken; empty when all could. */
  trouble: string;
}

/** Take or choose up to `room` photos; none when one turned back. Throws Failure when the camera is not allowed. */
export async function choosePhotos(room: number, from: 'camera' | 'album'): Promise<Chosen> {
  const shot = await picked(room, from);
  const files: string[] = [];
  let bad = 0;
  // One after the other: a phone of little memory does not survive nine at once.
  for (const one of shot.slice(0, room)) {
    try {
      files.push(await prepared(one.tempFilePath, one.size));
    } catch {
      bad += 1;
    }
  }
  const over = shot.length - room;
  const said = [
    bad ? `有 ${bad} 张打不开，没有加上，其他的都在。` : '',
    over > 0 ? `最多 ${MOST_PHOTOS} 张，多出的 ${over} 张没有加上。` : '',
  ];
  return { files, trouble: said.join('') };
}

type Shot = { tempFilePath: string; size: number };

function picked(room: number, from: 'camera' | 'album'): Promise<Shot[]> {
  return new Promise((resolve, reject) =>
    wx.chooseMedia({
      count: room,
      mediaType: ['image'],
      sourceType: [from],
      sizeType: ['compressed'],
      success: ({ tempFiles }) => resolve(tempFiles),
      fail: ({ errMsg }) =>
        /cancel/i.test(errMsg)
          ? resolve([])
          : reject(new Failure('no_camera', `没有得到${from === 'camera' ? '相机' : '相册'}的允许，不要紧：没有照片也能报。`)),
    }),
  );
}

/** A photo that opens, not too large, kept. Throws when it does not open. */
async function prepared(file: string, size: number): Promise<string> {
  await opened(file);
  const small = size > LARGE ? await smaller(file) : file;
  try {
    return await keep(small);
  } catch {
    // No room to keep it: it can still be sent now.
    return small;
  }
}

function opened(src: string): Promise<void> {
  return new Promise((resolve, reject) =>
    wx.getImageInfo({ src, success: ({ width }) => (width > 0 ? resolve() : reject(new Error('no picture'))), fail: (error) => reject(new Error(error.errMsg)) }),
  );
}

function smaller(src: string): Promise<string> {
  return new Promise((resolve) =>
    wx.compressImage({
      src, quality: QUALITY, compressedWidth: WIDTH,
      success: ({ tempFilePath }) => resolve(tempFilePath),
      // As it is: large is slow and no reason to lose it.
      fail: () => resolve(src),
    }),
  );
}
