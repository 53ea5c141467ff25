/**
 * The files of one phone: temporary ones (wxfile://tmp…) until the page goes, kept ones (wxfile://usr…, wxfile://store…)
 * in the browser's database, each person's apart. https://developers.weixin.qq.com/miniprogram/dev/framework/ability/file-system.html
 */

import { api, Refused } from "./kit.js";
import { here } from "./servers.js";

export const USER = "wxfile://usr";
const STORE = "wxfile://store_";
const TMP = "wxfile://tmp_";
/** The platform keeps at most 200 MB for one mini-program. */
const LIMIT = 200 * 1024 * 1024;
const ENDINGS = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "video/mp4": "mp4",
  "application/pdf": "pdf",
  "application/json": "json",
  "application/zip": "zip",
};
const missing = (path, act) =>
  new Refused(`no such file or directory, ${act} '${path}'`, { errno: 1300002, errCode: 1300002 });
const kept = (path) => path.startsWith(`${USER}/`) || path.startsWith(STORE);

/** The database of kept files; where the browser has none (a test without one) they live as long as the page. */
class Cellar {
  constructor(person) {
    this.person = person;
    this.rows = new Map();
  }

  open() {
    this.opened ??= new Promise((resolve, reject) => {
      if (!globalThis.indexedDB) return resolve(null);
      const request = indexedDB.open(`phone-files:${this.person}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("files");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return this.opened;
  }

  /** One step of the database: `act(store)` gives a request; its result comes back. */
  async step(mode, act, plain) {
    const db = await this.open();
    if (!db) return plain(this.rows);
    return new Promise((resolve, reject) => {
      const change = db.transaction("files", mode);
      const request = act(change.objectStore("files"));
      change.oncomplete = () => resolve(request.result);
      change.onabort = change.onerror = () =>
        reject(new Refused("the maximum size of the file storage limit is exceeded", { errno: 1300202 }));
    });
  }

  get(path) {
    return this.step(
      "readonly",
      (store) => store.get(path),
      (rows) => rows.get(path),
    );
  }

  put(path, blob) {
    return this.step(
      "readwrite",
      (store) => store.put(blob, path),
      (rows) => rows.set(path, blob),
    );
  }

  remove(path) {
    return this.step(
      "readwrite",
      (store) => store.delete(path),
      (rows) => rows.delete(path),
    );
  }

  paths() {
    return this.step(
      "readonly",
      (store) => store.getAllKeys(),
      (rows) => [...rows.keys()],
    );
  }
}

export class Files {
  constructor({ person, servers }) {
    Object.assign(this, { servers, tmp: new Map(), urls: new Map(), cellar: new Cellar(person), count: 0 });
  }

  /** A new temporary file; gives its path. */
  add(blob, ending = ENDINGS[blob.type] ?? "bin") {
    this.count += 1;
    const path = `${TMP}${Date.now().toString(36)}${this.count}.${ending}`;
    this.tmp.set(path, blob);
    return path;
  }

  /** The bytes of a path; null where there is no such file. A path of the package is fetched. */
  async get(path) {
    if (typeof path !== "string" || !path) return null;
    if (path.startsWith(TMP)) return this.tmp.get(path) ?? null;
    if (path.startsWith("wxfile:")) return (await this.cellar.get(path)) ?? null;
    if (/^(data|blob):/.test(path)) return null;
    const answer = await fetch(here(this.servers, path) ?? path.replace(/^\/(?!\/)/, "")).catch(() => null);
    return answer?.ok ? answer.blob() : null;
  }

  async need(path, act = "open") {
    const blob = await this.get(path);
    if (!blob) throw missing(path, act);
    return blob;
  }

  /** An address the browser can show for a path of the phone or of our service; null: take it as it is. */
  async url(path) {
    if (typeof path !== "string") return null;
    if (!path.startsWith("wxfile:")) return here(this.servers, path);
    if (!this.urls.has(path)) {
      const blob = await this.get(path);
      this.urls.set(path, blob ? URL.createObjectURL(blob) : `data:,${encodeURIComponent(path)}`);
    }
    return this.urls.get(path);
  }

  /** An address the browser can show for any path, those of the package too. */
  async address(path) {
    return (await this.url(path)) ?? String(path).replace(/^\/(?!\/)/, "");
  }

  forget(path) {
    const url = this.urls.get(path);
    if (url?.startsWith("blob:")) URL.revokeObjectURL(url);
    this.urls.delete(path);
  }

  async keep(path, blob) {
    if (!kept(path)) throw new Refused(`permission denied, open '${path}'`, { errno: 1300013 });
    const sizes = await Promise.all(
      (await this.cellar.paths()).filter((one) => one !== path).map((one) => this.cellar.get(one)),
    );
    if (sizes.reduce((sum, one) => sum + one.size, blob.size) > LIMIT)
      throw new Refused("the maximum size of the file storage limit is exceeded", { errno: 1300202 });
    // A blob that came from a file input dies with the file; its bytes do not.
    await this.cellar.put(path, new Blob([await blob.arrayBuffer()], { type: blob.type }));
    this.forget(path);
  }

  async remove(path) {
    if (!(await this.get(path)) || !path.startsWith("wxfile:")) throw missing(path, "unlink");
    this.tmp.delete(path);
    if (kept(path)) await this.cellar.remove(path);
    this.forget(path);
  }
}

async function read(blob, { encoding, position = 0, length }) {
  const part = blob.slice(position, length === undefined ? blob.size : position + length);
  if (!encoding) return part.arrayBuffer();
  const bytes = new Uint8Array(await part.arrayBuffer());
  if (/^utf-?8$/.test(encoding)) return new TextDecoder().decode(bytes);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  if (encoding === "base64") return btoa(binary);
  if (encoding === "hex") return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (encoding === "binary" || encoding === "latin1") return binary;
  throw new Refused(`invalid encoding "${encoding}"`);
}

function bytesOf(data, encoding = "utf8") {
  if (typeof data !== "string") return data;
  if (encoding === "base64") return Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  if (/^utf-?8$/.test(encoding)) return new TextEncoder().encode(data);
  throw new Refused(`invalid encoding "${encoding}"`);
}

/** wx.getFileSystemManager(): what a mini-program needs to keep files; the synchronous forms throw, the browser has none. */
export function fileSystem(files) {
  const typeAt = (path) => Object.keys(ENDINGS).find((type) => path.endsWith(`.${ENDINGS[type]}`)) ?? "";
  const manager = {
    access: api("access", async ({ path }) => {
      if (path !== USER) await files.need(path, "access");
    }),
    copyFile: api("copyFile", async ({ srcPath, destPath }) => files.keep(destPath, await files.need(srcPath))),
    rename: api("rename", async ({ oldPath, newPath }) => {
      await files.keep(newPath, await files.need(oldPath, "rename"));
      await files.remove(oldPath);
    }),
    saveFile: api("saveFile", async ({ tempFilePath, filePath }) => {
      const blob = await files.need(tempFilePath);
      const savedFilePath = filePath ?? `${STORE}${tempFilePath.slice(TMP.length)}`;
      await files.keep(savedFilePath, blob);
      files.tmp.delete(tempFilePath);
      return { savedFilePath };
    }),
    writeFile: api("writeFile", ({ filePath, data, encoding }) =>
      files.keep(filePath, new Blob([bytesOf(data, encoding)], { type: typeAt(filePath) })),
    ),
    readFile: api("readFile", async ({ filePath, ...how }) => ({ data: await read(await files.need(filePath), how) })),
    unlink: api("unlink", ({ filePath }) => files.remove(filePath)),
    removeSavedFile: api("removeSavedFile", ({ filePath }) => files.remove(filePath)),
    stat: api("stat", async ({ path }) => {
      const { size } = await files.need(path, "stat");
      return {
        stats: {
          size,
          mode: 33188,
          lastAccessedTime: 0,
          lastModifiedTime: 0,
          isFile: () => true,
          isDirectory: () => false,
        },
      };
    }),
    getFileInfo: api("getFileInfo", async ({ filePath }) => ({ size: (await files.need(filePath)).size })),
    readdir: api("readdir", async ({ dirPath }) => {
      const start = `${dirPath.replace(/\/$/, "")}/`;
      return {
        files: (await files.cellar.paths())
          .filter((path) => path.startsWith(start))
          .map((path) => path.slice(start.length)),
      };
    }),
    getSavedFileList: api("getSavedFileList", async () => {
      const paths = (await files.cellar.paths()).filter((path) => path.startsWith(STORE));
      return {
        fileList: await Promise.all(
          paths.map(async (filePath) => ({ filePath, size: (await files.get(filePath)).size, createTime: 0 })),
        ),
      };
    }),
  };
  return new Proxy(manager, {
    get(all, name) {
      if (name in all || typeof name !== "string" || name === "then") return all[name];
      throw new Error(`FileSystemManager.${name}: the preview has none`);
    },
  });
}
