import { Failure, sentence } from '../../core/errors';
import { near } from '../../core/hours';
import { look } from '../../core/look';
import { refreshed } from '../../services/case';
import { type Visit, listOfDoor, listVisits } from '../../services/visit';

Page({
  behaviors: [look],
  data: { state: 'loading', message: '', stale: '', barred: '', rows: [] as object[], more: false, busy: false, household: '' },
  visits: [] as Visit[],
  next: null as string | null,

  onLoad(query: { household?: string }) {
    this.setData({ household: query.household ?? '' });
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  page(cursor?: string | null) {
    const { household } = this.data;
    return household ? listOfDoor(household, cursor) : listVisits(cursor);
  },

  async load() {
    try {
      const page = await this.page();
      ({ rows: this.visits, next: this.next } = refreshed(this.visits, this.next, page.visits, page.next));
      this.show();
    } catch (error) {
      const strange = error instanceof Failure && (error.status === 403 || error.status === 404);
      if (strange) this.setData({ state: 'ready', barred: this.data.household ? '这一户不在您的网格里，看不到走访记录。' : '这里是网格员和社区看走访记录的页面。' });
      else if (this.data.state === 'ready') this.setData({ stale: sentence(error) });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  show() {
    const rows = this.visits.map((visit: Visit) => ({ ...visit, when: near(visit.at), who: visit.mine ? '' : visit.visitor.name }));
    this.setData({ rows, more: this.next !== null, state: 'ready', stale: '', barred: '' });
  },

  async older() {
    if (this.data.busy || !this.next) return;
    this.setData({ busy: true });
    try {
      const page = await this.page(this.next);
      this.visits = [...this.visits, ...page.visits];
      this.next = page.next;
      this.show();
    } catch (error) {
      this.setData({ stale: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  begin() {
    if (this.data.household) void wx.navigateBack();
    else void wx.redirectTo({ url: '/staff/visit/visit' });
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
});
