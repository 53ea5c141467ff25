/** Pages, their bars and what is measured on them; https://developers.weixin.qq.com/miniprogram/dev/api/route/wx.navigateTo.html */

import { api, Refused } from "./kit.js";

export function route({ G, nav }) {
  /** What the page stack refuses, as the platform says it. */
  const go = (name, act) =>
    api(name, (options) => act(options).catch((error) => Promise.reject(new Refused(error.message))));
  const bar = (name, act) =>
    api(name, (options) => {
      try {
        act(options, G.top());
      } catch (error) {
        throw new Refused(error.message);
      }
    });

  function scroll({ scrollTop, selector, offsetTop = 0, duration = 300 }) {
    const { scroll: box } = G.top();
    const behavior = duration === 0 ? "auto" : "smooth";
    if (scrollTop !== undefined) return box.scrollTo({ top: scrollTop, behavior });
    const target = selector && find(box, selector);
    if (!target) throw new Refused(`selector "${selector}" not found`);
    const top = box.scrollTop + target.getBoundingClientRect().top - box.getBoundingClientRect().top + offsetTop;
    return box.scrollTo({ top, behavior });
  }

  return {
    navigateTo: go("navigateTo", ({ url, events }) =>
      nav.open(url, { events }).then(({ eventChannel }) => ({ eventChannel })),
    ),
    redirectTo: go("redirectTo", ({ url }) => nav.redirect(url)),
    navigateBack: go("navigateBack", ({ delta = 1 } = {}) => nav.back(delta)),
    reLaunch: go("reLaunch", ({ url }) => nav.relaunch(url)),
    switchTab: go("switchTab", ({ url }) => nav.switchTab(url)),
    setNavigationBarTitle: bar("setNavigationBarTitle", ({ title }, page) => page.setTitle(title)),
    setNavigationBarColor: bar("setNavigationBarColor", (colors, page) => page.setColor(colors)),
    showNavigationBarLoading: bar("showNavigationBarLoading", (_, page) => page.setLoading(true)),
    hideNavigationBarLoading: bar("hideNavigationBarLoading", (_, page) => page.setLoading(false)),
    pageScrollTo: api("pageScrollTo", (options) => void scroll(options)),
    startPullDownRefresh: bar("startPullDownRefresh", (_, page) => page.startRefresh()),
    stopPullDownRefresh: bar("stopPullDownRefresh", (_, page) => page?.stopRefresh()),
    setTabBarBadge: bar("setTabBarBadge", ({ index, text }) => nav.tabBar.badge(index, text)),
    removeTabBarBadge: bar("removeTabBarBadge", ({ index }) => nav.tabBar.badge(index, "")),
    showTabBarRedDot: bar("showTabBarRedDot", ({ index }) => nav.tabBar.dot(index, true)),
    hideTabBarRedDot: bar("hideTabBarRedDot", ({ index }) => nav.tabBar.dot(index, false)),
    setTabBarItem: bar("setTabBarItem", ({ index, text, iconPath, selectedIconPath }) =>
      nav.tabBar.item(index, { text, iconPath, selectedIconPath }),
    ),
    setTabBarStyle: bar("setTabBarStyle", ({ color, selectedColor, backgroundColor, borderStyle }) =>
      nav.tabBar.style({ color, selectedColor, backgroundColor, borderStyle }),
    ),
    hideTabBar: bar("hideTabBar", () => nav.tabBar.show(false)),
    showTabBar: bar("showTabBar", () => nav.tabBar.show(true)),
    createSelectorQuery: () => G.top().inst.createSelectorQuery(),
    createIntersectionObserver: (component, options) => component.createIntersectionObserver(options),
    createMapContext: (id) => mapContext(() => element(id)?.map, id),
    createVideoContext: (id) => videoContext(() => element(id)?.media),
  };

  function element(id) {
    return find(G.top().el, `#${id}`);
  }
}

/** A selector of the mini-program among elements; its classes may carry the scope of their component. */
function find(root, selector) {
  const ids = /^#([\w-]+)$/.exec(selector);
  if (ids) return [...root.querySelectorAll("[id]")].find((one) => one.id === ids[1]) ?? null;
  const scoped = /^\.([\w-]+)$/.exec(selector);
  return scoped ? root.querySelector(`.${scoped[1]}, [class*="--${scoped[1]}"]`) : root.querySelector(selector);
}

function mapContext(map, id) {
  const need = () => {
    const found = map();
    if (!found) throw new Refused(`no <map id="${id}"> on this page`);
    return found;
  };
  return {
    moveToLocation: api("moveToLocation", ({ latitude, longitude } = {}) => {
      const found = need();
      found.moveTo({ latitude: latitude ?? found.given.latitude, longitude: longitude ?? found.given.longitude });
    }),
    getCenterLocation: api("getCenterLocation", () => ({ ...need().centre })),
    getRegion: api("getRegion", () => need().region()),
    getScale: api("getScale", () => ({ scale: need().scale })),
    includePoints: api("includePoints", ({ points, padding }) => need().include(points, padding?.[0])),
  };
}

const videoContext = (media) => ({
  play: () => media()?.play(),
  pause: () => media()?.pause(),
  stop() {
    const film = media();
    film?.pause();
    if (film) film.currentTime = 0;
  },
  seek(seconds) {
    const film = media();
    if (film) film.currentTime = seconds;
  },
});
