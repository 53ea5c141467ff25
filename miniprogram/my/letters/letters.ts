import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { askAgain, left, prefetch } from '../../core/subscribe';
import { atLeast, concerning, readLeft } from '../../services/letter';
import { readMe } from '../../services/me';

Page({
  behaviors: [look],
  data: { ...BLANK, rows: [] as ReturnType<typeof concerning>, duty: false },

  async onShow() {
    await Promise.all([this.load(), prefetch()]);
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
      const before = left(kind);
      await askAgain(kind);
      const given = left(kind) > before;
      const rows = atLeast(await readLeft(), left);
      this.setData({ rows: concerning(rows, this.data.duty) });
      return given ? '好的，微信记下了：可以多发一条。' : '您没有允许，以后想收再点。';
    });
  },
});
