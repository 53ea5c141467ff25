import { look } from '../../core/look';
import { nextLimit, readCase } from '../../services/case';
import { readDoor } from '../../services/door';
import type { DoorOut } from '../../types/api';

/** What one sees after sending: that it is there, what comes next and by when, and what to do meanwhile. */
Page({
  behaviors: [look],
  data: {
    /** filed, followed or waits. */
    kind: 'filed', number: '', limit: '', advice: '', anonymous: false, hotline: null as DoorOut['hotline'],
  },
  key: '',

  onLoad(query: { key?: string; number?: string; followed?: string; waits?: string }) {
    this.key = query.key ?? '';
    this.setData({ kind: query.waits ? 'waits' : query.followed ? 'followed' : 'filed', number: query.number ?? query.followed ?? '' });
    if (query.waits) void wx.setNavigationBarTitle({ title: '还没发出去' });
    if (!query.waits) void this.load(!query.followed);
  },

  /** What is nice to know; that it has arrived is known already. */
  async load(own: boolean) {
    try {
      this.setData({ hotline: (await readDoor()).hotline });
      if (!own) return;
      const one = await readCase(this.key);
      this.setData({ limit: nextLimit(one), advice: one.category.advice, anonymous: one.anonymous });
    } catch {
      // The number stands; the rest is on the page of the case.
    }
  },

  see() {
    void wx.redirectTo({ url: `/pages/case/case?key=${this.key}` });
  },
  again() {
    void wx.redirectTo({ url: '/pages/report/report' });
  },
  outbox() {
    void wx.redirectTo({ url: '/my/outbox/outbox' });
  },
  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
  call() {
    const { hotline } = this.data;
    if (hotline) void wx.makePhoneCall({ phoneNumber: hotline.phone, fail: () => undefined });
  },
});
