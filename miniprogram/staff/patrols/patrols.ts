import { Failure, sentence } from '../../core/errors';
import { near } from '../../core/hours';
import { look } from '../../core/look';
import { refreshed } from '../../services/case';
import { type Patrol, listPatrols } from '../../services/patrol';

Page({
  behaviors: [look],
  data: { state: 'loading', message: '', stale: '', stranger: false, rows: [] as object[], more: false, busy: false, open: '' },
  patrols: [] as Patrol[],
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
      const page = await listPatrols();
      ({ rows: this.patrols, next: this.next } = refreshed(this.patrols, this.next, page.patrols, page.next));
      this.show();
    } catch (error) {
      if (error instanceof Failure && error.status === 403) this.setData({ state: 'ready', stranger: true });
      else if (this.data.state === 'ready') this.setData({ stale: sentence(error) });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  show() {
    this.setData({ rows: this.patrols.map(seen), more: this.next !== null, state: 'ready', stale: '' });
  },

  async older() {
    if (this.data.busy || !this.next) return;
    this.setData({ busy: true });
    try {
      const page = await listPatrols(this.next);
      this.patrols = [...this.patrols, ...page.patrols];
      this.next = page.next;
      this.show();
    } catch (error) {
      this.setData({ stale: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  unfold(event: WechatMiniprogram.TouchEvent) {
    const key = event.currentTarget.dataset.key as string;
    this.setData({ open: this.data.open === key ? '' : key });
  },

  begin() {
    void wx.redirectTo({ url: '/staff/patrol/patrol' });
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
});

function seen(patrol: Patrol): object {
  const from = near(patrol.started_at), until = near(patrol.ended_at);
  const same = from.split(' ')[0] === until.split(' ')[0];
  return {
    ...patrol, span: `${from} 到 ${same ? until.split(' ')[1] : until}`, who: patrol.mine ? '' : patrol.worker.name,
    wrong: patrol.checks.filter((check) => !check.ok), fine: patrol.checks.filter((check) => check.ok).map((check) => check.name).join('、'),
  };
}
