import { look } from '../../core/look';

/** What one sees after sending. */
Page({
  behaviors: [look],
  data: { kind: 'filed', number: '', key: '' },

  onLoad({ kind, number, key }: { kind?: string; number?: string; key?: string }) {
    this.setData({ kind: kind === 'followed' ? 'followed' : 'filed', number: number ?? '', key: key ?? '' });
  },

  again() {
    void wx.redirectTo({ url: '/pages/report/report' });
  },
});
