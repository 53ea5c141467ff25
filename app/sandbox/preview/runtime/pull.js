/** Pull down to refresh, by finger or mouse. */

/** How far one pulls, in pixels. */
const FAR = 60;

export function bindPull(page) {
  const { scroll } = page;
  let from = null;
  const start = (y) => {
    from = scroll.scrollTop <= 0 ? y : null;
  };
  const move = (y) => {
    if (from === null || y - from < FAR) return;
    from = null;
    page.startRefresh();
  };
  scroll.addEventListener("touchstart", (event) => start(event.touches[0].clientY), { passive: true });
  scroll.addEventListener("touchmove", (event) => move(event.touches[0].clientY), { passive: true });
  scroll.addEventListener("mousedown", (event) => start(event.clientY));
  scroll.addEventListener("mousemove", (event) => event.buttons === 1 && move(event.clientY));
  scroll.addEventListener("mouseup", () => (from = null));
}
