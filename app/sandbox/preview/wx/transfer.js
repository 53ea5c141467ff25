/**
 * request, uploadFile, downloadFile: over this browser to our own service only, as the platform's domain list would have
 * it. https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html
 */

import { Ears, failed, Refused, tell } from "./kit.js";
import { NO_NETWORK, pass } from "./network.js";
import { here } from "./servers.js";

const PATIENCE = 60_000;
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
/** As many run at once; the others wait. */
const MOST = 10;

/** The query of a GET and the body of everything else, as the platform makes them of `data`. */
export function wrap({ url, method, data, header }) {
  if (data === undefined || data === null) return { url };
  if (method === "GET" || method === "HEAD") {
    if (typeof data !== "object") return { url: data ? `${url}${url.includes("?") ? "&" : "?"}${data}` : url };
    const pairs = Object.entries(data).map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${encodeURIComponent(typeof value === "object" && value ? JSON.stringify(value) : String(value))}`,
    );
    return { url: pairs.length ? `${url}${url.includes("?") ? "&" : "?"}${pairs.join("&")}` : url };
  }
  if (typeof data === "string" || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return { url, body: data };
  const form = /x-www-form-urlencoded/.test(header["content-type"]);
  return { url, body: form ? new URLSearchParams(data).toString() : JSON.stringify(data) };
}

const lower = (header) =>
  Object.fromEntries(Object.entries(header ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));

export function transfer({ settings, servers, files, taps }) {
  let running = 0;
  const waiting = [];

  const enter = () =>
    new Promise((resolve) => {
      const start = () => {
        running += 1;
        resolve();
      };
      if (running < MOST) start();
      else waiting.push(start);
    });
  const leave = () => {
    running -= 1;
    waiting.shift()?.();
  };

  const place = (url, name) => {
    if (typeof url !== "string" || !/^https?:\/\//.test(url))
      throw new Refused(`invalid url "${url}"`, { errno: 600009 });
    const found = here(servers, url);
    if (found) return found;
    console.error(
      `wx.${name}: ${new URL(url).origin} is not one of the servers of this mini-program (${servers.join(", ")})`,
    );
    throw new Refused("url not in domain list", { errno: 600002 });
  };

  /** One transfer with its task: `act(signal, told)` does it; `told` are the ears of the task. */
  function task(name, options, act) {
    const stop = new AbortController();
    const told = { headers: new Ears(), progress: new Ears() };
    const spend = taps.spend();
    let late = false;
    const { success, fail, complete } = options;
    const run = async () => {
      await enter();
      const timer = setTimeout(() => {
        late = true;
        stop.abort();
      }, options.timeout ?? PATIENCE);
      try {
        await pass(settings, stop.signal);
        const ended = new Promise((_, reject) =>
          stop.signal.addEventListener("abort", () => reject(new Refused("abort"))),
        );
        if (stop.signal.aborted) throw new Refused("abort");
        const answer = await Promise.race([act(stop.signal, told), ended]);
        spend();
        tell([success, complete], { errMsg: `${name}:ok`, ...answer });
      } catch (error) {
        const known =
          error instanceof Refused && error.message !== "abort"
            ? error
            : late
              ? new Refused("timeout", { errno: 5 })
              : stop.signal.aborted
                ? new Refused("abort", { errno: 600003 })
                : error instanceof TypeError || error.name === "NetworkError"
                  ? new Refused(NO_NETWORK, { errno: 600001 })
                  : error;
        tell([fail, complete], failed(name, known));
      } finally {
        clearTimeout(timer);
        leave();
      }
    };
    run();
    return {
      abort: () => stop.abort(),
      onHeadersReceived: told.headers.on,
      offHeadersReceived: told.headers.off,
      onProgressUpdate: told.progress.on,
      offProgressUpdate: told.progress.off,
    };
  }

  function request(options) {
    const method = (options.method ?? "GET").toUpperCase();
    return task("request", options, async (signal, { headers }) => {
      if (!METHODS.includes(method)) throw new Refused(`method is invalid: ${options.method}`, { errno: 600009 });
      const header = { "content-type": "application/json", ...lower(options.header) };
      const { url, body } = wrap({ url: place(options.url, "request"), method, data: options.data, header });
      const answer = await fetch(url, { method, headers: header, body, signal, cache: "no-store" });
      const back = Object.fromEntries(answer.headers);
      headers.emit({ header: back, statusCode: answer.status, cookies: [] });
      const binary = options.responseType === "arraybuffer";
      let data = binary ? await answer.arrayBuffer() : await answer.text();
      if (!binary && (options.dataType ?? "json") === "json") data = parsed(data);
      return { data, statusCode: answer.status, header: back, cookies: [] };
    });
  }

  function uploadFile(options) {
    return task("uploadFile", options, async (signal, { progress }) => {
      const url = place(options.url, "uploadFile");
      if (!options.name) throw new Refused("parameter error: parameter.name should be String instead of Undefined;");
      const blob = await files.get(options.filePath);
      if (!blob) throw new Refused(`file not found: ${options.filePath}`, { errno: 1300002 });
      const form = new FormData();
      for (const [name, value] of Object.entries(options.formData ?? {})) form.append(name, value);
      form.append(options.name, blob, options.fileName ?? options.filePath.split("/").at(-1));
      return upload({ url, form, header: lower(options.header), signal, progress });
    });
  }

  function downloadFile(options) {
    return task("downloadFile", options, async (signal, { headers, progress }) => {
      const answer = await fetch(place(options.url, "downloadFile"), { headers: lower(options.header), signal });
      headers.emit({ header: Object.fromEntries(answer.headers) });
      const blob = await answer.blob();
      progress.emit({ progress: 100, totalBytesWritten: blob.size, totalBytesExpectedToWrite: blob.size });
      const said = { statusCode: answer.status, header: Object.fromEntries(answer.headers), dataLength: blob.size };
      if (!options.filePath) return { tempFilePath: files.add(blob), ...said };
      await files.keep(options.filePath, blob);
      return { filePath: options.filePath, ...said };
    });
  }

  return { request, uploadFile, downloadFile };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function upload({ url, form, header, signal, progress }) {
  return new Promise((resolve, reject) => {
    const wire = new XMLHttpRequest();
    wire.open("POST", url);
    // The browser writes the type itself, for it knows the boundary.
    for (const [name, value] of Object.entries(header)) if (name !== "content-type") wire.setRequestHeader(name, value);
    wire.upload.addEventListener("progress", ({ loaded, total }) =>
      progress.emit({
        progress: total ? Math.round((loaded / total) * 100) : 0,
        totalBytesSent: loaded,
        totalBytesExpectedToSend: total,
      }),
    );
    wire.addEventListener("load", () => resolve({ data: wire.responseText, statusCode: wire.status }));
    wire.addEventListener("error", () => reject(new Refused(NO_NETWORK, { errno: 600001 })));
    signal.addEventListener("abort", () => wire.abort());
    wire.send(form);
  });
}
