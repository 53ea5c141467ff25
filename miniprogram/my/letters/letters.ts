import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { NOT_YET, askAgain, readLeft } from '../../core/subscribe';
import { concerning } from '../../services/letter';
import { readMe } from '../../services/me';

Page({
  behaviors: [look],
  data: { ...BLANK, rows: [] as ReturnType<typeof concerning>, duty: false },

  onShow() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => {
      const [rows, me] = await Promise.all([readLeft(), readMe()]);
      const duty = me.roles.length > 0;
      return { rows: concerning(rows, duty), duty };
    });
  },

  // WeChat asks only straight from the tap, and tells the service by an event of its own, a moment later.
  more(event: WechatMiniprogram.TouchEvent) {
    const kind = event.currentTarget.dataset.kind as string;
    return act(this, async () => {
      const given = await askAgain(kind);
      this.setData({ rows: concerning(await readLeft(), this.data.duty) });
      if (given === null) return NOT_YET;
      return given ? '好的，微信记下了：可以多发一条。' : '您没有允许，以后想收再点。';
    });
  },
});
