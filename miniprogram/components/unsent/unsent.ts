import { type Deed, discard, retry, waiting, watch } from '../../core/queue';
import { near } from '../../core/hours';

const WORDS = { waiting: '还没发出去', sending: '正在发送', refused: '没有发成' };

/** How each one stops being told of changes. */
const stops = new WeakMap<object, () => void>();

/** What waits on this phone or was refused, each with why; one sends it again or gives it up. */
Component({
  properties: {
    /** Only deeds whose path begins so: "/cases/<key>/"; everything without it. */
    under: { type: String, value: '' },
  },
  data: { rows: [] as object[], asked: '' },
  observers: {
    under() {
      this.show();
    },
  },
  lifetimes: {
    attached() {
      stops.set(this, watch(() => this.show()));
      this.show();
    },
    detached() {
      stops.get(this)?.();
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      const rows = waiting().filter((deed) => deed.path.startsWith(this.data.under)).map(seen);
      this.setData({ rows });
      this.triggerEvent('change', { waiting: rows.length });
    },
    again(event: WechatMiniprogram.TouchEvent) {
      void retry(event.currentTarget.dataset.key as string);
    },
    ask(event: WechatMiniprogram.TouchEvent) {
      this.setData({ asked: event.currentTarget.dataset.key as string });
    },
    keep() {
      this.setData({ asked: '' });
    },
    giveUp() {
      const key = this.data.asked;
      this.setData({ asked: '' });
      discard(key);
    },
  },
});

function seen(deed: Deed): object {
  const photos = deed.attachments.filter((one) => one.path === '/photos').length;
  const tail = photos ? `，带 ${photos} 张照片` : '';
  return { key: deed.key, state: deed.state, words: WORDS[deed.state], title: deed.title + tail, reason: deed.reason, since: near(new Date(deed.at).toISOString()) };
}
