import { sentence } from '../../core/errors';
import { look, lookNow, setSenior } from '../../core/look';
import { readDoor } from '../../services/door';
import type { DoorOut } from '../../types/api';

/** What stands at every door, before the service has said more. */
const WITHOUT_NETWORK = {
  greeting: '您好', place: null, notices: [], cases: [], judge: 0, follows: 0, tasks: 0, staff: false, hotline: null, community: null,
  phone_110: [{ name: '报警', phone: '110' }, { name: '火警', phone: '119' }, { name: '急救', phone: '120' }],
} satisfies DoorOut;

Page({
  behaviors: [look],
  data: { state: 'loading', stale: '', known: false, door: WITHOUT_NETWORK as DoorOut },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    try {
      this.setData({ door: await readDoor(), known: true, state: 'ready', stale: '' });
    } catch (error) {
      // What is on the screen stays; one can report and telephone without the service as well.
      const shown = this.data.state === 'ready' ? this.data.door : WITHOUT_NETWORK;
      this.setData({ door: shown, state: 'ready', stale: sentence(error) });
    }
  },

  report() {
    void wx.navigateTo({ url: '/pages/report/report' });
  },

  compound() {
    void wx.navigateTo({ url: '/resident/compound/compound' });
  },

  incident() {
    void wx.navigateTo({ url: '/resident/incident/incident' });
  },

  larger() {
    setSenior(true);
    this.setData({ look: lookNow() });
    wx.showToast({ title: '已换成大字，在“我的”里可以换回来', icon: 'none', duration: 4000 });
  },

  bind() {
    void wx.navigateTo({ url: '/my/household/household' });
  },

  work() {
    void wx.navigateTo({ url: '/staff/today/today' });
  },

  judge() {
    const { cases, judge } = this.data.door;
    const first = cases.find((one) => one.state === 'handled');
    if (judge === 1 && first) void wx.navigateTo({ url: `/pages/case/case?key=${first.key}` });
    else void wx.switchTab({ url: '/pages/cases/cases' });
  },

  allNotices() {
    void wx.navigateTo({ url: '/resident/notices/notices' });
  },

  allCases() {
    void wx.switchTab({ url: '/pages/cases/cases' });
  },

  follows() {
    void wx.navigateTo({ url: '/resident/follows/follows' });
  },

  call(event: WechatMiniprogram.TouchEvent) {
    // Whoever changes the mind in the dialogue of the phone has done nothing wrong.
    void wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.phone as string, fail: () => undefined });
  },

  onShareAppMessage() {
    return { title: '家门口：哪里坏了，拍一张照就能报', path: '/pages/home/home', imageUrl: '/images/share.png' };
  },
});
