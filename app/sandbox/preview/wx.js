// wx API shim for the browser.
export function makeWx(G, nav) {
  const files = new Map();
  const el = (c, h) => {
    const e = document.createElement("div");
    e.className = c;
    e.innerHTML = h || "";
    document.body.appendChild(e);
    return e;
  };
  const esc = (s) =>
    String(s ?? "").replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
  const done = (o, api, res, err) => {
    o = o || {};
    const r = { errMsg: `${api}:${err ? "fail " + err : "ok"}`, ...res };
    queueMicrotask(() => {
      (err ? o.fail : o.success)?.(r);
      o.complete?.(r);
    });
    if (!o.success && !o.fail && !o.complete) return err ? Promise.reject(r) : Promise.resolve(r);
  };
  const P =
    (api, fn) =>
    (o = {}) => {
      if (o.success || o.fail || o.complete) {
        fn(
          o,
          (res) => done(o, api, res),
          (e, res) => done(o, api, res, e),
        );
        return;
      }
      return new Promise((ok, no) =>
        fn(
          o,
          (res) => ok({ errMsg: api + ":ok", ...res }),
          (e, res) => no({ errMsg: `${api}:fail ${e}`, ...res }),
        ),
      );
    };
  const top = () => G.stack[G.stack.length - 1];
  let toast = null,
    tt = 0;
  const hideToast = () => {
    toast?.remove();
    toast = null;
    clearTimeout(tt);
  };
  const showToast = (o, ok) => {
    hideToast();
    const ic = { success: "✓", error: "✕", loading: "◌", none: "" }[o.icon || "success"];
    toast = el("mp-toast" + (ic ? " ic" : ""), (ic ? `<b>${ic}</b>` : "") + esc(o.title));
    if (!o.keep) tt = setTimeout(hideToast, o.duration || 1500);
    ok({});
  };
  const win = () => {
    const p = top()?.el,
      n = p ? parseFloat(getComputedStyle(p).getPropertyValue("--nav")) : 44,
      t = p ? parseFloat(getComputedStyle(p).getPropertyValue("--tab")) || 0 : 0;
    return {
      pixelRatio: devicePixelRatio,
      screenWidth: innerWidth,
      screenHeight: innerHeight,
      windowWidth: innerWidth,
      windowHeight: innerHeight - n - t,
      statusBarHeight: 0,
      safeArea: {
        left: 0,
        right: innerWidth,
        top: 0,
        bottom: innerHeight,
        width: innerWidth,
        height: innerHeight,
      },
    };
  };
  const sys = () => ({
    ...win(),
    brand: "browser",
    model: "browser",
    system: "iOS 17.0",
    platform: "ios",
    language: "zh_CN",
    version: "8.0.50",
    SDKVersion: "3.8.0",
    theme: "light",
    fontSizeSetting: 16,
    enableDebug: false,
  });
  const wx = {
    env: { USER_DATA_PATH: "wxfile://usr" },
    nextTick: (f) => Promise.resolve().then(f),
    canIUse: () => true,
    getSystemInfoSync: sys,
    getWindowInfo: win,
    getAppBaseInfo: sys,
    getDeviceInfo: sys,
    getSystemInfo: P("getSystemInfo", (o, ok) => ok(sys())),
    getSystemSetting: () => ({ locationEnabled: true }),
    getAppAuthorizeSetting: () => ({
      cameraAuthorized: "authorized",
      albumAuthorized: "authorized",
      locationAuthorized: "authorized",
    }),
    getMenuButtonBoundingClientRect: () => ({
      width: 87,
      height: 32,
      top: 6,
      right: innerWidth - 7,
      bottom: 38,
      left: innerWidth - 94,
    }),
    getLaunchOptionsSync: () => ({ path: G.config.pages[0], query: {}, scene: 1001 }),
    getEnterOptionsSync: () => ({ query: {}, scene: 1001 }),
    getAccountInfoSync: () => ({ miniProgram: { appId: "wx0", envVersion: "develop", version: "" } }),
    onThemeChange() {},
    onError() {},
    onUnhandledRejection() {},
    onNetworkStatusChange() {},
    onAppShow() {},
    onAppHide() {},
    onKeyboardHeightChange() {},
    offKeyboardHeightChange() {},
    getUpdateManager: () => ({
      onCheckForUpdate() {},
      onUpdateReady() {},
      onUpdateFailed() {},
      applyUpdate() {},
    }),
    reportEvent() {},
    getNetworkType: P("getNetworkType", (o, ok) => ok({ networkType: "wifi" })),
    login: P("login", (o, ok, no) => {
      const person = new URLSearchParams(location.search).get("person");
      fetch(`../control/phone/${person}/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ app: "mini" }) })
        .then((r) => r.json()).then((r) => ok({ code: r.code }), (e) => no(e.message));
    }),
    checkSession: P("checkSession", (o, ok) => ok({})),
    getUserProfile: P("getUserProfile", (o, ok) => ok({ userInfo: { nickName: "访客", avatarUrl: "" } })),
    getSetting: P("getSetting", (o, ok) => ok({ authSetting: { "scope.userLocation": true } })),
    authorize: P("authorize", (o, ok) => ok({})),
    openSetting: P("openSetting", (o, ok) => ok({ authSetting: {} })),
    requestSubscribeMessage: P("requestSubscribeMessage", (o, ok) => {
      wx.showModal({
        title: "订阅消息",
        content: "允许发送 " + (o.tmplIds || []).length + " 类通知？",
        success: (r) =>
          ok(Object.fromEntries((o.tmplIds || []).map((t) => [t, r.confirm ? "accept" : "reject"]))),
      });
    }),
    request(o) {
      const ac = new AbortController();
      const m = (o.method || "GET").toUpperCase();
      let url = o.url.replace("http://127.0.0.1:8000", location.origin),
        body;
      const h = {
        "content-type": "application/json",
        ...Object.fromEntries(Object.entries(o.header || {}).map(([k, v]) => [k.toLowerCase(), v])),
      };
      if (!/^https?:/.test(url)) {
        done(o, "request", {}, 'invalid url "' + url + '"');
        return { abort() {} };
      }
      if (m === "GET" && o.data && typeof o.data === "object") {
        const u = new URL(url);
        for (const k in o.data) u.searchParams.set(k, o.data[k]);
        url = u.href;
      } else if (o.data != null && m !== "GET")
        body =
          typeof o.data === "string" || o.data instanceof ArrayBuffer
            ? o.data
            : /x-www-form/.test(h["content-type"])
              ? new URLSearchParams(o.data).toString()
              : JSON.stringify(o.data);
      const t = setTimeout(() => ac.abort(), o.timeout || 60000);
      fetch(url, { method: m, headers: h, body, signal: ac.signal }).then(
        async (r) => {
          clearTimeout(t);
          let data = o.responseType === "arraybuffer" ? await r.arrayBuffer() : await r.text();
          if (o.responseType !== "arraybuffer" && (o.dataType || "json") === "json")
            try {
              data = JSON.parse(data);
            } catch (e) {}
          done(o, "request", {
            data,
            statusCode: r.status,
            header: Object.fromEntries(r.headers),
            cookies: [],
          });
        },
        (e) => done(o, "request", { errno: 600001 }, e.name === "AbortError" ? "timeout" : e.message),
      );
      return { abort: () => ac.abort(), onHeadersReceived() {}, offHeadersReceived() {} };
    },
    uploadFile(o) {
      const f = files.get(o.filePath);
      if (!f) {
        done(o, "uploadFile", {}, "file not found " + o.filePath);
        return { onProgressUpdate() {}, abort() {} };
      }
      const d = new FormData();
      for (const k in o.formData || {}) d.append(k, o.formData[k]);
      d.append(o.name, f, f.name || "file");
      const ps = [];
      const x = new XMLHttpRequest();
      x.open("POST", o.url);
      for (const k in o.header || {}) if (!/content-type/i.test(k)) x.setRequestHeader(k, o.header[k]);
      x.upload.onprogress = (e) =>
        ps.forEach((c) =>
          c({
            progress: Math.round((e.loaded / e.total) * 100),
            totalBytesSent: e.loaded,
            totalBytesExpectedToSend: e.total,
          }),
        );
      x.onload = () => done(o, "uploadFile", { data: x.responseText, statusCode: x.status });
      x.onerror = () => done(o, "uploadFile", {}, "network");
      x.send(d);
      return { onProgressUpdate: (c) => ps.push(c), abort: () => x.abort() };
    },
    downloadFile: P("downloadFile", (o, ok, no) =>
      fetch(o.url).then(
        (r) =>
          r.blob().then((b) => {
            const u = URL.createObjectURL(b);
            files.set(u, b);
            ok({ tempFilePath: u, statusCode: r.status });
          }),
        (e) => no(e.message),
      ),
    ),
    connectSocket(o) {
      const s = new WebSocket(o.url, o.protocols || []),
        on = {};
      ["open", "message", "close", "error"].forEach(
        (k) => (s["on" + k] = (e) => (on[k] || []).forEach((f) => f(k === "message" ? { data: e.data } : e))),
      );
      const reg = (k) => (f) => (on[k] = on[k] || []).push(f);
      done(o, "connectSocket", {});
      return {
        onOpen: reg("open"),
        onMessage: reg("message"),
        onClose: reg("close"),
        onError: reg("error"),
        send: (x) => {
          s.send(x.data);
          x.success?.({});
        },
        close: () => s.close(),
      };
    },
    chooseMedia: P("chooseMedia", (o, ok, no) => {
      const i = document.createElement("input");
      i.type = "file";
      i.multiple = (o.count || 9) > 1;
      i.accept = (o.mediaType || ["image", "video"]).map((t) => t + "/*").join(",");
      i.style.display = "none";
      document.body.append(i);
      i.oncancel = () => {
        i.remove();
        no("cancel");
      };
      i.onchange = () => {
        const tempFiles = [...i.files].slice(0, o.count || 9).map((f) => {
          const u = URL.createObjectURL(f);
          files.set(u, f);
          return { tempFilePath: u, size: f.size, fileType: f.type.split("/")[0] };
        });
        i.remove();
        ok({ tempFiles, type: tempFiles[0]?.fileType });
      };
      i.click();
    }),
    chooseImage: (o = {}) =>
      wx.chooseMedia({
        ...o,
        mediaType: ["image"],
        success: (r) =>
          o.success?.({
            tempFilePaths: r.tempFiles.map((f) => f.tempFilePath),
            tempFiles: r.tempFiles.map((f) => ({ path: f.tempFilePath, size: f.size })),
          }),
      }),
    previewImage: P("previewImage", (o, ok) => {
      const m = el("mp-modal", `<img style="max-width:100%" src="${o.current || o.urls[0]}">`);
      m.onclick = () => m.remove();
      ok({});
    }),
    compressImage: P("compressImage", (o, ok) => ok({ tempFilePath: o.src })),
    getImageInfo: P("getImageInfo", (o, ok, no) => {
      const i = new Image();
      i.onload = () => ok({ width: i.width, height: i.height, path: o.src });
      i.onerror = () => no("load");
      i.src = o.src;
    }),
    getLocation: P("getLocation", (o, ok, no) =>
      navigator.geolocation.getCurrentPosition(
        (p) =>
          ok({
            latitude: p.coords.latitude,
            longitude: p.coords.longitude,
            accuracy: p.coords.accuracy,
            speed: -1,
          }),
        (e) => no(e.message),
      ),
    ),
    getFuzzyLocation: (o) => wx.getLocation(o),
    chooseLocation: P("chooseLocation", (o, ok, no) =>
      wx.getLocation({
        success: (r) => ok({ ...r, name: "当前位置", address: "" }),
        fail: () => no("cancel"),
      }),
    ),
    openLocation: P("openLocation", (o, ok) => ok({})),
    makePhoneCall: P("makePhoneCall", (o, ok) => ok({})),
    scanCode: P("scanCode", (o, ok, no) => no("cancel")),
    setClipboardData: P("setClipboardData", (o, ok) => {
      navigator.clipboard?.writeText(o.data).catch(() => {});
      wx.showToast({ title: "内容已复制" });
      ok({});
    }),
    vibrateShort: P("vibrateShort", (o, ok) => ok({})),
    hideKeyboard: P("hideKeyboard", (o, ok) => {
      document.activeElement?.blur();
      ok({});
    }),
    showToast: P("showToast", showToast),
    hideToast: P("hideToast", (o, ok) => {
      hideToast();
      ok({});
    }),
    showLoading: P("showLoading", (o, ok) => showToast({ ...o, icon: "loading", keep: true }, ok)),
    hideLoading: P("hideLoading", (o, ok) => {
      hideToast();
      ok({});
    }),
    showModal: P("showModal", (o, ok) => {
      const m = el(
        "mp-modal",
        `<div><h3>${esc(o.title)}</h3>${o.editable ? `<p><input placeholder="${esc(o.placeholderText)}"></p>` : `<p>${esc(o.content)}</p>`}<div class="act">${o.showCancel === false ? "" : `<div class="no">${esc(o.cancelText || "取消")}</div>`}<div class="yes">${esc(o.confirmText || "确定")}</div></div></div>`,
      );
      const end = (c) => {
        const content = m.querySelector("input")?.value;
        m.remove();
        ok({ confirm: c, cancel: !c, content });
      };
      m.querySelector(".yes").onclick = () => end(true);
      const n = m.querySelector(".no");
      if (n) n.onclick = () => end(false);
    }),
    showActionSheet: P("showActionSheet", (o, ok, no) => {
      const m = el(
        "mp-sheet",
        "<div>" +
          o.itemList
            .map(
              (t) =>
                `<div class="it" style="padding:16px;text-align:center;border-bottom:1px solid #eee">${esc(t)}</div>`,
            )
            .join("") +
          '<div class="no" style="padding:16px;text-align:center">取消</div></div>',
      );
      m.querySelectorAll(".it").forEach(
        (d, i) =>
          (d.onclick = () => {
            m.remove();
            ok({ tapIndex: i });
          }),
      );
      m.querySelector(".no").onclick = () => {
        m.remove();
        no("cancel");
      };
    }),
    navigateTo: P("navigateTo", (o, ok, no) => nav.open(o.url, { events: o.events }).then(({ eventChannel }) => ok({ eventChannel }), (e) => no(e.message))),
    redirectTo: P("redirectTo", (o, ok, no) => nav.redirect(o.url).then(() => ok({}), (e) => no(e.message))),
    navigateBack: P("navigateBack", (o, ok, no) => nav.back(o.delta || 1).then(() => ok({}), (e) => no(e.message))),
    reLaunch: P("reLaunch", (o, ok, no) => nav.relaunch(o.url).then(() => ok({}), (e) => no(e.message))),
    switchTab: P("switchTab", (o, ok, no) => nav.switchTab(o.url).then(() => ok({}), (e) => no(e.message))),
    setNavigationBarTitle: P("setNavigationBarTitle", (o, ok) => {
      top().setTitle(o.title);
      ok({});
    }),
    setNavigationBarColor: P("setNavigationBarColor", (o, ok) => {
      top().setColor(o);
      ok({});
    }),
    pageScrollTo: P("pageScrollTo", (o, ok) => {
      top()?.scroll.scrollTo({ top: o.scrollTop || 0, behavior: o.duration === 0 ? "auto" : "smooth" });
      ok({});
    }),
    startPullDownRefresh: P("startPullDownRefresh", (o, ok) => {
      top().startRefresh();
      ok({});
    }),
    stopPullDownRefresh: P("stopPullDownRefresh", (o, ok) => {
      top().stopRefresh();
      ok({});
    }),
    setTabBarBadge: P("setTabBarBadge", (o, ok) => (nav.tabBar.badge(o.index, o.text), ok({}))),
    removeTabBarBadge: P("removeTabBarBadge", (o, ok) => (nav.tabBar.badge(o.index, ""), ok({}))),
    hideTabBar: P("hideTabBar", (o, ok) => (nav.tabBar.show(false), ok({}))),
    showTabBar: P("showTabBar", (o, ok) => (nav.tabBar.show(true), ok({}))),
    showShareMenu: P("showShareMenu", (o, ok) => ok({})),
    hideShareMenu: P("hideShareMenu", (o, ok) => ok({})),
    enableAlertBeforeUnload: P("e", (o, ok) => ok({})),
    getPrivacySetting: P("getPrivacySetting", (o, ok) => ok({ needAuthorization: false })),
    loadFontFace: P("loadFontFace", (o, ok) => ok({})),
    createSelectorQuery: () => top().inst.createSelectorQuery(),
    createIntersectionObserver: (c, o) => c.createIntersectionObserver(o),
    createAnimation: () => {
      const a = new Proxy({ export: () => ({}) }, { get: (t, k) => (k === "export" ? t.export : () => a) });
      return a;
    },
    createInnerAudioContext: () => new Audio(),
    getFileSystemManager: () => ({
      readFile(o) {
        const f = files.get(o.filePath);
        if (!f) return o.fail?.({ errMsg: "readFile:fail" });
        const r = new FileReader();
        r.onload = () => o.success?.({ data: o.encoding === "base64" ? r.result.split(",")[1] : r.result });
        o.encoding === "base64" ? r.readAsDataURL(f) : r.readAsText(f);
      },
    }),
    createMapContext: () => ({ moveToLocation() {}, getCenterLocation() {} }),
    createVideoContext: () => ({ play() {}, pause() {} }),
  };
  const ls = {
    get: (k) => {
      const s = localStorage.getItem("mp:" + new URLSearchParams(location.search).get("person") + ":" + k);
      return s == null ? "" : JSON.parse(s);
    },
  };
  Object.assign(wx, {
    getStorageSync: ls.get,
    setStorageSync: (k, v) => localStorage.setItem("mp:" + new URLSearchParams(location.search).get("person") + ":" + k, JSON.stringify(v)),
    removeStorageSync: (k) => localStorage.removeItem("mp:" + new URLSearchParams(location.search).get("person") + ":" + k),
    clearStorageSync: () => localStorage.clear(),
    getStorage: P("getStorage", (o, ok, no) => {
      const s = localStorage.getItem("mp:" + new URLSearchParams(location.search).get("person") + ":" + o.key);
      s == null ? no("data not found") : ok({ data: JSON.parse(s) });
    }),
    setStorage: P("setStorage", (o, ok) => {
      wx.setStorageSync(o.key, o.data);
      ok({});
    }),
    removeStorage: P("removeStorage", (o, ok) => {
      wx.removeStorageSync(o.key);
      ok({});
    }),
  });
  G.platform = {
    fileUrl: async () => null,
    getPhoneNumber: async () => ({ errMsg: "getPhoneNumber:ok", code: "mock-phone-code" }),
    agreePrivacy: async () => {},
    chooseAvatar: async () => ({ avatarUrl: (await wx.chooseMedia({ count: 1 })).tempFiles[0].tempFilePath }),
    openSetting: async () => ({ authSetting: {} }),
    contact: async () => ({}),
    share: async ({ page, from, target }) => page.call("onShareAppMessage", { from, target }),
    animate: () => {},
    MapView: class { update() {} destroy() {} },
  };
  return new Proxy(wx, {
    get: (t, k) =>
      k in t || typeof k !== "string" ? t[k] : (console.warn("[wx shim] missing wx." + k), undefined),
  });
}
