import { nextLimit, readCase } from '../../services/case';
import { readDoor } from '../../services/door';
import type { DoorOut } from '../../types/api';

/** That it is sent or waits, what comes next and by when, and what to do meanwhile. */
Component({
  properties: {
    /** filed, followed or waits. */
    kind: { type: String, value: 'filed' },
    number: { type: String, value: '' },
    caseKey: { type: String, value: '' },
  },
  data: { limit: '', advice: '', anonymous: false, hotline: null as DoorOut['hotline'], trouble: '' },
  lifetimes: {
    attached() {
      if (this.data.kind === 'waits') void wx.setNavigationBarTitle({ title: '还没发出去' });
      else void this.load();
    },
  },
  methods: {
    /** What is good to know; that it has arrived is known already. */
    async load() {
      try {
        this.setData({ hotline: (await readDoor()).hotline });
        if (this.data.kind !== 'filed' || !this.data.caseKey) return;
        const one = await readCase(this.data.caseKey);
        this.setData({ limit: nextLimit(one), advice: one.category.advice, anonymous: one.anonymous });
      } catch {
        // The number stands; the rest is on the page of the case.
      }
    },
    see() {
      void wx.redirectTo({ url: `/pages/case/case?key=${this.data.caseKey}` });
    },
    again() {
      this.triggerEvent('again');
    },
    outbox() {
      wx.redirectTo({
        url: '/my/outbox/outbox',
        fail: () => this.setData({ trouble: '现在打不开。连上网络后，它会自动发出，在“我的”→“还没发出去的”里也看得到。' }),
      });
    },
    home() {
      void wx.switchTab({ url: '/pages/home/home' });
    },
    call() {
      const { hotline } = this.data;
      if (hotline) void wx.makePhoneCall({ phoneNumber: hotline.phone, fail: () => undefined });
    },
  },
});
