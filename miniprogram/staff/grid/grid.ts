import { Failure, sentence } from '../../core/errors';
import { look } from '../../core/look';
import { type Grid, lastGrids, readGrids } from '../../services/grid';

Page({
  behaviors: [look],
  data: { state: 'loading', message: '', stale: '', stranger: false, grids: [] as Grid[], open: '' },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    try {
      const grids = await readGrids();
      this.setData({ grids, stranger: !grids.length, state: 'ready', stale: '' });
    } catch (error) {
      this.unread(error);
    }
  },

  unread(error: unknown) {
    const grids = this.data.grids.length ? this.data.grids : lastGrids();
    if (error instanceof Failure && error.status === 403) this.setData({ state: 'ready', stranger: true });
    else if (grids.length) this.setData({ grids, state: 'ready', stale: `${sentence(error)}下面是上次看到的。` });
    else this.setData({ state: 'failed', message: sentence(error) });
  },

  unfold(event: WechatMiniprogram.TouchEvent) {
    const key = event.currentTarget.dataset.key as string;
    this.setData({ open: this.data.open === key ? '' : key });
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
});
