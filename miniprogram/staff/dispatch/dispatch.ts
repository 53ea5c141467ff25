import { Failure, sentence } from '../../core/errors';
import { look } from '../../core/look';
import { movedMeanwhile } from '../../services/case';
import { type Work, keep, readWork } from '../../services/task';
import { type Worker, dispatch, listWorkers } from '../../services/worker';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', said: '', trouble: '', busy: false, barred: '',
    work: null as Work | null, workers: [] as Worker[], chosen: null as Worker | null, note: '', done: false,
  },
  key: '',

  onLoad(query: { key?: string }) {
    this.key = query.key ?? '';
    return this.load();
  },

  async load() {
    try {
      const work = await readWork(this.key);
      const community = work.whole?.community.key ?? '';
      const barred = work.verbs.includes('dispatch') ? '' : '这件事现在不能由您派单。';
      this.setData({ work, barred, workers: barred ? [] : await listWorkers(community), state: 'ready' });
    } catch (error) {
      const strange = error instanceof Failure && (error.status === 404 || error.status === 403);
      if (strange) this.setData({ state: 'ready', barred: '这里是社区派单用的页面，这件事您不能派。' });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  choose(event: WechatMiniprogram.TouchEvent) {
    const key = event.currentTarget.dataset.key as string;
    this.setData({ chosen: this.data.workers.find((worker) => worker.key === key) ?? null, trouble: '' });
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    this.setData({ note: event.detail.value });
  },

  async send() {
    const { work, chosen, busy } = this.data;
    if (work === null || busy) return;
    if (chosen === null) {
      this.setData({ trouble: '请选一位网格员。' });
      return;
    }
    this.setData({ busy: true, said: '', trouble: '' });
    try {
      const { answer } = await dispatch(work, chosen, this.data.note.trim());
      if (answer) keep(answer);
      this.setData({ done: true, said: answer ? `已派给${chosen.name}，对方会收到通知。` : '', trouble: answer ? '' : WAITS });
    } catch (error) {
      this.setData({ trouble: sentence(error) });
      if (movedMeanwhile(error)) await this.load();
    } finally {
      this.setData({ busy: false });
    }
  },

  back() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.redirectTo({ url: '/staff/today/today' });
  },
});
