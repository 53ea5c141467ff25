// What keeps a page alive: each place hears only what is about it, an open form is not taken away, and when the stream
// is down the page says so and asks by itself every half minute.
const ASK_AGAIN_MS = 30_000;
const KINDS = ["case", "conversation", "letter", "residence"];
const state = document.getElementById("link-state");
let asking = null;

// A place with data-subject hears only of those keys. In the capture phase, so before htmx does.
for (const kind of KINDS) {
  document.addEventListener(`sse:${kind}`, (event) => {
    const subject = event.target.dataset?.subject;
    const told = event.detail?.data;
    if (subject && told && !subject.split(" ").includes(JSON.parse(told).key)) event.stopPropagation();
  }, true);
}

function askAll() {
  for (const place of document.querySelectorAll('[hx-trigger*="sse:"]')) {
    const kind = KINDS.find((one) => place.getAttribute("hx-trigger").includes(`sse:${one}`));
    window.htmx.trigger(place, `sse:${kind}`);
  }
}

document.addEventListener("htmx:sseError", () => {
  state.textContent = "连接断开，正在重连";
  asking ??= setInterval(askAll, ASK_AGAIN_MS);
});

document.addEventListener("htmx:sseOpen", () => {
  if (asking) askAll();
  clearInterval(asking);
  asking = null;
  state.textContent = "";
});

// A form somebody has opened stays; what changed is told beside it.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const target = event.detail.target;
  if (target.matches("[data-keep-open]") && target.querySelector("details[open]")) {
    event.detail.shouldSwap = false;
    target.querySelector(".fresh-deeds").hidden = false;
  }
});

// A new room is announced and read from its beginning; an old refusal is over.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "room") return;
  document.getElementById("notice").replaceChildren();
  document.getElementById("room").focus({ preventScroll: true });
});
