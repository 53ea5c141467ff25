import { now as clock } from '../../core/clock';
import { Failure, sentence } from '../../core/errors';
import { near } from '../../core/hours';
import { look } from '../../core/look';
import { type Grid, lastGrids, readGrids } from '../../services/grid';
import {
  type Draft, begin, draftPatrol, endOf, forget, keep, lack, lastItems, progress, readItems, send,
} from '../../services/patrol';
import { type Duty, lastDuty, readDuty } from '../../services/worker';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';
const STRANGER = '这里是网格员巡查用的页面。';

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', stranger: '', said: '', trouble: '', waits: '', busy: false, giving: false,
    grids: [] as Grid[], draft: null as Draft | null, since: '', until: '', progress: '',
  },

  onLoad() {
    this.take(draftPatrol());
    return this.load();
  },

  async load() {
    // What was begun needs nothing from the service until it is sent.
    if (this.data.draft) {
      this.setData({ state: 'ready' });
      return;
    }
    try {
      const [grids, duty] = await Promise.all([readGrids(), readDuty()]);
      this.show(grids, duty);
      // The lists are on this phone before one goes where there is no network.
      await Promise.all([...new Set(grids.map((grid) => grid.community.key))].map((key) => readItems(key)));
    } catch (error) {
      this.unread(error);
    }
  },

  unread(error: unknown) {
    const grids = lastGrids();
    if (error instanceof Failure && error.status === 403) this.setData({ state: 'ready', stranger: STRANGER });
    else if (this.data.state === 'ready') return;
    else if (grids.length) this.show(grids, lastDuty());
    else this.setData({ state: 'failed', message: sentence(error) });
  },

  show(grids: Grid[], duty: Duty | null) {
    const own = grids.filter((grid) => duty?.grids.includes(grid.community.key));
    this.setData({ state: 'ready', grids: own, stranger: own.length ? '' : STRANGER });
  },

  take(draft: Draft | null) {
    if (draft === null) {
      this.setData({ draft: null, giving: false });
      return;
    }
    const moment = (at: number) => near(new Date(at).toISOString());
    const end = endOf(draft);
    // Forgotten yesterday: it ended when something was last said, and that is told.
    const until = clock() - end > 60_000 ? `超过 12 小时没有结束，按最后一次填写的时间算：${moment(end)}结束。` : '';
    this.setData({ draft, since: moment(draft.started), until, progress: progress(draft) });
  },

  async start(event: WechatMiniprogram.TouchEvent) {
    const grid = this.data.grids.find((one) => one.key === event.currentTarget.dataset.key);
    if (grid === undefined || this.data.busy) return;
    this.setData({ busy: true, trouble: '', said: '', waits: '' });
    try {
      const known = lastItems(grid.community.key);
      this.take(begin(grid, known.length ? known : await readItems(grid.community.key)));
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  change(event: { currentTarget: { dataset: Record<string, unknown> } }, news: object) {
    const draft = this.data.draft;
    if (draft === null) return;
    const at = event.currentTarget.dataset.index as number;
    const checks = draft.checks.map((found, index) => (index === at ? { ...found, ...news } : found));
    this.take(keep({ ...draft, checks, touched: clock() }));
    this.setData({ trouble: '' });
  },

  judge(event: WechatMiniprogram.TouchEvent) {
    const ok = event.currentTarget.dataset.ok as boolean;
    const found = this.data.draft?.checks[event.currentTarget.dataset.index as number];
    // A second tap takes it back.
    this.change(event, { ok: found?.ok === ok ? null : ok });
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    this.change(event, { note: event.detail.value });
  },

  photos(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    this.change(event, { files: event.detail.files });
  },

  typedNote(event: WechatMiniprogram.TextareaInput) {
    const draft = this.data.draft;
    if (draft) this.take(keep({ ...draft, note: event.detail.value, touched: clock() }));
  },

  report() {
    void wx.navigateTo({ url: '/pages/report/report' });
  },

  async finish() {
    const { draft, busy } = this.data;
    if (draft === null || busy) return;
    const missing = lack(draft);
    if (missing) {
      this.setData({ trouble: missing });
      return;
    }
    this.setData({ busy: true, trouble: '' });
    try {
      const { answer } = await send(draft);
      forget(draft, answer !== null);
      this.take(null);
      this.setData({ said: answer ? `巡查已记下：${draft.name}，查了 ${answer.checks.length} 项。` : '', waits: answer ? '' : WAITS });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
      void this.load();
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  ask() {
    this.setData({ giving: true });
  },

  stay() {
    this.setData({ giving: false });
  },

  giveUp() {
    if (this.data.draft) forget(this.data.draft, true);
    this.take(null);
    void this.load();
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
});
