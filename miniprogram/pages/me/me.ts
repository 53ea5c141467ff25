import { BLANK, fill, pulled } from '../../core/acting';
import { look, lookNow, setSenior } from '../../core/look';
import { waiting } from '../../core/queue';
import { missing, partsOf, readMe } from '../../services/me';

Page({
  behaviors: [look],
  data: { ...BLANK, name: '', parts: '', home: '', homes: 0, wants: '', asked: false, unsent: 0 },

  onShow() {
    this.setData({ unsent: waiting().length });
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => {
      const me = await readMe();
      return {
        name: me.person.name || '还没有填称呼',
        parts: partsOf(me),
        home: me.homes[0]?.household.label ?? '',
        homes: me.homes.length,
        wants: missing(me),
        asked: me.answers_for,
        trouble: '',
      };
    });
  },

  turn(event: WechatMiniprogram.CustomEvent<{ on: boolean }>) {
    setSenior(event.detail.on);
    this.setData({ look: lookNow() } as object);
  },
});
