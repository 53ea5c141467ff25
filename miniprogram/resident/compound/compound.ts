import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { type Around, joinTeam, leaveTeam, readAround } from '../../services/compound';
import type { TaskForceOut } from '../../types/api';

Page({
  behaviors: [look],
  data: { ...BLANK, around: null as Around | null, done: [] as object[], leaving: '' },

  onShow() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => {
      const around = await readAround();
      const done = (around?.improvements ?? []).map((one) => ({ ...one, photos: [one.before, one.after].filter(Boolean) }));
      return { around, done };
    });
  },

  join(event: WechatMiniprogram.TouchEvent) {
    const { key, kind } = event.currentTarget.dataset as { key: string; kind: string };
    return act(this, async () => {
      this.show(await joinTeam(key, kind));
      return '已报名，社区同意后就算加入，随时可以退出。';
    });
  },

  askLeave(event: WechatMiniprogram.TouchEvent) {
    this.setData({ leaving: event.currentTarget.dataset.key as string });
  },

  stay() {
    this.setData({ leaving: '' });
  },

  leave() {
    return act(this, async () => {
      this.show(await leaveTeam(this.data.leaving));
      this.setData({ leaving: '' });
      return '已退出。';
    });
  },

  show(team: TaskForceOut) {
    const around = this.data.around;
    if (around) this.setData({ around: { ...around, teams: around.teams.map((one) => (one.key === team.key ? team : one)) } });
  },

  talk() {
    void wx.switchTab({ url: '/pages/chat/chat' });
  },

  bind() {
    void wx.navigateTo({ url: '/my/household/household' });
  },
});
