import { linked } from '../../core/wire';
import { play } from '../../services/voice';

/** How the recording that plays is stopped, by its component. */
const stops = new WeakMap<object, () => void>();

/** The recordings of a case, one playing at a time; fires `trouble` with a sentence when one cannot be played. */
Component({
  properties: { voices: { type: Array, value: [] } },
  data: { playing: '' },
  lifetimes: {
    detached() {
      stops.get(this)?.();
    },
  },
  methods: {
    listen(event: WechatMiniprogram.TouchEvent) {
      const { key, link } = event.currentTarget.dataset as { key: string; link: string };
      const same = this.data.playing === key;
      stops.get(this)?.();
      if (same) return;
      this.setData({ playing: key });
      stops.set(this, play(linked(link), (trouble) => this.over(trouble)));
    },
    over(trouble: string) {
      stops.delete(this);
      this.setData({ playing: '' });
      if (trouble) this.triggerEvent('trouble', { said: '录音没有放出来，请下拉刷新后再试。' });
    },
  },
});
