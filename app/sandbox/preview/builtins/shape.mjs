/**
 * Every built-in component the preview has: its properties (name in the template → type and default) and its events.
 * The compiler refuses what is not here, so nothing of the platform is lost in silence. Properties in `inert` are
 * taken and have nothing to show in a browser (keyboards, native menus, statistics).
 */
const text = { type: String, value: "" };
const flag = { type: Boolean, value: false };
const yes = { type: Boolean, value: true };
const any = { type: null, value: null };
const number = (value = 0) => ({ type: Number, value });
const word = (value) => ({ type: String, value });
const words = (list) => (list ? list.split(" ") : []);

export const ARIA = words(
  "label role hidden checked disabled expanded live modal busy valuemin valuemax valuenow valuetext labelledby describedby " +
    "selected haspopup controls owns level current pressed required invalid roledescription atomic relevant sort multiselectable",
);
export const COMMON = {
  hidden: any,
  animation: any,
  "disable-scroll": flag,
  ...Object.fromEntries(ARIA.map((one) => [`aria-${one}`, any])),
};
export const COMMON_EVENTS = words(
  "tap longpress longtap touchstart touchmove touchend touchcancel transitionend animationstart animationiteration animationend",
);
const hover = {
  "hover-class": text,
  "hover-stop-propagation": flag,
  "hover-start-time": number(50),
  "hover-stay-time": number(400),
};
const shape = (properties = {}, events = "", inert = "") => ({
  properties,
  events: words(events),
  inert: words(inert),
});

const writing = {
  value: { type: null, value: "" },
  name: text,
  placeholder: text,
  "placeholder-class": text,
  "placeholder-style": text,
  disabled: flag,
  maxlength: number(140),
  focus: flag,
  "auto-focus": flag,
  cursor: number(-1),
  "selection-start": number(-1),
  "selection-end": number(-1),
};
const WRITING_INERT =
  "cursor-spacing adjust-position hold-keyboard confirm-hold confirm-type cursor-color always-embed";

export const SHAPES = {
  view: shape(hover),
  "cover-view": shape({ ...hover, "scroll-top": any }),
  "root-portal": shape({ enable: yes }),
  "page-meta": shape(
    {
      "root-font-size": text,
      "page-font-size": text,
      "page-style": text,
      "background-color": text,
      "root-background-color": text,
      "scroll-top": text,
    },
    "scroll resize scrolldone",
    "background-text-style background-color-top background-color-bottom scroll-duration page-orientation",
  ),
  "page-container": shape(
    {
      show: flag,
      duration: number(300),
      "z-index": number(100),
      overlay: yes,
      position: word("bottom"),
      round: flag,
      "close-on-slide-down": flag,
      "overlay-style": text,
      "custom-style": text,
    },
    "beforeenter enter afterenter beforeleave leave afterleave clickoverlay",
  ),
  text: shape({ "user-select": flag, selectable: flag, space: text, decode: flag }),
  label: shape({ for: text }),
  icon: shape({ type: text, size: { type: null, value: 23 }, color: text }),
  progress: shape(
    {
      percent: number(),
      "show-info": flag,
      "border-radius": any,
      "stroke-width": { type: null, value: 6 },
      activeColor: text,
      "active-color": text,
      backgroundColor: text,
      "background-color": text,
      color: text,
    },
    "activeend",
    "active active-mode duration font-size",
  ),
  image: shape(
    { src: text, mode: word("scaleToFill"), "lazy-load": flag, alt: text },
    "load error",
    "show-menu-by-longpress webp fade-in",
  ),
  "cover-image": shape({ src: text }, "load error"),
  video: shape(
    {
      src: text,
      poster: text,
      controls: yes,
      autoplay: flag,
      loop: flag,
      muted: flag,
      "object-fit": word("contain"),
      "initial-time": number(),
    },
    "play pause ended timeupdate error loadedmetadata waiting fullscreenchange",
    "show-fullscreen-btn show-play-btn show-center-play-btn enable-progress-gesture title objectFit",
  ),
  "rich-text": shape({ nodes: { type: null, value: "" }, space: text, "user-select": flag }),
  canvas: shape({ type: text, "canvas-id": text, "disable-scroll": flag }, "error"),
  map: shape(
    {
      latitude: number(),
      longitude: number(),
      scale: number(16),
      markers: { type: null, value: [] },
      polyline: any,
      polygons: any,
      circles: any,
      "include-points": any,
      "show-location": flag,
      "enable-scroll": yes,
      "enable-zoom": yes,
    },
    "markertap callouttap regionchange poitap updated error",
    "enable-rotate enable-overlooking show-compass show-scale min-scale max-scale enable-poi setting",
  ),
  button: shape(
    {
      ...hover,
      "hover-class": word("button-hover"),
      "hover-start-time": number(20),
      "hover-stay-time": number(70),
      type: word("default"),
      size: word("default"),
      plain: flag,
      disabled: flag,
      loading: flag,
      "form-type": text,
      "open-type": text,
      "session-from": text,
      "send-message-title": text,
      "send-message-path": text,
      "send-message-img": text,
      "show-message-card": flag,
    },
    "getphonenumber getrealtimephonenumber contact error opensetting launchapp chooseavatar agreeprivacyauthorization getuserinfo " +
      "createliveactivity phoneoneclicklogin",
    "lang app-parameter activity-type entrance-path need-show-entrance phone-number-no-quota-toast",
  ),
  navigator: shape(
    {
      ...hover,
      "hover-class": word("navigator-hover"),
      url: text,
      "open-type": word("navigate"),
      delta: number(1),
      target: word("self"),
    },
    "success fail complete",
    "version short-link path extra-data app-id",
  ),
  input: shape(
    { ...writing, type: word("text"), password: flag },
    "input change focus blur confirm keyboardheightchange nicknamereview",
    `${WRITING_INERT} safe-password-cert-path safe-password-length safe-password-time-stamp safe-password-nonce safe-password-salt safe-password-custom-hash`,
  ),
  textarea: shape(
    { ...writing, "auto-height": flag, fixed: flag },
    "input change focus blur confirm linechange keyboardheightchange",
    `${WRITING_INERT} show-confirm-bar disable-default-padding adjust-keyboard-to`,
  ),
  switch: shape({ checked: flag, color: text, disabled: flag, name: text, type: word("switch") }, "change"),
  checkbox: shape({ value: text, checked: flag, disabled: flag, color: text }),
  "checkbox-group": shape({ name: text }, "change"),
  radio: shape({ value: text, checked: flag, disabled: flag, color: text }),
  "radio-group": shape({ name: text }, "change"),
  slider: shape(
    {
      min: number(),
      max: number(100),
      step: number(1),
      value: number(),
      name: text,
      disabled: flag,
      "show-value": flag,
      activeColor: text,
      "active-color": text,
      backgroundColor: text,
      "background-color": text,
      color: text,
      "block-size": number(28),
      "block-color": text,
    },
    "change changing",
  ),
  form: shape({}, "submit reset", "report-submit report-submit-timeout"),
  picker: shape(
    {
      mode: word("selector"),
      range: { type: null, value: [] },
      "range-key": text,
      value: any,
      name: text,
      disabled: flag,
      start: text,
      end: text,
      fields: word("day"),
      "header-text": text,
    },
    "change cancel columnchange",
  ),
  "picker-view": shape(
    {
      value: { type: null, value: [] },
      "indicator-style": text,
      "indicator-class": text,
      "mask-style": text,
      "mask-class": text,
    },
    "change pickstart pickend",
    "immediate-change",
  ),
  "picker-view-column": shape(),
  "scroll-view": shape(
    {
      "scroll-x": flag,
      "scroll-y": flag,
      "scroll-top": any,
      "scroll-left": any,
      "scroll-into-view": text,
      "scroll-with-animation": flag,
      "upper-threshold": number(50),
      "lower-threshold": number(50),
      "refresher-enabled": flag,
      "refresher-triggered": flag,
      "refresher-threshold": number(45),
      "enable-flex": flag,
      "show-scrollbar": yes,
    },
    "scroll scrolltoupper scrolltolower refresherpulling refresherrefresh refresherrestore refresherabort dragstart dragging dragend",
    "enable-back-to-top enhanced bounces throttle scroll-anchoring type enable-passive refresher-default-style refresher-background using-sticky fast-deceleration",
  ),
  swiper: shape(
    {
      current: number(),
      autoplay: flag,
      interval: number(5000),
      duration: number(500),
      circular: flag,
      vertical: flag,
      "indicator-dots": flag,
      "indicator-color": text,
      "indicator-active-color": text,
      "previous-margin": text,
      "next-margin": text,
      "display-multiple-items": number(1),
    },
    "change transition animationfinish",
    "easing-function snap-to-edge",
  ),
  "swiper-item": shape({ "item-id": text }),
  "movable-area": shape({}, "", "scale-area"),
  "movable-view": shape(
    { direction: word("none"), x: number(), y: number(), disabled: flag, "out-of-bounds": flag },
    "change htouchmove vtouchmove",
    "damping friction inertia animation",
  ),
};

/** "scroll-top" → "scrollTop", as a component names its property. */
export const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/** All properties of a tag by their names in scripts. */
export function propertiesOf(tag) {
  const { properties, inert } = SHAPES[tag];
  const all = { ...COMMON, ...properties, ...Object.fromEntries(inert.map((name) => [name, any])) };
  return Object.fromEntries(Object.entries(all).map(([name, kind]) => [camel(name), kind]));
}
