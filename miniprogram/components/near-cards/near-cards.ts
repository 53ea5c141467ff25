import type { Near } from '../../services/nearby';

/** What is known already near by: go along with one of it, or say that it is something else. */
Component({
  properties: {
    nears: { type: Array, value: [] as Near[] },
    busy: { type: Boolean, value: false },
  },
  methods: {
    open(event: WechatMiniprogram.TouchEvent) {
      void wx.navigateTo({ url: `/pages/case/case?key=${event.currentTarget.dataset.key as string}` });
    },
    follow(event: WechatMiniprogram.TouchEvent) {
      this.triggerEvent('follow', { key: event.currentTarget.dataset.key as string });
    },
    close() {
      this.triggerEvent('close');
    },
    other() {
      this.triggerEvent('other');
    },
  },
});
