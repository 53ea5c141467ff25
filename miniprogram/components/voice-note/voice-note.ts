import { sentence } from '../../core/errors';
import { drop } from '../../core/files';
import { LONGEST, MOST_VOICES, type Recording, type Voice, play, record } from '../../services/voice';

/** What runs while a note is open: no data of the screen. */
interface Running {
  recording: Recording | null;
  clock: number;
  silence: (() => void) | null;
}
const running = new WeakMap<object, Running>();
const SECOND = 1000;

/** Says it instead of typing: one tap begins, one tap ends; then heard again or taken out. */
Component({
  properties: {
    /** Voice[] of services/voice. */
    voices: { type: Array, value: [] as Voice[] },
  },
  data: { recording: false, seconds: 0, playing: -1, trouble: '', most: MOST_VOICES, left: 0 },
  lifetimes: {
    attached() {
      running.set(this, { recording: null, clock: 0, silence: null });
    },
    detached() {
      this.hush();
    },
  },
  pageLifetimes: {
    hide() {
      this.hush();
    },
  },
  methods: {
    async start() {
      const now = running.get(this);
      if (!now || this.data.recording) return;
      now.silence?.();
      this.setData({ recording: true, seconds: 0, left: Math.round(LONGEST / SECOND), trouble: '' });
      const began = Date.now();
      now.clock = setInterval(() => {
        const seconds = Math.floor((Date.now() - began) / SECOND);
        this.setData({ seconds, left: Math.max(0, Math.round(LONGEST / SECOND) - seconds) });
      }, SECOND) as unknown as number;
      try {
        now.recording = record();
        const voice = await now.recording.done;
        if (voice) this.triggerEvent('change', { voices: [...this.data.voices, voice] });
        else this.setData({ trouble: '太短了，没有录上。点一下开始，说完再点一下。' });
      } catch (error) {
        this.setData({ trouble: sentence(error) });
      } finally {
        clearInterval(now.clock);
        now.recording = null;
        this.setData({ recording: false });
      }
    },
    stop() {
      running.get(this)?.recording?.stop();
    },
    hush() {
      running.get(this)?.recording?.stop();
      running.get(this)?.silence?.();
    },
    listen(event: WechatMiniprogram.TouchEvent) {
      const now = running.get(this);
      const index = event.currentTarget.dataset.index as number;
      if (!now) return;
      const same = this.data.playing === index;
      now.silence?.();
      if (same) return;
      this.setData({ playing: index, trouble: '' });
      now.silence = play((this.data.voices[index] as Voice).file, (trouble) => {
        now.silence = null;
        this.setData({ playing: -1, trouble });
      });
    },
    remove(event: WechatMiniprogram.TouchEvent) {
      const index = event.currentTarget.dataset.index as number;
      running.get(this)?.silence?.();
      drop((this.data.voices[index] as Voice).file);
      this.triggerEvent('change', { voices: this.data.voices.filter((_, at) => at !== index) });
    },
  },
});
