import { look } from '../../core/look';

/** 还没发出去的: what waits on this phone for the network, or was refused and waits for a decision. */
Page({
  behaviors: [look],
  data: { waiting: 0 },
  count(event: WechatMiniprogram.CustomEvent<{ waiting: number }>) {
    this.setData({ waiting: event.detail.waiting });
  },
  home() {
    wx.switchTab({ url: '/pages/home/home' });
  },
});
