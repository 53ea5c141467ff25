import { Failure, sentence } from '../../core/errors';
import { look } from '../../core/look';
import type { Sent } from '../../core/queue';
import { movedMeanwhile } from '../../services/case';
import { type Work, keep, readWork } from '../../services/task';
import { type Unit, involve, listUnits, whistle, whistling } from '../../services/unit';
import { type Called, KINDS, type Kind, blow, led, toggled } from '../../services/whistle';
import { readDuty } from '../../services/worker';
import type { CaseOut, WhistleOut } from '../../types/api';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';
const STRANGE = '这件事您现在不能吹哨，可能刚刚有了变化。';

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', said: '', trouble: '', busy: false, done: false, barred: '',
    work: null as Work | null, units: [] as Unit[], kinds: KINDS, kind: 'public_appeal' as Kind, reason: '',
    /** The community calls; a worker asks it to. */
    calls: false, wished: '', called: [] as Called[], on: {} as Record<string, boolean>, lead: '',
  },
  key: '',

  onLoad(query: { key?: string }) {
    this.key = query.key ?? '';
    return this.load();
  },

  async load() {
    try {
      const [work, duty] = await Promise.all([readWork(this.key), readDuty()]);
      const community = work.whole?.community.key ?? '';
      const calls = duty?.communities.includes(community) ?? false;
      const barred = calls || duty?.grids.includes(community) ? '' : STRANGE;
      this.setData({ work, calls, barred, wished: calls && work.whole ? whistling(work.whole.whistles) : '', units: barred ? [] : await listUnits(community), state: 'ready' });
    } catch (error) {
      const strange = error instanceof Failure && (error.status === 404 || error.status === 403);
      this.setData(strange ? { state: 'ready', barred: STRANGE } : { state: 'failed', message: sentence(error) });
    }
  },

  chooseKind(event: WechatMiniprogram.TouchEvent) {
    this.setData({ kind: event.currentTarget.dataset.kind as Kind });
  },

  chooseUnit(event: WechatMiniprogram.TouchEvent) {
    const unit = event.currentTarget.dataset.key as string;
    // A worker names one or none; the community calls as many as it takes.
    const one = this.data.called[0]?.unit === unit ? [] : [{ unit, lead: true }];
    this.show(this.data.calls ? toggled(this.data.called, unit) : one);
  },

  chooseLead(event: WechatMiniprogram.TouchEvent) {
    this.show(led(this.data.called, event.currentTarget.dataset.key as string));
  },

  show(called: Called[]) {
    this.setData({
      called, trouble: '', on: Object.fromEntries(called.map((one) => [one.unit, true])), lead: called.find((one) => one.lead)?.unit ?? '',
    });
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    this.setData({ reason: event.detail.value, trouble: '' });
  },

  async send() {
    const { work, calls, called, kind, reason, busy } = this.data;
    if (work === null || busy) return;
    if (calls && !called.length) return this.setData({ trouble: '请至少选一个单位。' });
    if (!reason.trim()) return this.setData({ trouble: '请写明为什么要请单位来。' });
    const said = calls ? '已吹哨，单位会收到，在这件事里看得到谁来了。' : '已申请，社区会答复您。';
    await this.tell(said, () => (calls ? blow(work, kind, reason, called) : whistle(work, called[0]?.unit ?? null, reason.trim())));
  },

  /** The worker's wish is not granted: the worker is told, with the reason if one is given. */
  async decline() {
    const { work, reason, busy } = this.data;
    if (work !== null && !busy) await this.tell('已答复网格员：这次不请单位。', () => involve(work, null, reason.trim()));
  },

  async tell(said: string, deed: () => Promise<Sent<CaseOut | WhistleOut>>) {
    this.setData({ busy: true, said: '', trouble: '' });
    try {
      const { answer } = await deed();
      if (answer && 'steps' in answer) keep(answer);
      this.setData({ done: true, said: answer ? said : '', trouble: answer ? '' : WAITS });
    } catch (error) {
      this.setData({ trouble: sentence(error) });
      if (movedMeanwhile(error)) await this.load();
    } finally {
      this.setData({ busy: false });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    }
  },

  back() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.redirectTo({ url: `/staff/case/case?key=${this.key}` });
  },
});
