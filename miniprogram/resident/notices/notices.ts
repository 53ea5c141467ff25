import { sentence } from '../../core/errors';
import { look } from '../../core/look';
import { refreshed } from '../../services/case';
import { listNotices, urgentFirst } from '../../services/notice';
import type { NoticesOut } from '../../types/api';

type Brief = NoticesOut['notices'][number];

Page({
  behaviors: [look],
  data: { state: 'loading', message: '', stale: '', notices: [] as Brief[], more: false, busy: false },
  rows: [] as Brief[],
  next: null as string | null,

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    try {
      const page = await listNotices();
      ({ rows: this.rows, next: this.next } = refreshed(this.rows, this.next, page.notices, page.next));
      this.show();
    } catch (error) {
      if (this.data.state === 'ready') this.setData({ stale: sentence(error) });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  show() {
    this.setData({ notices: urgentFirst(this.rows), more: this.next !== null, state: 'ready', stale: '' });
  },

  async older() {
    if (this.data.busy || !this.next) return;
    this.setData({ busy: true });
    try {
      const page = await listNotices(this.next);
      this.rows = [...this.rows, ...page.notices];
      this.next = page.next;
      this.show();
    } catch (error) {
      this.setData({ stale: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
});
