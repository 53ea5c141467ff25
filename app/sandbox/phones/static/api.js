/** The control API of the sandbox: the only thing these pages speak to. */

const base = new URL(document.documentElement.dataset.base, location.href);

/** A full address from one relative to where the sandbox is mounted. */
export const address = (path) => new URL(path, base).href;

/** What went wrong, in words for the person; `status` is 0 when nobody answered. */
class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const request = { method, cache: "no-store" };
  if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  const answer = await fetch(address(`control/${path}`), request).catch(() => {
    throw new Refused("连不上沙盒，请看看服务是否还在运行。", 0);
  });
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json;
  throw new Refused(json.error?.message ?? `沙盒没有接受（${answer.status}），请换个做法再试。`, answer.status);
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

/** The phone's own corner of the API. */
export const ofPhone = (person, rest = "") => `phone/${encodeURIComponent(person)}${rest}`;
