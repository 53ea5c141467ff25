/** The domain list: the servers this mini-program may speak to. Here they all are the machine that serves this page. */

/** Where a browser finds an address of our service; null for every other address and for paths. */
export function here(servers, url, origin = globalThis.location?.origin) {
  if (typeof url !== "string") return null;
  const server = servers.find((one) => url === one || url.startsWith(`${one}/`) || url.startsWith(`${one}?`));
  if (server) return origin + url.slice(server.length);
  return url === origin || url.startsWith(`${origin}/`) ? url : null;
}
