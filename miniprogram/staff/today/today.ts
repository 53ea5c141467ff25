import type { Point } from '../../core/coordinates';
import { Failure, sentence } from '../../core/errors';
import { type Leave, here, leave } from '../../core/location';
import { look } from '../../core/look';
import { near } from '../../core/hours';
import { flush } from '../../core/queue';
import { NOT_YET, askAgain, left, prefetch } from '../../core/subscribe';
import { draftPatrol, progress } from '../../services/patrol';
import { type Kept, type Stop, lastTasks, lastingWords, leaving, listTasks, ordered, stateWords } from '../../services/task';
import { draftVisit } from '../../services/visit';
import { type Duty, lastDuty, readDuty } from '../../services/worker';

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', stale: '', said: '', trouble: '', stranger: false,
    first: null as Stop | null, rest: [] as Stop[], going: 0, duty: null as Duty | null,
    place: '' as '' | Leave, near: false, patrol: '', visit: '', letters: 0,
  },
  kept: null as Kept | null,
  from: null as Point | null,

  onShow() {
    const patrol = draftPatrol(), visit = draftVisit();
    this.setData({
      patrol: patrol ? `还有一次没结束：${progress(patrol)}` : '', visit: visit ? `还有一次没写完：${visit.label}` : '',
    });
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    const where = this.locate();
    try {
      const [kept, duty] = await Promise.all([listTasks(), readDuty()]);
      this.kept = kept;
      this.setData({ state: 'ready', stale: '', stranger: duty === null, duty });
      void flush();
      void prefetch().then(() => this.setData({ letters: left('case_assigned') }));
    } catch (error) {
      this.unread(error);
    }
    this.arrange();
    await where;
    this.arrange();
  },

  unread(error: unknown) {
    if (error instanceof Failure && error.status === 403) {
      this.setData({ state: 'ready', stranger: true });
      return;
    }
    this.kept ??= lastTasks();
    if (this.kept === null) {
      this.setData({ state: 'failed', message: sentence(error) });
      return;
    }
    const why = error instanceof Failure && error.offline ? '现在没有网络' : sentence(error).replace(/。$/, '');
    const at = near(new Date(this.kept.at).toISOString());
    this.setData({ state: 'ready', duty: lastDuty(), stale: `这是 ${at.replace('今天 ', '')} 的列表，${why}。` });
  },

  /** Only when it was allowed before: nobody is asked for the place by opening a page. */
  async locate() {
    const may = await leave();
    if (may === 'yes') this.from = await here();
    this.setData({ place: may, near: this.from !== null });
  },

  async nearer() {
    if (this.data.place === 'no') await wx.openSetting({}).catch(() => undefined);
    this.from = await here();
    this.setData({ place: await leave(), near: this.from !== null, trouble: this.from ? '' : '没有拿到您的位置，先按紧急和时限排。', said: this.from ? '已按紧急、时限和远近排好。' : '' });
    this.arrange();
  },

  arrange() {
    if (this.kept === null) return;
    const stops = ordered(this.kept.tasks, this.from).map((stop) => ({
      ...stop, state_words: stateWords(stop.state, stop.state_words),
      // An old list says by when, and not how long that is from now.
      limit: this.data.stale ? lastingWords(stop.due) : (stop.due?.words ?? ''),
    }));
    const left = stops.filter((stop) => !leaving(stop.key));
    this.setData({ first: left[0] ?? null, rest: left.slice(1), going: stops.length - left.length });
  },

  /** One yes is one message: WeChat asks each time. */
  async remind() {
    const given = await askAgain('case_assigned');
    const letters = left('case_assigned');
    if (given) this.setData({ letters, said: `好的，来了新任务就提醒您，还能提醒 ${letters} 次。`, trouble: '' });
    else this.setData({ letters, said: '', trouble: given === null ? NOT_YET : '没有加上提醒：微信里没有选“允许”。' });
  },

  open(event: WechatMiniprogram.TouchEvent) {
    void wx.navigateTo({ url: `/staff/case/case?key=${event.currentTarget.dataset.key as string}` });
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
});
