/** <swiper>: slides in a track that scrolls and snaps. Circular means that the last is followed by the first. */
import { fire, host, make, pixels } from "./kit.js";

function slides(c) {
  return [...c.track.children];
}

/** The width (or height) of one slide. */
function step(c) {
  const { vertical, displayMultipleItems, previousMargin, nextMargin } = c.data;
  const room = (vertical ? c.track.clientHeight : c.track.clientWidth) - pixels(previousMargin) - pixels(nextMargin);
  return room / Math.max(1, displayMultipleItems) || 1;
}

function go(c, index, smooth) {
  const side = c.data.vertical ? "top" : "left";
  c.track.scrollTo?.({ [side]: index * step(c), behavior: smooth ? "smooth" : "auto" });
}

function settle(c, index, source) {
  if (index === c.current) return;
  c.current = index;
  dots(c);
  const { itemId } = c.track.children[index]?.__wxElement?.getMethodCaller().data ?? {};
  fire(c, "change", { current: index, currentItemId: itemId ?? "", source });
  fire(c, "animationfinish", { current: index, currentItemId: itemId ?? "", source });
}

function dots(c) {
  const { indicatorDots, indicatorColor, indicatorActiveColor } = c.data;
  c.dots.hidden = !indicatorDots;
  c.dots.replaceChildren(
    ...slides(c).map((_, index) => {
      const dot = make("i");
      dot.style.backgroundColor =
        index === c.current ? indicatorActiveColor || "#000" : indicatorColor || "rgba(0, 0, 0, 0.3)";
      return dot;
    }),
  );
}

function play(c) {
  clearInterval(c.timer);
  if (!c.data.autoplay) return;
  c.timer = setInterval(() => {
    const count = slides(c).length;
    if (count < 2 || host(c).offsetParent === null) return;
    const next = c.current + 1;
    if (next >= count && !c.data.circular) return;
    c.source = "autoplay";
    go(c, next % count, true);
  }, c.data.interval);
}

export const SWIPERS = {
  swiper: {
    attached(c) {
      const element = host(c);
      c.track = element.querySelector("swiper-track");
      c.track.tabIndex = 0;
      c.dots = make("div", element, "dots");
      c.current = c.data.current;
      c.source = "";
      c.track.addEventListener("scroll", () => {
        const at = c.data.vertical ? c.track.scrollTop : c.track.scrollLeft;
        settle(c, Math.round(at / step(c)), c.source || "touch");
        clearTimeout(c.rest);
        c.rest = setTimeout(() => (c.source = ""), 200);
      });
      c.seen = new MutationObserver(() => dots(c));
      c.seen.observe(c.track, { childList: true });
      requestAnimationFrame(() => c.made && go(c, c.current, false));
    },
    detached(c) {
      clearInterval(c.timer);
      clearTimeout(c.rest);
      c.seen.disconnect();
    },
    watch: {
      current(c) {
        if (c.data.current === c.current) return;
        c.source = "";
        settle(c, c.data.current, "");
        go(c, c.data.current, true);
      },
      "vertical, displayMultipleItems, previousMargin, nextMargin"(c) {
        const { vertical, displayMultipleItems, previousMargin, nextMargin } = c.data;
        c.track.classList.toggle("vertical", vertical);
        c.track.style.setProperty("--shown", Math.max(1, displayMultipleItems));
        c.track.style[vertical ? "paddingBlock" : "paddingInline"] =
          `${pixels(previousMargin)}px ${pixels(nextMargin)}px`;
      },
      "indicatorDots, indicatorColor, indicatorActiveColor": dots,
      "autoplay, interval, circular": play,
    },
  },
};
