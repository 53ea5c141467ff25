/** Boxes, words and what lies around a page. */
import { componentOf, fire, host, make, pageOf, styled } from "./kit.js";

const SPACES = { ensp: "pre-wrap", emsp: "pre-wrap", nbsp: "pre-wrap" };
const SHAPES_OF_ICON = {
  success: "M4.500 12.500 10 18 20 7",
  success_no_circle: "M4.500 12.500 10 18 20 7",
  info: "M12 11v7M12 6.500v.2",
  warn: "M12 6v8M12 17.500v.2",
  waiting: "M12 6v6.500l4 2",
  cancel: "M7 7l10 10M17 7 7 17",
  clear: "M7 7l10 10M17 7 7 17",
  download: "M12 4v12M7 11.500l5 5 5-5M5 20h14",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500 21 21",
};
const COLORS_OF_ICON = {
  success: "#07c160",
  success_no_circle: "#07c160",
  info: "#10aeff",
  warn: "#f76260",
  waiting: "#10aeff",
  cancel: "#f43530",
};

/** <text decode>: the entities the platform names become what they mean. */
const ENTITIES = { nbsp: "\u00a0", lt: "<", gt: ">", amp: "&", apos: "'", ensp: "\u2002", emsp: "\u2003" };

function decode(c) {
  if (!c.data.decode) return;
  for (const node of host(c).childNodes) {
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const text = node.data.replace(/&(nbsp|lt|gt|amp|apos|ensp|emsp);/g, (_, name) => ENTITIES[name]);
    if (text !== node.data) node.data = text;
  }
}

export const LAYOUT = {
  text: {
    attached(c) {
      c.seen = new MutationObserver(() => decode(c));
      c.seen.observe(host(c), { childList: true, characterData: true, subtree: true });
    },
    detached(c) {
      c.seen.disconnect();
    },
    watch: {
      "userSelect, selectable, space"(c) {
        host(c).style.userSelect = c.data.userSelect || c.data.selectable ? "text" : "";
        host(c).style.whiteSpace = SPACES[c.data.space] ?? "";
      },
      decode,
    },
  },
  "page-meta": {
    watch: {
      rootFontSize(c) {
        if (c.data.rootFontSize) pageOf(c).setRootFont(c.data.rootFontSize);
      },
      "pageStyle, pageFontSize, backgroundColor"(c) {
        const page = pageOf(c);
        const { pageStyle, pageFontSize, backgroundColor } = c.data;
        const element = page.root.getComponent().$$;
        if (pageStyle) element.setAttribute("style", pageStyle);
        if (pageFontSize && pageFontSize !== "system") element.style.fontSize = pageFontSize;
        if (backgroundColor) page.scroll.style.backgroundColor = backgroundColor;
      },
      scrollTop(c) {
        if (c.data.scrollTop) pageOf(c).scroll.scrollTop = Number.parseFloat(c.data.scrollTop);
      },
    },
    attached(c) {
      const { scroll } = pageOf(c);
      scroll.addEventListener("scroll", (event) => {
        if (event.target === scroll) fire(c, "scroll", { scrollTop: scroll.scrollTop });
      });
    },
  },
  "root-portal": {
    attached(c) {
      if (!c.data.enable) return;
      const page = pageOf(c);
      c.mark = document.createComment("root-portal");
      host(c).replaceWith(c.mark);
      page.el.appendChild(host(c));
    },
    detached(c) {
      host(c).remove();
      c.mark?.remove();
    },
  },
  "page-container": {
    attached(c) {
      const element = host(c);
      c.overlay = make("div", null, "mp-overlay");
      c.overlay.addEventListener("click", () => fire(c, "clickoverlay"));
      element.before(c.overlay);
    },
    detached(c) {
      c.overlay.remove();
    },
    watch: {
      "show, position, round, zIndex, overlay, overlayStyle, customStyle"(c) {
        const { show, position, round, zIndex, overlay, overlayStyle, customStyle } = c.data;
        const element = host(c);
        element.setAttribute("style", styled(customStyle));
        element.dataset.position = position;
        element.classList.toggle("round", round);
        element.style.zIndex = zIndex;
        element.toggleAttribute("hidden", !show);
        c.overlay.setAttribute("style", styled(overlayStyle));
        c.overlay.style.zIndex = zIndex;
        c.overlay.hidden = !(show && overlay);
        if (show === (c.was ?? false)) return;
        c.was = show;
        for (const name of show ? ["beforeenter", "enter", "afterenter"] : ["beforeleave", "leave", "afterleave"])
          fire(c, name);
      },
    },
  },
  label: {
    attached(c) {
      host(c).addEventListener("click", (event) => {
        if (event.target.closest("wx-radio, wx-checkbox, wx-switch, wx-button, input, textarea")) return;
        const named = c.data.for && pageOf(c).el.querySelector(`[id="${c.data.for}"]`);
        const target =
          named || host(c).querySelector("wx-radio, wx-checkbox, wx-switch, wx-button, wx-input, wx-textarea");
        const control = componentOf(target);
        if (control?.activate) control.activate();
        else target?.querySelector("input, textarea")?.focus();
      });
    },
  },
  icon: {
    attached(c) {
      host(c).setAttribute("aria-hidden", "true");
    },
    watch: {
      "type, size, color"(c) {
        const { type, size, color } = c.data;
        const shape = SHAPES_OF_ICON[type];
        if (!shape) throw new Error(`<icon> has no type "${type}" in the preview`);
        const length = typeof size === "number" || /^\d+$/.test(size) ? `${size}px` : styled(size);
        const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="100%" height="100%" fill="none" stroke="currentColor" stroke-width="2"><path d="${shape}"/></svg>`;
        Object.assign(host(c).style, {
          width: length,
          height: length,
          color: color || COLORS_OF_ICON[type] || "#b2b2b2",
        });
        host(c).innerHTML = drawing;
      },
    },
  },
  progress: {
    attached(c) {
      c.bar = make("b", make("i", host(c)));
      c.words = make("span", host(c));
      host(c).setAttribute("role", "progressbar");
    },
    watch: {
      "percent, activeColor, color, backgroundColor, strokeWidth, showInfo, borderRadius"(c) {
        const { percent, activeColor, color, backgroundColor, strokeWidth, showInfo, borderRadius } = c.data;
        const done = Math.min(100, Math.max(0, percent));
        const length = (value) => (Number.isFinite(Number(value)) ? `${value}px` : styled(value));
        Object.assign(c.bar.style, { width: `${done}%`, backgroundColor: activeColor || color || "" });
        Object.assign(c.bar.parentNode.style, {
          height: length(strokeWidth),
          backgroundColor: backgroundColor || "",
          borderRadius: length(borderRadius ?? 0),
        });
        c.words.textContent = showInfo ? `${done}%` : "";
        host(c).setAttribute("aria-valuenow", String(done));
      },
    },
  },
};
