// WeChat built-in components as glass-easel components with imperative DOM.
export const BUILTIN_TAGS = new Set(
  "view text image button input textarea scroll-view swiper swiper-item picker picker-view picker-view-column form switch checkbox checkbox-group radio radio-group label slider progress icon navigator rich-text video map web-view canvas cover-view cover-image root-portal page-meta page-container movable-area movable-view camera open-data".split(
    " ",
  ),
);
const S = String,
  N = Number,
  B = Boolean,
  A = null;
const el = (t, p, c) => {
  const e = document.createElement(t);
  if (c) e.className = c;
  if (p) p.appendChild(e);
  return e;
};
const host = (c) => c._$.getBackendElement();
const fire = (c, n, d, bub) => c.triggerEvent(n, d || {}, { bubbles: !!bub, composed: !!bub });
const up = (e, tag) => {
  for (let n = e.parentNode; n; n = n.parentNode) if (n.localName === tag) return n;
  return null;
};
const own = (e) => e.__wxElement?.getMethodCaller();
const styleStr = (s) => (s || "").replace(/([\d.]+)rpx/g, (_, n) => `calc(var(--rpx) * ${n})`);
function sheet(cols, idx, onOk, onCancel, onCol) {
  const m = el("div", document.body, "mp-sheet"),
    b = el("div", m),
    hd = el("div", b, "hd");
  const c = el("span", hd, "no"),
    k = el("span", hd, "ok");
  c.textContent = "取消";
  k.textContent = "确定";
  const box = el("div", b, "cols");
  idx = idx.slice();
  const draw = () => {
    box.innerHTML = "";
    cols.forEach((col, i) => {
      const d = el("div", box);
      col.forEach((t, j) => {
        const o = el("div", d, idx[i] === j ? "sel" : "");
        o.textContent = t;
        o.onclick = () => {
          idx[i] = j;
          const r = onCol?.(i, j, idx);
          if (r) cols = r;
          draw();
        };
      });
      const s = d.querySelector(".sel");
      if (s) d.scrollTop = s.offsetTop - 100;
    });
  };
  draw();
  c.onclick = () => {
    m.remove();
    onCancel?.();
  };
  k.onclick = () => {
    m.remove();
    onOk(idx);
  };
  m.onclick = (e) => {
    if (e.target === m) c.onclick();
  };
}
const range = (a, b, f) => Array.from({ length: b - a + 1 }, (_, i) => f(a + i));
const p2 = (n) => S(n).padStart(2, "0");
const field = (get, reset) => ({ get, reset });
const T = {
  view: {},
  "cover-view": {},
  "root-portal": {},
  "page-meta": {
    p: { rootFontSize: S, pageFontSize: S, scrollTop: S, backgroundColor: S, pageStyle: S },
    ob: {
      rootFontSize(c) {
        if (c.data.rootFontSize) document.documentElement.style.fontSize = c.data.rootFontSize;
      },
    },
  },
  "page-container": { p: { show: B } },
  "movable-area": {},
  "movable-view": {},
  "open-data": { p: { type: S } },
  canvas: { p: { type: S, canvasId: S } },
  camera: {},
  text: { p: { userSelect: B, selectable: B, space: S, decode: B } },
  label: {
    p: { for: S },
    at(c) {
      host(c).addEventListener("click", (e) => {
        if (
          up(e.target, "wx-radio") ||
          up(e.target, "wx-checkbox") ||
          /^(input|textarea)$/.test(e.target.localName)
        )
          return;
        const f = host(c).querySelector("wx-radio,wx-checkbox,wx-switch,input,textarea");
        if (f) f.focus && /^(input|textarea)$/.test(f.localName) ? f.focus() : f.click();
      });
    },
  },
  image: {
    p: { src: S, mode: { type: S, value: "scaleToFill" }, lazyLoad: B, showMenuByLongpress: B, webp: B },
    at(c) {
      const h = host(c),
        i = (c.$i = el("img", h));
      i.onload = () => {
        fire(c, "load", { width: i.naturalWidth, height: i.naturalHeight });
      };
      i.onerror = () => fire(c, "error", { errMsg: "load fail" });
      T.image.ob["src, mode"](c);
    },
    ob: {
      "src, mode"(c) {
        const i = c.$i;
        if (!i) return;
        const m = c.data.mode,
          s = i.style;
        if (c.data.src) i.src = c.data.src.replace(/^\/(?!\/)/, "");
        else i.removeAttribute("src");
        s.visibility = c.data.src ? "" : "hidden";
        s.objectFit = { aspectFit: "contain", aspectFill: "cover", scaleToFill: "fill" }[m] || "none";
        if (m === "widthFix") {
          s.height = "auto";
          host(c).style.height = "auto";
        }
        if (m === "heightFix") {
          s.width = "auto";
          host(c).style.width = "auto";
        }
      },
    },
  },
  button: {
    p: {
      type: { type: S, value: "default" },
      size: S,
      plain: B,
      disabled: B,
      loading: B,
      formType: S,
      openType: S,
      hoverClass: S,
      hoverStartTime: N,
      hoverStayTime: N,
      hoverStopPropagation: B,
      lang: S,
      sessionFrom: S,
      sendMessageTitle: S,
      sendMessagePath: S,
      sendMessageImg: S,
      appParameter: S,
      showMessageCard: B,
      activityType: A,
      entrancePath: S,
      needShowEntrance: B,
      phoneNumberNoQuotaToast: B,
    },
    at(c) {
      const h = host(c);
      h.setAttribute("role", "button");
      h.addEventListener("click", () => {
        if (c.data.disabled) return;
        const f = up(h, "wx-form");
        if (f && /^(submit|reset)$/.test(c.data.formType)) own(f)["$" + c.data.formType]();
        const o = c.data.openType;
        if (o === "getPhoneNumber")
          fire(c, "getphonenumber", { errMsg: "getPhoneNumber:ok", code: "mock-phone-code" });
        if (o === "chooseAvatar")
          wx.chooseMedia({
            count: 1,
            success: (r) => fire(c, "chooseavatar", { avatarUrl: r.tempFiles[0].tempFilePath }),
          });
        if (o === "getUserInfo")
          fire(c, "getuserinfo", { userInfo: { nickName: "微信用户", avatarUrl: "" } });
        if (o === "openSetting") fire(c, "opensetting", { authSetting: {} });
      });
    },
    ob: {
      "type, size, plain, disabled"(c) {
        for (const k of ["type", "size"]) host(c).setAttribute(k, c.data[k] || "");
        for (const k of ["plain", "disabled"]) host(c).toggleAttribute(k, !!c.data[k]);
      },
    },
  },
  input: {
    p: {
      value: { type: A, value: "" },
      name: S,
      type: { type: S, value: "text" },
      password: B,
      placeholder: S,
      placeholderStyle: S,
      placeholderClass: S,
      disabled: B,
      maxlength: { type: N, value: 140 },
      focus: B,
      autoFocus: B,
      cursorSpacing: N,
      confirmType: S,
      confirmHold: B,
      cursor: N,
      selectionStart: N,
      selectionEnd: N,
      adjustPosition: B,
      holdKeyboard: B,
      alwaysEmbed: B,
      cursorColor: S,
      safePasswordCertPath: S,
      safePasswordLength: N,
      safePasswordTimeStamp: N,
      safePasswordNonce: S,
      safePasswordSalt: S,
      safePasswordCustomHash: S,
      nicknameType: S,
    },
    at(c) {
      text(c, "input");
    },
    ob: {
      "value, placeholder, disabled, type, password, maxlength, focus"(c) {
        syncText(c);
      },
    },
  },
  textarea: {
    p: {
      value: { type: A, value: "" },
      name: S,
      placeholder: S,
      placeholderStyle: S,
      placeholderClass: S,
      disabled: B,
      maxlength: { type: N, value: 140 },
      focus: B,
      autoFocus: B,
      autoHeight: B,
      fixed: B,
      cursorSpacing: N,
      cursor: N,
      showConfirmBar: B,
      selectionStart: N,
      selectionEnd: N,
      adjustPosition: B,
      holdKeyboard: B,
      disableDefaultPadding: B,
      confirmType: S,
      confirmHold: B,
      adjustKeyboardTo: S,
    },
    at(c) {
      text(c, "textarea");
    },
    ob: {
      "value, placeholder, disabled, maxlength, focus"(c) {
        syncText(c);
      },
    },
  },
  "scroll-view": {
    p: {
      scrollX: B,
      scrollY: B,
      scrollTop: A,
      scrollLeft: A,
      scrollIntoView: S,
      scrollWithAnimation: B,
      upperThreshold: { type: N, value: 50 },
      lowerThreshold: { type: N, value: 50 },
      enableBackToTop: B,
      enableFlex: B,
      refresherEnabled: B,
      refresherTriggered: B,
      refresherThreshold: N,
      refresherDefaultStyle: S,
      refresherBackground: S,
      enhanced: B,
      bounces: B,
      showScrollbar: B,
      pagingEnabled: B,
      throttle: B,
      scrollAnchoring: B,
      type: S,
      enablePassive: A,
      usingSticky: B,
    },
    at(c) {
      const h = host(c);
      let lo = false;
      h.addEventListener("scroll", (e) => {
        e.stopPropagation();
        fire(c, "scroll", {
          scrollTop: h.scrollTop,
          scrollLeft: h.scrollLeft,
          scrollHeight: h.scrollHeight,
          scrollWidth: h.scrollWidth,
        });
        const n = c.data.scrollX
          ? h.scrollWidth - h.scrollLeft - h.clientWidth
          : h.scrollHeight - h.scrollTop - h.clientHeight;
        if (n < c.data.lowerThreshold && !lo) fire(c, "scrolltolower", { direction: "bottom" });
        lo = n < c.data.lowerThreshold;
        if (h.scrollTop === 0) fire(c, "scrolltoupper", {});
      });
      T["scroll-view"].ob["scrollX, scrollY"](c);
    },
    ob: {
      "scrollX, scrollY"(c) {
        const s = host(c).style;
        s.overflowX = c.data.scrollX ? "auto" : "hidden";
        s.overflowY = c.data.scrollY ? "auto" : "hidden";
        s.scrollbarWidth = "none";
      },
      scrollTop(c) {
        if (c.data.scrollTop != null) host(c).scrollTop = parseFloat(c.data.scrollTop) || 0;
      },
      scrollLeft(c) {
        if (c.data.scrollLeft != null) host(c).scrollLeft = parseFloat(c.data.scrollLeft) || 0;
      },
      scrollIntoView(c) {
        const id = c.data.scrollIntoView;
        if (id)
          requestAnimationFrame(() => {
            for (const e of host(c).querySelectorAll("*"))
              if (e.__wxElement?.id === id) e.scrollIntoView({ block: "start" });
          });
      },
    },
  },
  swiper: {
    p: {
      current: N,
      autoplay: B,
      interval: { type: N, value: 5000 },
      duration: N,
      circular: B,
      vertical: B,
      indicatorDots: B,
      indicatorColor: S,
      indicatorActiveColor: S,
      previousMargin: S,
      nextMargin: S,
      displayMultipleItems: N,
      easingFunction: S,
      snapToEdge: B,
      currentItemId: S,
    },
    at(c) {
      const h = host(c),
        t = h.querySelector("swiper-track"),
        d = el("div", h, "dots");
      c.$t = t;
      c.$cur = 0;
      c.$dots = () => {
        d.style.display = c.data.indicatorDots ? "" : "none";
        d.innerHTML = "";
        for (let i = 0; i < t.children.length; i++) el("i", d, i === c.$cur ? "on" : "");
      };
      const tick = () => c.$dots();
      requestAnimationFrame(tick);
      new MutationObserver(tick).observe(t, { childList: true });
      t.addEventListener("scroll", (e) => {
        e.stopPropagation();
        const i = Math.round(t.scrollLeft / (t.clientWidth || 1));
        if (i !== c.$cur) {
          c.$cur = i;
          c.$dots();
          fire(c, "change", { current: i, source: "touch" });
        }
      });
      c.$iv = setInterval(() => {
        if (c.data.autoplay && t.children.length)
          t.scrollTo({ left: ((c.$cur + 1) % t.children.length) * t.clientWidth, behavior: "smooth" });
      }, c.data.interval);
    },
    de(c) {
      clearInterval(c.$iv);
    },
    ob: {
      current(c) {
        c.$t && c.$t.scrollTo({ left: c.data.current * c.$t.clientWidth });
      },
    },
  },
  "swiper-item": { p: { itemId: S } },
  picker: {
    p: {
      mode: { type: S, value: "selector" },
      range: { type: A, value: [] },
      rangeKey: S,
      value: A,
      name: S,
      disabled: B,
      start: S,
      end: S,
      fields: S,
      headerText: S,
      customItem: S,
      level: S,
    },
    at(c) {
      const h = host(c);
      h.__field = field(
        () => c.data.value ?? 0,
        () => {},
      );
      h.addEventListener("click", () => {
        if (c.data.disabled) return;
        const { mode, range: r, rangeKey: k } = c.data,
          lab = (x) => (k ? x[k] : x),
          no = () => fire(c, "cancel"),
          ok = (v) => {
            c.setData({ value: v });
            fire(c, "change", { value: v });
          };
        if (mode === "multiSelector")
          sheet(
            r.map((x) => x.map(lab)),
            c.data.value || r.map(() => 0),
            ok,
            no,
            (i, j) => {
              fire(c, "columnchange", { column: i, value: j });
              return c.data.range.map((x) => x.map(lab));
            },
          );
        else if (mode === "date") {
          const d = new Date(c.data.value || Date.now()),
            y0 = N((c.data.start || "1970").slice(0, 4)),
            y1 = N((c.data.end || "2100").slice(0, 4));
          sheet(
            [range(y0, y1, (y) => y + "年"), range(1, 12, (m) => m + "月"), range(1, 31, (x) => x + "日")],
            [d.getFullYear() - y0, d.getMonth(), d.getDate() - 1],
            (i) => ok(`${y0 + i[0]}-${p2(i[1] + 1)}-${p2(i[2] + 1)}`),
            no,
          );
        } else if (mode === "time") {
          const [a, b] = (c.data.value || "00:00").split(":").map(N);
          sheet([range(0, 23, p2), range(0, 59, p2)], [a, b], (i) => ok(p2(i[0]) + ":" + p2(i[1])), no);
        } else sheet([(r || []).map(lab)], [N(c.data.value) || 0], (i) => ok(i[0]), no);
      });
    },
  },
  form: {
    p: { reportSubmit: B },
    at(c) {
      const all = (f) => {
        const o = {};
        for (const e of host(c).querySelectorAll("*")) {
          const m = own(e);
          const n = m && m.data && m.data.name;
          if (!n) continue;
          if (e.__field) f(n, e.__field, o);
          else if (m.data.value !== undefined && !/^wx-/.test(e.localName))
            f(
              n,
              field(
                () => m.data.value,
                () => m.setData({ value: "" }),
              ),
              o,
            );
        }
        return o;
      };
      c.$submit = () =>
        fire(c, "submit", {
          value: all((n, f, o) => {
            o[n] = f.get();
          }),
          formId: "",
        });
      c.$reset = () => {
        all((n, f) => f.reset());
        fire(c, "reset");
      };
    },
  },
  switch: {
    p: { checked: B, color: S, disabled: B, name: S, type: S },
    at(c) {
      const h = host(c);
      el("i", h);
      h.__field = field(
        () => c.data.checked,
        () => c.setData({ checked: false }),
      );
      h.addEventListener("click", () => {
        if (c.data.disabled) return;
        c.setData({ checked: !c.data.checked });
        fire(c, "change", { value: c.data.checked });
      });
      T.switch.ob["checked, color"](c);
    },
    ob: { "checked, color": chk },
  },
  radio: {
    p: { value: S, checked: B, disabled: B, color: S },
    at(c) {
      const h = host(c);
      h.prepend(el("i"));
      h.addEventListener("click", (e) => {
        if (c.data.disabled || c.data.checked) return;
        const gr = up(h, "wx-radio-group");
        gr?.querySelectorAll("wx-radio").forEach((r) => own(r).setData({ checked: r === h }));
        if (gr) fire(own(gr), "change", { value: c.data.value });
      });
      chk(c);
    },
    ob: { "checked, color": chk },
  },
  checkbox: {
    p: { value: S, checked: B, disabled: B, color: S },
    at(c) {
      const h = host(c);
      h.prepend(el("i"));
      h.addEventListener("click", () => {
        if (c.data.disabled) return;
        c.setData({ checked: !c.data.checked });
        const gr = up(h, "wx-checkbox-group");
        if (gr) fire(own(gr), "change", { value: gr.__field.get() });
      });
      chk(c);
    },
    ob: { "checked, color": chk },
  },
  "radio-group": {
    p: { name: S },
    at(c) {
      const h = host(c);
      h.__field = field(
        () => own(h.querySelector("wx-radio.on") || {})?.data.value || "",
        () => {},
      );
    },
  },
  "checkbox-group": {
    p: { name: S },
    at(c) {
      const h = host(c);
      h.__field = field(
        () => [...h.querySelectorAll("wx-checkbox.on")].map((x) => own(x).data.value),
        () => {},
      );
    },
  },
  slider: {
    p: {
      min: N,
      max: { type: N, value: 100 },
      step: { type: N, value: 1 },
      value: N,
      name: S,
      disabled: B,
      showValue: B,
      activeColor: S,
      blockSize: N,
      backgroundColor: S,
      blockColor: S,
    },
    at(c) {
      const i = (c.$i = el("input", host(c)));
      i.type = "range";
      i.style.width = "100%";
      Object.assign(i, { min: c.data.min, max: c.data.max, step: c.data.step, value: c.data.value });
      i.oninput = () => fire(c, "changing", { value: +i.value });
      i.onchange = () => {
        c.setData({ value: +i.value });
        fire(c, "change", { value: +i.value });
      };
      host(c).__field = field(
        () => c.data.value,
        () => {},
      );
    },
  },
  progress: {
    p: { percent: N, activeColor: S, strokeWidth: N, showInfo: B },
    at(c) {
      const i = el("i", host(c));
      c.$b = el("b", i);
      T.progress.ob.percent(c);
    },
    ob: {
      percent(c) {
        if (c.$b) {
          c.$b.style.width = c.data.percent + "%";
        }
      },
    },
  },
  icon: {
    p: { type: S, size: A, color: S },
    at(c) {
      host(c).textContent =
        {
          success: "✔",
          warn: "⚠",
          info: "ℹ",
          search: "⌕",
          clear: "✕",
          cancel: "✕",
          waiting: "◷",
          download: "⬇",
        }[c.data.type] || "•";
    },
  },
  navigator: {
    p: { url: S, openType: { type: S, value: "navigate" }, delta: N, target: S, hoverClass: S },
    at(c) {
      host(c).addEventListener("click", () => {
        const o = c.data.openType,
          f = {
            navigate: "navigateTo",
            redirect: "redirectTo",
            switchTab: "switchTab",
            reLaunch: "reLaunch",
            navigateBack: "navigateBack",
          }[o];
        wx[f]({ url: c.data.url, delta: c.data.delta || 1 });
      });
    },
  },
  "rich-text": {
    p: { nodes: A, space: S },
    ob: {
      nodes(c) {
        const f = (n) =>
          n.type === "text"
            ? new Text(n.text)
            : n.children || n.name
              ? Object.assign(el(n.name || "div"), {})
              : new Text("");
        const h = host(c);
        if (typeof c.data.nodes === "string")
          h.innerHTML = c.data.nodes.replace(/<script[\s\S]*?<\/script>|\son\w+="[^"]*"/g, "");
        else {
          const add = (l, p) =>
            (l || []).forEach((n) => {
              const e = f(n);
              if (n.attrs) for (const k in n.attrs) if (!/^on/.test(k)) e.setAttribute(k, n.attrs[k]);
              p.appendChild(e);
              add(n.children, e);
            });
          h.innerHTML = "";
          add(c.data.nodes, h);
        }
      },
    },
  },
  video: {
    p: { src: S, poster: S, controls: { type: B, value: true }, autoplay: B, loop: B, muted: B },
    at(c) {
      const v = el("video", host(c));
      v.controls = true;
      v.src = c.data.src;
    },
  },
  map: {
    p: {
      latitude: N,
      longitude: N,
      scale: N,
      markers: { type: A, value: [] },
      showLocation: B,
      polyline: A,
      circles: A,
      includePoints: A,
      enableZoom: B,
      enableScroll: B,
    },
    ob: {
      "latitude, longitude, markers"(c) {
        const h = host(c);
        h.innerHTML = "";
        (c.data.markers || []).forEach((m) => {
          const d = el("div", h);
          d.textContent = "📍";
          d.style.cssText = `position:absolute;left:calc(50% + ${(m.longitude - c.data.longitude) * 20000}px);top:calc(50% - ${(m.latitude - c.data.latitude) * 20000}px)`;
          d.onclick = () => fire(c, "markertap", { markerId: m.id });
        });
      },
    },
  },
  "web-view": {
    p: { src: S },
    at(c) {
      const f = el("iframe", host(c));
      f.style.cssText = "position:absolute;inset:0;width:100%;height:100%;border:0";
      f.src = c.data.src;
    },
  },
  "cover-image": {
    p: { src: S },
    at(c) {
      el("img", host(c)).src = c.data.src;
    },
  },
  "picker-view": { p: { value: A, indicatorStyle: S, maskStyle: S } },
  "picker-view-column": {},
};
function chk(c) {
  const h = host(c);
  h.classList.toggle("on", !!c.data.checked);
  if (c.data.color) h.style.setProperty("--c", c.data.color);
}
function text(c, tag) {
  const h = host(c),
    i = (c.$i = el(tag, h));
  h.__field = field(
    () => i.value,
    () => {
      i.value = "";
      c.setData({ value: "" });
    },
  );
  const grow = () => {
    if (tag === "textarea" && c.data.autoHeight) {
      h.style.height = "auto";
      i.style.height = "auto";
      i.style.height = i.scrollHeight + "px";
    }
  };
  for (const ev of ["input", "change", "focus", "blur"])
    i.addEventListener(ev, (e) => {
      e.stopPropagation();
      if (ev === "change") return;
      if (ev === "input") {
        c.setData({ value: i.value });
        grow();
      }
      fire(c, ev, { value: i.value, cursor: i.selectionStart, keyCode: 0, height: ev === "focus" ? 300 : 0 });
    });
  i.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && tag === "input") fire(c, "confirm", { value: i.value });
  });
  syncText(c);
  grow();
}
function syncText(c) {
  const i = c.$i;
  if (!i) return;
  const d = c.data,
    v = d.value == null ? "" : S(d.value);
  if (i.value !== v) i.value = v;
  i.placeholder = d.placeholder || "";
  i.disabled = !!d.disabled;
  if (d.maxlength >= 0) i.maxLength = d.maxlength;
  else i.removeAttribute("maxlength");
  if (i.localName === "input") {
    i.type = d.password ? "password" : "text";
    i.inputMode = { number: "numeric", digit: "decimal", idcard: "text" }[d.type] || "text";
  }
  if (d.focus) i.focus();
}
const COMMON = {
  hidden: B,
  animation: A,
  hoverClass: S,
  hoverStopPropagation: B,
  hoverStartTime: N,
  hoverStayTime: N,
  ariaLabel: S,
  ariaRole: S,
  ariaHidden: A,
  ariaChecked: A,
  ariaDisabled: A,
  ariaExpanded: A,
  ariaLive: S,
  ariaModal: A,
  ariaBusy: A,
  ariaValuemin: A,
  ariaValuemax: A,
  ariaValuenow: A,
  ariaValuetext: S,
  ariaLabelledby: S,
  ariaDescribedby: S,
  ariaSelected: A,
  ariaHaspopup: A,
  ariaControls: S,
  ariaOwns: S,
  role: S,
  disableScroll: B,
  catchMove: B,
};
export function registerBuiltins(cs, templates, target) {
  cs.addCompiledTemplate("wx/swiper", { groupList: templates, content: templates["wx/swiper"] });
  for (const [name, d] of Object.entries(T)) {
    let b = cs.component("wx/" + name);
    const props = { ...COMMON, ...(d.p || {}) };
    for (const k in props)
      b.property(
        k,
        props[k] && props[k].type !== undefined
          ? props[k]
          : {
              type: props[k],
              value: props[k] === B ? false : props[k] === S ? "" : props[k] === N ? 0 : null,
            },
      );
    b.observer("hidden", function () {
      host(this)?.toggleAttribute("hidden", !!this.data.hidden);
    });
    b.observer("ariaLabel, ariaRole", function () {
      const h = host(this);
      if (this.data.ariaLabel) h.setAttribute("aria-label", this.data.ariaLabel);
      if (this.data.ariaRole) h.setAttribute("role", this.data.ariaRole);
    });
    for (const [k, f] of Object.entries(d.ob || {}))
      b.observer(k.split(/,\s*/), function () {
        f(this);
      });
    b.lifetime("attached", function () {
      d.at?.(this);
      for (const f of Object.values(d.ob || {})) f(this);
      if (this.data.hidden) host(this).toggleAttribute("hidden", true);
    });
    if (d.de)
      b.lifetime("detached", function () {
        d.de(this);
      });

    const def = b.register();
    target.getComponentSpace().setGlobalUsingComponent(name, def._$);
  }
}
