/** Pictures, films, drawings and maps. */
import { fire, host, make } from "./kit.js";

const FITS = { aspectFit: "contain", aspectFill: "cover", scaleToFill: "fill" };
const SIDES = /^(top|bottom|center|left|right)( (left|right))?$/;
const BLOCKED = "script, style, iframe, object, embed, form, link, meta, base";

/** The address a browser can load for what the mini-program calls a file. */
async function addressOf(src) {
  const own = await globalThis.__mp.platform.fileUrl?.(src);
  return own ?? src.replace(/^\/(?!\/)/, "");
}

async function load(c, element, src) {
  c.wanted = src;
  if (!src) return element.removeAttribute("src");
  const address = await addressOf(src);
  if (c.wanted === src) element.src = address;
}

function picture(c) {
  const image = make("img", host(c));
  image.alt = "";
  image.addEventListener("load", () => fire(c, "load", { width: image.naturalWidth, height: image.naturalHeight }));
  image.addEventListener("error", () => fire(c, "error", { errMsg: `load failed: ${c.data.src}` }));
  return image;
}

export const MEDIA = {
  image: {
    attached(c) {
      c.control = picture(c);
    },
    watch: {
      src(c) {
        c.control.style.visibility = c.data.src ? "" : "hidden";
        load(c, c.control, c.data.src);
      },
      "alt, ariaLabel"(c) {
        c.control.alt = c.data.alt || c.data.ariaLabel || "";
      },
      lazyLoad(c) {
        c.control.loading = c.data.lazyLoad ? "lazy" : "eager";
      },
      mode(c) {
        const { mode } = c.data;
        const side = SIDES.test(mode);
        if (!(mode in FITS) && !side && !/^(widthFix|heightFix)$/.test(mode))
          throw new Error(`<image> has no mode "${mode}"`);
        Object.assign(c.control.style, {
          objectFit: FITS[mode] ?? (side ? "none" : "fill"),
          objectPosition: side ? mode : "",
          height: mode === "widthFix" ? "auto" : "",
          width: mode === "heightFix" ? "auto" : "",
        });
        host(c).dataset.mode = mode;
      },
    },
  },
  "cover-image": {
    attached(c) {
      c.control = picture(c);
    },
    watch: {
      src(c) {
        load(c, c.control, c.data.src);
      },
    },
  },
  video: {
    attached(c) {
      const video = (c.control = make("video", host(c)));
      host(c).media = video;
      video.playsInline = true;
      const tell = (name, detail) => video.addEventListener(name, () => fire(c, name, detail?.() ?? {}));
      for (const name of ["play", "pause", "ended", "waiting"]) tell(name);
      tell("timeupdate", () => ({ currentTime: video.currentTime, duration: video.duration }));
      tell("loadedmetadata", () => ({ width: video.videoWidth, height: video.videoHeight, duration: video.duration }));
      tell("error", () => ({ errMsg: video.error?.message ?? "" }));
    },
    watch: {
      src(c) {
        load(c, c.control, c.data.src);
      },
      "poster, controls, autoplay, loop, muted, objectFit"(c) {
        const { poster, controls, autoplay, loop, muted, objectFit } = c.data;
        Object.assign(c.control, { poster: poster.replace(/^\/(?!\/)/, ""), controls, autoplay, loop, muted });
        c.control.style.objectFit = objectFit;
      },
      initialTime(c) {
        if (c.data.initialTime) c.control.currentTime = c.data.initialTime;
      },
    },
  },
  "rich-text": {
    watch: {
      "nodes, space, userSelect"(c) {
        const { nodes, space, userSelect } = c.data;
        const element = host(c);
        element.style.whiteSpace = space ? "pre-wrap" : "";
        element.style.userSelect = userSelect ? "text" : "";
        element.replaceChildren(typeof nodes === "string" ? fromMarkup(nodes) : fromNodes(nodes));
      },
    },
  },
  canvas: {
    attached(c) {
      if (c.data.type !== "2d") throw new Error(`<canvas type="${c.data.type}">: the preview has type "2d" only`);
      const canvas = make("canvas", host(c));
      host(c).canvas = c.control = canvas;
      canvas.createImage = () => new Image();
      canvas.requestAnimationFrame = (act) => requestAnimationFrame(act);
      canvas.cancelAnimationFrame = (id) => cancelAnimationFrame(id);
      canvas.width = 300;
      canvas.height = 150;
    },
  },
  map: {
    attached(c) {
      const { MapView } = globalThis.__mp.platform;
      if (!MapView) throw new Error("<map>: the preview has no drawing of maps");
      const tell = (name) => (detail) => fire(c, name, detail);
      c.view = new MapView(
        host(c),
        { ...c.data },
        { tap: tell("tap"), markertap: tell("markertap"), regionchange: tell("regionchange") },
      );
      host(c).map = c.view;
    },
    detached(c) {
      c.view.destroy?.();
    },
    watch: {
      "latitude, longitude, scale, markers, polyline, polygons, circles, includePoints, showLocation, enableScroll, enableZoom"(
        c,
      ) {
        c.view.update({ ...c.data });
      },
    },
  },
};

/** Markup of the platform's rich text: no scripts, no handlers, no forms, as there. */
function fromMarkup(text) {
  const { content } = Object.assign(document.createElement("template"), { innerHTML: text });
  for (const one of content.querySelectorAll(BLOCKED)) one.remove();
  for (const one of content.querySelectorAll("*")) clean(one);
  return content;
}

function clean(element) {
  for (const { name, value } of [...element.attributes])
    if (/^on/i.test(name) || (/^(href|src)$/i.test(name) && /^\s*javascript:/i.test(value)))
      element.removeAttribute(name);
}

function fromNodes(nodes) {
  const all = document.createDocumentFragment();
  for (const one of nodes ?? []) {
    if (one.type === "text") {
      all.append(one.text ?? "");
      continue;
    }
    const element = document.createElement(one.name ?? "div");
    if (element.matches(BLOCKED)) continue;
    for (const [name, value] of Object.entries(one.attrs ?? {})) element.setAttribute(name, value);
    clean(element);
    element.append(fromNodes(one.children));
    all.append(element);
  }
  return all;
}
