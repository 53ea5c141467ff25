/** <scroll-view> with its own pull to refresh. */
import { fire, host, make, onSize } from "./kit.js";

function behaviour(c) {
  return c.data.scrollWithAnimation ? "smooth" : "auto";
}

function watchScroll(c) {
  const element = host(c);
  let [near, far] = [true, false];
  let last = { scrollTop: 0, scrollLeft: 0 };
  element.addEventListener("scroll", (event) => {
    if (event.target !== element) return;
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = element;
    fire(c, "scroll", {
      scrollTop,
      scrollLeft,
      scrollHeight,
      scrollWidth,
      deltaY: last.scrollTop - scrollTop,
      deltaX: last.scrollLeft - scrollLeft,
    });
    last = { scrollTop, scrollLeft };
    const sideways = c.data.scrollX && !c.data.scrollY;
    const before = sideways ? scrollLeft : scrollTop;
    const after = sideways ? scrollWidth - scrollLeft - clientWidth : scrollHeight - scrollTop - clientHeight;
    const [start, end] = [before <= c.data.upperThreshold, after <= c.data.lowerThreshold];
    if (start && !near) fire(c, "scrolltoupper", { direction: sideways ? "left" : "top" });
    if (end && !far) fire(c, "scrolltolower", { direction: sideways ? "right" : "bottom" });
    [near, far] = [start, end];
  });
}

function watchPull(c) {
  const element = host(c);
  let from = null;
  element.addEventListener(
    "touchstart",
    ({ touches }) => {
      from = c.data.refresherEnabled && element.scrollTop <= 0 ? touches[0].clientY : null;
    },
    { passive: true },
  );
  element.addEventListener(
    "touchmove",
    ({ touches }) => {
      if (from === null) return;
      const dy = touches[0].clientY - from;
      if (dy > 0) fire(c, "refresherpulling", { dy });
      if (dy < c.data.refresherThreshold) return;
      from = null;
      c.setData({ refresherTriggered: true });
      fire(c, "refresherrefresh", { dy });
    },
    { passive: true },
  );
}

function intoView(c) {
  const { scrollIntoView } = c.data;
  if (!scrollIntoView) return;
  requestAnimationFrame(() => {
    const target = host(c).querySelector(`[id="${scrollIntoView}"]`);
    target?.scrollIntoView?.({ block: c.data.scrollX ? "nearest" : "start", inline: "start", behavior: behaviour(c) });
  });
}

export const SCROLLING = {
  "scroll-view": {
    attached(c) {
      c.pull = make("div", null, "pull");
      c.pull.textContent = "●●●";
      c.pull.setAttribute("aria-hidden", "true");
      host(c).prepend(c.pull);
      watchScroll(c);
      watchPull(c);
      c.unsize = onSize(host(c), () => {
        // What scrolls must be reached by keys as well.
        const element = host(c);
        const scrolls =
          element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1;
        if (scrolls && (c.data.scrollX || c.data.scrollY)) element.tabIndex = 0;
        else element.removeAttribute("tabindex");
      });
    },
    detached(c) {
      c.unsize();
    },
    watch: {
      "scrollX, scrollY, enableFlex, showScrollbar"(c) {
        const { scrollX, scrollY, enableFlex, showScrollbar } = c.data;
        Object.assign(host(c).style, {
          overflowX: scrollX ? "auto" : "hidden",
          overflowY: scrollY ? "auto" : "hidden",
          scrollbarWidth: showScrollbar ? "thin" : "none",
        });
        if (enableFlex) host(c).style.display = "flex";
      },
      scrollTop(c) {
        if (c.data.scrollTop !== null && c.data.scrollTop !== "")
          host(c).scrollTo?.({ top: Number.parseFloat(c.data.scrollTop) || 0, behavior: behaviour(c) });
      },
      scrollLeft(c) {
        if (c.data.scrollLeft !== null && c.data.scrollLeft !== "")
          host(c).scrollTo?.({ left: Number.parseFloat(c.data.scrollLeft) || 0, behavior: behaviour(c) });
      },
      scrollIntoView: intoView,
      "refresherEnabled, refresherTriggered"(c) {
        const on = c.data.refresherEnabled && c.data.refresherTriggered;
        if (c.refreshing && !on) fire(c, "refresherrestore");
        c.refreshing = on;
        c.pull.classList.toggle("on", on);
      },
    },
  },
};
