/** Where the phone is, choosing a place, showing one; https://developers.weixin.qq.com/miniprogram/dev/api/location/wx.chooseLocation.html */

import { named, nearest, toWgs } from "./geo.js";
import { api, Refused } from "./kit.js";
import { pass } from "./network.js";
import { ask, button, el } from "./window.js";

const SCOPE = "scope.userLocation";
/** Nearer than this to a door, in metres, a place bears its name. */
const AT_THE_DOOR = 60;
/** How exact the demo's phone is, in metres. */
const ACCURACY = 15;
const round = ({ latitude, longitude }) => ({
  latitude: Number(latitude.toFixed(6)),
  longitude: Number(longitude.toFixed(6)),
});

export function place({ settings, sandbox, permission, config, MapView, whereabouts }) {
  const declared = (name) => {
    if (config.requiredPrivateInfos?.includes(name)) return;
    console.error(`wx.${name} must be declared in requiredPrivateInfos of app.json`);
    throw new Refused(`the api need to be declared in the requiredPrivateInfos field in app.json/ext.json`, {
      errno: 112,
    });
  };
  const allowed = async (name) => {
    declared(name);
    await permission.privacy(name);
    await permission.scope(SCOPE);
  };
  const places = async () => named(await sandbox.map().catch(() => ({ compounds: [] })));
  const position = async () => {
    await sandbox.map().catch(() => null);
    const found = whereabouts();
    if (!found) throw new Refused("ERROR_NOCELL&WIFI_LOCATIONSWITCHOFF", { errCode: 2 });
    return found;
  };

  async function choose(start) {
    await pass(settings);
    const all = await places();
    const latitude = Number(start.latitude) || undefined;
    let chosen = latitude ? { latitude, longitude: Number(start.longitude) } : await position();
    let view = null;
    const said = el("p", { class: "wx-words", role: "status" });
    const list = el(
      "select",
      { class: "wx-line", "aria-label": "附近的地方" },
      el("option", { value: "" }, "移动地图，或者在这里选一个地方"),
      all.map((one, index) => el("option", { value: index }, one.name)),
    );
    const wordsFor = (spot) => {
      const near = nearest(spot, all);
      if (!near) return { name: "", address: "" };
      if (near.away <= AT_THE_DOOR) return { name: near.name, address: near.address };
      const away = Math.round(near.away / 10) * 10;
      return { name: `${near.name}附近`, address: `${near.address}，离${near.name}约 ${away} 米` };
    };
    const tell = () => (said.textContent = wordsFor(chosen).name || "这里没有名字");
    const map = el("div", { class: "wx-map-box" });
    list.addEventListener("change", () => {
      const one = all[Number(list.value)];
      if (list.value && one) view.moveTo(one);
    });
    const body = () => {
      view = new MapView(
        map,
        { ...chosen, scale: 17, showLocation: true },
        {
          regionchange: ({ centerLocation }) => {
            chosen = centerLocation;
            tell();
          },
          tap: (spot) => view.moveTo(spot),
        },
      );
      map.append(el("span", { class: "wx-cross", "aria-hidden": "true" }));
      tell();
      return [map, said, list];
    };
    const yes = await ask({
      title: "选择位置",
      body,
      keys: [
        ["取消", false, "no"],
        ["确定", true, "yes"],
      ],
      kind: "full",
    });
    view.destroy();
    if (!yes) throw new Refused("cancel");
    const exact = round(chosen);
    return { ...wordsFor(chosen), latitude: exact.latitude, longitude: exact.longitude };
  }

  async function show({ latitude, longitude, name = "", address = "", scale = 18 }) {
    const map = el("div", { class: "wx-map-box" });
    const view = new MapView(map, {
      latitude,
      longitude,
      scale,
      showLocation: true,
      markers: [{ id: 1, latitude, longitude, label: { content: name } }],
    });
    const go = button("导航到这里", () => (said.textContent = "在真手机上，这里会打开地图软件，带你走过去。"));
    const said = el("p", { class: "wx-words", role: "status" }, address);
    await ask({ title: name || "位置", body: [map, said, go], keys: [["返回", true, "yes"]], kind: "full" });
    view.destroy();
  }

  return {
    getLocation: api("getLocation", async ({ type = "wgs84" } = {}) => {
      await allowed("getLocation");
      const gcj = await position();
      const found = round(type === "gcj02" ? gcj : toWgs(gcj));
      return {
        ...found,
        accuracy: ACCURACY,
        horizontalAccuracy: ACCURACY,
        verticalAccuracy: 0,
        altitude: 0,
        speed: -1,
      };
    }),
    chooseLocation: api("chooseLocation", async (options) => {
      await allowed("chooseLocation");
      return choose(options);
    }),
    openLocation: api("openLocation", (options) => {
      if (![options.latitude, options.longitude].every(Number.isFinite))
        throw new Refused("parameter error: parameter.latitude and parameter.longitude should be Number");
      void show(options);
    }),
  };
}
