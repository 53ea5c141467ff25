import { sentence } from '../../core/errors';
import { look } from '../../core/look';
import { listFollows } from '../../services/follow';
import type { NearsOut } from '../../types/api';

Page({
  behaviors: [look],
  data: { state: 'loading', message: '', stale: '', cases: [] as NearsOut['cases'] },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    try {
      this.setData({ cases: (await listFollows()).cases, state: 'ready', stale: '' });
    } catch (error) {
      if (this.data.state === 'ready') this.setData({ stale: sentence(error) });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  report() {
    void wx.navigateTo({ url: '/pages/report/report' });
  },
});
