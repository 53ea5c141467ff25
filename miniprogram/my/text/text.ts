import { look, lookNow, setSenior } from '../../core/look';

Page({
  behaviors: [look],
  turn(event: WechatMiniprogram.CustomEvent<{ on: boolean }>) {
    setSenior(event.detail.on);
    this.setData({ look: lookNow() } as object);
  },
});
