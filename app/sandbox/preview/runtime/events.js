/**
 * Events of the browser as events of the mini-program. A tap is a click, so a finger, a mouse, Enter, a screen reader
 * and a test make the same one; a mouse drags like a finger.
 */
import { glassEasel } from "glass-easel-miniprogram-adapter";

/** Milliseconds and CSS pixels, as the platform has them. */
const LONG = 350;
const SLIP = 10;
const FINISHED = ["transitionend", "animationstart", "animationiteration", "animationend"];

/** Make every event of `document` reach the mini-program. `context` is the backend of glass-easel. */
export function connectEvents(context) {
  context.onEvent = () => {};
  context.setListenerStats = (element, type) => element && (element.listens ??= new Set()).add(type);
  const press = new Press();
  const touch = (event) => {
    const stopped = send(event.target, event.type, {}, event);
    if (stopped && event.type === "touchmove" && event.cancelable) event.preventDefault();
  };
  const on = (type, act) => document.addEventListener(type, act, { capture: true, passive: false });
  on("touchstart", (event) => (press.down(event, event.touches[0]), touch(event)));
  on("touchmove", (event) => (press.move(event.touches[0]), touch(event)));
  on("touchend", (event) => (press.up(), touch(event)));
  on("touchcancel", (event) => (press.cancel(), touch(event)));
  let held = null;
  const mouse = (type, event) => {
    const finger = { identifier: 0, ...point(event) };
    send(held, type, {}, event, type === "touchend" ? [] : [finger], [finger]);
  };
  on("mousedown", (event) => {
    if (event.button !== 0 || press.finger) return;
    held = event.target;
    press.down(event, event);
    mouse("touchstart", event);
  });
  on("mousemove", (event) => held && (press.move(event), mouse("touchmove", event)));
  on("mouseup", (event) => {
    if (!held) return;
    press.up();
    mouse("touchend", event);
    held = null;
  });
  on("click", (event) => {
    const meant = press.strayed(event);
    if (meant) {
      event.stopImmediatePropagation();
      event.preventDefault();
      meant.click();
      return;
    }
    if (press.spent(event)) return;
    const finger = { identifier: 0, ...point(event) };
    send(event.target, "tap", { x: event.clientX, y: event.clientY }, event, [finger], [finger]);
  });
  on("keydown", (event) => {
    if (event.target.matches?.("[data-keys]") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      event.target.click();
    }
  });
  for (const type of FINISHED) on(type, (event) => send(event.target, type, { elapsedTime: event.elapsedTime }, event));
}

/** One finger (or the mouse) from down to up: whether it slipped, and whether it stayed long. */
class Press {
  finger = false;
  #from = null;
  #target = null;
  #timer = 0;
  #moved = false;
  #long = false;

  down(event, at) {
    this.finger = event.type === "touchstart";
    this.#from = at ? point(at) : null;
    this.#moved = this.#long = false;
    clearTimeout(this.#timer);
    const { target } = event;
    this.#target = target;
    this.#timer = setTimeout(() => {
      this.#long = heard(target, "longpress") || heard(target, "longtap");
      const finger = { identifier: 0, ...this.#from };
      for (const type of ["longpress", "longtap"])
        send(target, type, { x: finger.clientX, y: finger.clientY }, event, [finger], [finger]);
    }, LONG);
  }

  move(at) {
    if (!at || !this.#from) return;
    const here = point(at);
    if (Math.hypot(here.clientX - this.#from.clientX, here.clientY - this.#from.clientY) <= SLIP) return;
    this.#moved = true;
    clearTimeout(this.#timer);
  }

  up() {
    clearTimeout(this.#timer);
    // The browser sends mouse events after a touch; they are over within a blink.
    if (this.finger) setTimeout(() => (this.finger = false), 500);
  }

  cancel() {
    this.#moved = true;
    this.up();
  }

  /**
   * What a finger was put on, when the page moved under it before it was lifted and the browser clicks on something
   * else; null as a rule. The platform taps what was touched.
   */
  strayed(event) {
    const target = this.#target;
    this.#target = null;
    if (!event.isTrusted || event.detail === 0 || this.#moved || this.#long) return null;
    return target?.isConnected && target !== event.target ? target : null;
  }

  /** Whether a click is the end of a drag or of a long press and no tap; one made by keys or by a script always is a tap. */
  spent(event) {
    const over = event.detail > 0 && (this.#moved || this.#long);
    this.#moved = this.#long = false;
    return over;
  }
}

function point({ clientX = 0, clientY = 0 }) {
  const scroll = document.querySelector(".mp-page:not([hidden]) .mp-scroll")?.scrollTop ?? 0;
  return { clientX, clientY, pageX: clientX, pageY: clientY + scroll };
}

function nodeOf(target) {
  for (let at = target; at; at = at.parentNode) if (at.__wxElement) return at.__wxElement;
  return null;
}

/** Whether anything from the target upwards listens. */
function heard(target, type) {
  for (let at = target; at; at = at.parentNode) if (at.listens?.has(type)) return true;
  return false;
}

/** Dispatch; true when a `catch` listener took it. */
function send(target, type, detail, original, touches, changed) {
  const node = nodeOf(target);
  if (!node) return false;
  const fields = {
    touches: touches ?? fingers(original.touches),
    changedTouches: changed ?? fingers(original.changedTouches),
  };
  const event = new glassEasel.Event(type, detail, {
    bubbles: true,
    composed: true,
    capturePhase: true,
    originalEvent: original,
    extraFields: fields,
  });
  glassEasel.Event.dispatchEvent(node, event);
  return event.defaultPrevented();
}

function fingers(list) {
  return Array.from(list ?? [], (one) => ({ identifier: one.identifier, ...point(one) }));
}
