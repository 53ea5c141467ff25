import { sentence } from '../../core/errors';
import { look } from '../../core/look';
import { day } from '../../services/case';
import { iconOf, readNotice } from '../../services/notice';
import type { NoticeOut } from '../../types/api';

Page({
  behaviors: [look],
  data: { state: 'loading', message: '', stale: '', notice: {} as NoticeOut, icon: '', withdrawnOn: '' },
  key: '',

  onLoad(query: { key?: string }) {
    this.key = query.key ?? '';
  },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    try {
      const notice = await readNotice(this.key);
      const withdrawnOn = notice.withdrawn_at ? day(notice.withdrawn_at) : '';
      this.setData({ notice, icon: iconOf(notice.kind), withdrawnOn, state: 'ready', stale: '' });
    } catch (error) {
      if (this.data.state === 'ready') this.setData({ stale: sentence(error) });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  other(event: WechatMiniprogram.TouchEvent) {
    void wx.redirectTo({ url: `/resident/notice/notice?key=${event.currentTarget.dataset.key as string}` });
  },

  ask() {
    void wx.switchTab({ url: '/pages/chat/chat' });
  },

  onShareAppMessage() {
    return { title: this.data.notice.title, path: `/resident/notice/notice?key=${this.key}`, imageUrl: '/images/share.png' };
  },
});
