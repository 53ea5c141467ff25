/** Recording and playing; https://developers.weixin.qq.com/miniprogram/dev/api/media/recorder/RecorderManager.html */

import { Ears, failed, Refused } from "./kit.js";
import { hum, RATE, wav } from "./wav.js";

const [LONGEST, USUAL] = [600_000, 60_000];
const FORMATS = ["mp3", "aac", "wav", "PCM"];

/** The one recorder of a phone. Whatever format is wanted, the bytes are a WAV and say so themselves. */
export function recorder({ files, permission }) {
  const ears = Object.fromEntries(
    ["Start", "Stop", "Pause", "Resume", "Error", "FrameRecorded", "InterruptionBegin", "InterruptionEnd"].map(
      (name) => [name, new Ears()],
    ),
  );
  let run = null;

  const wrong = (error) => ears.Error.emit(failed("operateRecorder", error));

  async function start({ duration = USUAL, format = "aac" } = {}) {
    if (run) return wrong(new Refused("is recording or paused"));
    if (!(duration > 0 && duration <= LONGEST)) return wrong(new Refused("invalid duration"));
    if (!FORMATS.includes(format)) return wrong(new Refused("invalid format"));
    const mine = (run = { spent: 0, from: 0, paused: false });
    try {
      await permission.privacy("startRecord");
      await permission.scope("scope.record");
    } catch (error) {
      run = null;
      return wrong(error);
    }
    mine.tape = await tape();
    if (run !== mine) return mine.tape?.drop();
    mine.from = performance.now();
    mine.timer = setTimeout(stop, duration);
    return ears.Start.emit();
  }

  async function stop() {
    if (!run?.from) return wrong(new Refused(run ? "is starting" : "recorder not start"));
    const mine = run;
    run = null;
    clearTimeout(mine.timer);
    const milliseconds = mine.spent + (mine.paused ? 0 : performance.now() - mine.from);
    const samples = (await mine.tape?.samples().catch(() => null)) ?? hum(milliseconds / 1000);
    const blob = new Blob([wav(samples)], { type: "audio/wav" });
    return ears.Stop.emit({
      tempFilePath: files.add(blob),
      duration: Math.round((samples.length / RATE) * 1000),
      fileSize: blob.size,
    });
  }

  function pause() {
    if (!run?.from || run.paused) return wrong(new Refused("recorder not start"));
    run.spent += performance.now() - run.from;
    run.paused = true;
    clearTimeout(run.timer);
    run.tape?.pause();
    return ears.Pause.emit();
  }

  function resume() {
    if (!run?.paused) return wrong(new Refused("recorder is not paused"));
    run.paused = false;
    run.from = performance.now();
    run.tape?.resume();
    return ears.Resume.emit();
  }

  const on = Object.fromEntries(Object.entries(ears).map(([name, one]) => [`on${name}`, one.on]));
  const off = Object.fromEntries(Object.entries(ears).map(([name, one]) => [`off${name}`, one.off]));
  return { start, stop, pause, resume, ...on, ...off };
}

/** The microphone of this machine, recording; null where there is none or the browser keeps it back. */
async function tape() {
  const stream = await navigator.mediaDevices?.getUserMedia({ audio: true }).catch(() => null);
  if (!stream) return null;
  const machine = new MediaRecorder(stream);
  const parts = [];
  machine.addEventListener("dataavailable", ({ data }) => parts.push(data));
  machine.start();
  const drop = () => stream.getTracks().forEach((track) => track.stop());
  return {
    drop,
    pause: () => machine.pause(),
    resume: () => machine.resume(),
    async samples() {
      await new Promise((resolve) => {
        machine.addEventListener("stop", resolve);
        machine.stop();
      });
      drop();
      const bytes = await new Blob(parts).arrayBuffer();
      const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
      return sound.getChannelData(0);
    },
  };
}

const PLAYED = {
  Play: "play",
  Pause: "pause",
  Ended: "ended",
  TimeUpdate: "timeupdate",
  Canplay: "canplay",
  Waiting: "waiting",
  Seeking: "seeking",
  Seeked: "seeked",
};

/** wx.createInnerAudioContext(): https://developers.weixin.qq.com/miniprogram/dev/api/media/audio/InnerAudioContext.html */
export function innerAudio({ files }) {
  const audio = new Audio();
  const ears = Object.fromEntries([...Object.keys(PLAYED), "Stop", "Error"].map((name) => [name, new Ears()]));
  let source = "";
  let ready = Promise.resolve();
  for (const [name, event] of Object.entries(PLAYED))
    audio.addEventListener(event, () => ears[name].emit({ errMsg: "" }));
  audio.addEventListener(
    "error",
    () =>
      audio.getAttribute("src") && ears.Error.emit({ errCode: 10004, errMsg: audio.error?.message || "cannot decode" }),
  );
  const calls = {
    play: () =>
      ready
        .then(() => audio.play())
        .catch((error) => {
          if (error.name !== "AbortError" && !audio.error) ears.Error.emit({ errCode: 10001, errMsg: error.message });
        }),
    pause: () => audio.pause(),
    stop() {
      audio.pause();
      audio.currentTime = 0;
      ears.Stop.emit({ errMsg: "" });
    },
    seek: (seconds) => (audio.currentTime = seconds),
    destroy() {
      audio.pause();
      audio.removeAttribute("src");
      for (const one of Object.values(ears)) one.off();
    },
  };
  for (const [name, one] of Object.entries(ears))
    Object.assign(calls, { [`on${name}`]: one.on, [`off${name}`]: one.off });
  const through = (name) => ({ get: () => audio[name], set: (value) => (audio[name] = value), enumerable: true });
  const properties = {
    src: {
      get: () => source,
      set(path) {
        source = path;
        ready = files.address(path).then((address) => {
          if (source === path) audio.src = address;
        });
      },
      enumerable: true,
    },
    startTime: { value: 0, writable: true, enumerable: true },
    obeyMuteSwitch: { value: true, writable: true, enumerable: true },
    buffered: { get: () => (audio.buffered.length ? audio.buffered.end(0) : 0), enumerable: true },
  };
  for (const name of ["autoplay", "loop", "volume", "playbackRate", "duration", "currentTime", "paused"])
    properties[name] = through(name);
  return Object.defineProperties(calls, properties);
}
