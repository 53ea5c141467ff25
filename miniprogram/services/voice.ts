/** What is said instead of typed: recorded, kept, played. */
import { Failure } from '../core/errors';
import { keep } from '../core/files';

export interface Voice {
  file: string;
  seconds: number;
}
export interface Recording {
  /** What was said; null when it was too short to hear anything. Rejects with Failure. */
  done: Promise<Voice | null>;
  stop(): void;
}

/** So many go with one report. */
export const MOST_VOICES = 3;
/** The service takes a minute; a phone stops a little late. Milliseconds. */
export const LONGEST = 59_000;
const SHORTEST = 700;

type Ends = { resolve(voice: Voice | null): void; reject(error: Failure): void };

let waiting: Ends | null = null;
let listens = false;

/** Begin to record; it ends by `stop`, by itself after a minute, or when a call comes in. */
export function record(): Recording {
  const recorder = wx.getRecorderManager();
  listen(recorder);
  const done = new Promise<Voice | null>((resolve, reject) => (waiting = { resolve, reject }));
  // Mono and 16 kHz is what speech needs: a minute is 360 kB.
  recorder.start({ duration: LONGEST, sampleRate: 16000, numberOfChannels: 1, encodeBitRate: 48000, format: 'mp3' });
  return { done, stop: () => recorder.stop() };
}

/** WeChat has one recorder, and its listeners cannot be taken off: they are put on once. */
function listen(recorder: WechatMiniprogram.RecorderManager): void {
  if (listens) return;
  listens = true;
  recorder.onStop(({ tempFilePath, duration }) => {
    const ends = taken();
    if (ends === null) return;
    if (duration < SHORTEST) return ends.resolve(null);
    const seconds = Math.max(1, Math.round(duration / 1000));
    keep(tempFilePath).then(
      (file) => ends.resolve({ file, seconds }),
      () => ends.resolve({ file: tempFilePath, seconds }),
    );
  });
  recorder.onError(({ errMsg }) =>
    taken()?.reject(
      /auth|deny|permission|privacy/i.test(errMsg)
        ? new Failure('no_microphone', '没有得到话筒的允许，不要紧：可以打字，也可以只选一个类别。')
        : new Failure('no_recording', '没有录上，请再按一次；也可以打字。'),
    ),
  );
  recorder.onInterruptionBegin(() => recorder.stop());
}

function taken(): Ends | null {
  const ends = waiting;
  waiting = null;
  return ends;
}

/** Play a recording; `over` is called when it has ended or could not be played. Gives how to stop it. */
export function play(file: string, over: (trouble: string) => void): () => void {
  const player = wx.createInnerAudioContext();
  const end = (trouble: string) => {
    player.destroy();
    over(trouble);
  };
  player.onEnded(() => end(''));
  player.onError(() => end('这段录音现在放不出来。'));
  player.src = file;
  player.play();
  return () => {
    player.stop();
    end('');
  };
}
