/** Storage of one person's mini-program: 1 MB a key, 10 MB in all, values that JSON can say. */

import { api, Refused } from "./kit.js";

const KEY_LIMIT = 1024 * 1024;
const LIMIT_KB = 10 * 1024;
const size = (text) => new Blob([text]).size;

export function storage({ person, store }) {
  const prefix = `mp:${person}:`;
  const keys = () =>
    Object.keys(store)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  const kept = (key) => store.getItem(prefix + key);
  const total = () => keys().reduce((sum, key) => sum + size(key) + size(kept(key)), 0);

  function read(key) {
    const text = kept(key);
    return text === null ? undefined : JSON.parse(text);
  }

  function write(key, data) {
    if (typeof key !== "string" || !key)
      throw new Refused("parameter error: parameter.key should be String instead of Undefined;");
    const text = JSON.stringify(data === undefined ? "" : data);
    if (text === undefined) throw new Refused("data type not supported");
    if (size(text) > KEY_LIMIT) throw new Refused("entry size limit reached");
    if (total() - size(kept(key) ?? "") + size(text) > LIMIT_KB * 1024)
      throw new Refused("exceed storage max size 10Mb");
    store.setItem(prefix + key, text);
  }

  const remove = (key) => store.removeItem(prefix + key);
  const clear = () => keys().forEach(remove);
  const info = () => ({ keys: keys(), currentSize: Math.ceil(total() / 1024), limitSize: LIMIT_KB });
  /** The synchronous form throws what the other one fails with. */
  const sync =
    (name, act) =>
    (...given) => {
      try {
        return act(...given);
      } catch (error) {
        throw new Error(`${name}:fail ${error.message}`);
      }
    };
  return {
    getStorageSync: (key) => read(key) ?? "",
    setStorageSync: sync("setStorageSync", write),
    removeStorageSync: remove,
    clearStorageSync: clear,
    getStorageInfoSync: info,
    getStorage: api("getStorage", ({ key }) => {
      const data = read(key);
      if (data === undefined) throw new Refused("data not found");
      return { data };
    }),
    setStorage: api("setStorage", ({ key, data }) => write(key, data)),
    removeStorage: api("removeStorage", ({ key }) => remove(key)),
    clearStorage: api("clearStorage", clear),
    getStorageInfo: api("getStorageInfo", info),
  };
}
