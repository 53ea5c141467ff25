/**
 * The `wx` of the preview: makeWx(G, nav) makes it and sets G.platform, what the built-in components ask the platform for.
 * What is not here throws an Error naming it; names.json lists what is.
 */

import { account } from "./account.js";
import { animate, createAnimation } from "./animation.js";
import { dialogs } from "./dialogs.js";
import { Files, fileSystem } from "./files.js";
import { api, personOf, Refused, Taps } from "./kit.js";
import { mapView } from "./map.js";
import { network } from "./network.js";
import { Permission } from "./permission.js";
import { pictures } from "./pictures.js";
import { place } from "./place.js";
import { route } from "./route.js";
import { Sandbox } from "./sandbox.js";
import { scan } from "./scan.js";
import { Settings } from "./settings.js";
import { share } from "./share.js";
import { innerAudio, recorder } from "./sound.js";
import { storage } from "./storage.js";
import { subscribe } from "./subscribe.js";
import { shiftClock, system } from "./system.js";
import { transfer } from "./transfer.js";
import { known, watchPhone } from "./watch.js";

export function makeWx(G, nav) {
  const person = personOf(location.search);
  const settings = new Settings(person, localStorage, globalThis);
  const { config, appid = "", servers = [] } = G;
  const title = () => config.window?.navigationBarTitleText || "这个小程序";
  const sandbox = new Sandbox(person);
  const taps = new Taps(globalThis);
  const files = new Files({ person, servers });
  const permission = new Permission({ settings, config, title });
  const whereabouts = () => settings.get("place") ?? sandbox.middle();
  const MapView = mapView({ sandbox, whereabouts, address: (path) => files.address(path) });
  shiftClock(settings);

  const names = new Set();
  const { shown, ...about } = system({ settings, G, names });
  const talk = dialogs();
  const { getPhoneNumber, ...login } = account({ settings, sandbox, permission, title, appid, person });
  const { chooseAvatar, ...looking } = pictures({ files, permission });
  const out = share({ G, files, sandbox, title, toast: (words) => talk.showToast({ title: words, icon: "none" }) });
  let machine = null;
  const all = {
    ...about,
    ...storage({ person, store: localStorage }),
    ...network({ settings }),
    ...transfer({ settings, servers, files, taps }),
    ...route({ G, nav }),
    ...talk,
    ...login,
    ...permission.calls(),
    ...subscribe({ settings, sandbox, taps, title }),
    ...looking,
    ...place({ settings, sandbox, permission, config, MapView, whereabouts }),
    ...scan({ settings, sandbox }),
    ...out.calls,
    createAnimation,
    createInnerAudioContext: () => innerAudio({ files }),
    getRecorderManager: () => (machine ??= recorder({ files, permission })),
    getFileSystemManager: () => fileSystem(files),
    canvasToTempFilePath: api(
      "canvasToTempFilePath",
      ({ canvas, fileType = "png", quality = 1 }) =>
        new Promise((resolve, reject) => {
          if (!canvas) return reject(new Refused('the preview takes canvas of type "2d" only'));
          return canvas.toBlob(
            (blob) => resolve({ tempFilePath: files.add(blob) }),
            fileType === "jpg" ? "image/jpeg" : "image/png",
            quality,
          );
        }),
    ),
  };
  for (const name of Object.keys(all)) names.add(name);
  G.platform = {
    fileUrl: (path) => files.url(path),
    getPhoneNumber,
    chooseAvatar,
    agreePrivacy: async (id) => permission.agree(id),
    openSetting: async () => ({ errMsg: "openSetting:ok", ...(await permission.open()) }),
    contact: out.contact,
    share: out.sheet,
    animate,
    MapView,
  };
  watchPhone({ nav, shown });
  return known(all);
}
