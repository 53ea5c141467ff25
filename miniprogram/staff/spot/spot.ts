import { sentence } from '../../core/errors';
import { look } from '../../core/look';
import { type OnTheSpot, blank, draft, lack, send } from '../../services/spot';
import { type Duty, lastDuty, readDuty } from '../../services/worker';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', stranger: false, said: '', trouble: '', busy: false, sent: false, community: '', done: blank(),
  },

  async onLoad() {
    const kept = draft.read();
    if (kept) this.setData({ done: kept });
    try {
      this.admit(await readDuty());
    } catch (error) {
      const duty = lastDuty();
      if (duty) this.admit(duty);
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  admit(duty: Duty | null) {
    this.setData({ state: 'ready', stranger: !duty?.grids.length, community: duty?.grids[0] ?? '' });
  },

  change(news: Partial<OnTheSpot>) {
    const done = { ...this.data.done, ...news };
    this.setData({ done, trouble: draft.keep(done) ? '' : '手机快没有地方了：请不要关掉这一页，写完就发送。' });
  },

  before(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    this.change({ before: event.detail.files });
  },
  after(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    this.change({ after: event.detail.files });
  },
  words(event: WechatMiniprogram.TextareaInput) {
    this.change({ words: event.detail.value });
  },
  note(event: WechatMiniprogram.TextareaInput) {
    this.change({ note: event.detail.value });
  },
  kind(event: WechatMiniprogram.CustomEvent<Pick<OnTheSpot, 'category' | 'chosen'>>) {
    this.change(event.detail);
  },
  place(event: WechatMiniprogram.CustomEvent<Partial<OnTheSpot>>) {
    this.change(event.detail);
  },
  misplaced(event: WechatMiniprogram.CustomEvent<{ said: string }>) {
    this.setData({ trouble: event.detail.said });
  },

  async submit() {
    if (this.data.busy) return;
    const missing = lack(this.data.done);
    if (missing) return this.setData({ trouble: missing });
    this.setData({ busy: true, said: '', trouble: '' });
    try {
      const { answer } = await send(this.data.done);
      const said = answer ? `已记下，编号 #${answer.number}。处理前后的照片都在。` : '';
      this.setData({ sent: true, said, trouble: answer ? '' : WAITS });
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ busy: false });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    }
  },

  again() {
    this.setData({ done: blank(), sent: false, said: '', trouble: '' });
  },

  today() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.redirectTo({ url: '/staff/today/today' });
  },
});
