import { now } from '../../core/clock';
import { Failure, sentence } from '../../core/errors';
import { drop } from '../../core/files';
import { look } from '../../core/look';
import { movedMeanwhile } from '../../services/case';
import { type Category, readCategories } from '../../services/category';
import { type Colleague, type Same, listColleagues, listSame, saidOf, say } from '../../services/handling';
import { type Work, readWork } from '../../services/task';
import { ACTS, type Act, DISPOSITIONS, EMPTY, type Field, dayOf, lack, request } from './acts';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';
const STRANGE = '这件事您现在不能这样办，可能刚刚有了变化。';
const DAYS = [1, 3, 5, 7];
/** Milliseconds that Asia/Shanghai is ahead of UTC. */
const CHINA = 8 * 3600_000;

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', said: '', trouble: '', busy: false, done: false, barred: '',
    work: null as Work | null, act: null as Act | null, asks: {} as Record<string, boolean>, filled: { ...EMPTY }, until: '', days: DAYS,
    colleagues: [] as Colleague[], same: [] as Same[], kinds: [] as Category[], dispositions: DISPOSITIONS, first: '', last: '',
  },
  key: '',
  verb: '',

  onLoad(query: { key?: string; verb?: string }) {
    this.key = query.key ?? '';
    this.verb = query.verb ?? '';
    const act = ACTS[this.verb] ?? null;
    this.setData({ act, asks: Object.fromEntries((act?.fields ?? []).map((field) => [field, true])), ...ends() });
    if (act) void wx.setNavigationBarTitle({ title: act.title });
    return this.load();
  },

  async load() {
    const act = this.data.act;
    if (act === null) return this.setData({ state: 'ready', barred: STRANGE });
    const asks = (field: Field) => act.fields.includes(field);
    try {
      const work = await readWork(this.key);
      const [colleagues, same, kinds] = await Promise.all([
        asks('colleague') ? listColleagues(this.key) : [],
        asks('same') ? listSame(this.key) : [],
        asks('kind') ? readCategories(work.whole?.community.key ?? '') : [],
      ]);
      this.setData({ work, colleagues, same, kinds, state: 'ready', 'filled.kind': work.whole?.category.code ?? '' });
    } catch (error) {
      const strange = error instanceof Failure && (error.status === 404 || error.status === 403);
      this.setData(strange ? { state: 'ready', barred: STRANGE } : { state: 'failed', message: sentence(error) });
    }
  },

  fill(news: Record<string, unknown>) {
    this.setData({ filled: { ...this.data.filled, ...news }, trouble: '' });
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    this.fill({ note: event.detail.value });
  },

  typedTo(event: WechatMiniprogram.Input) {
    this.fill({ to: event.detail.value });
  },

  numbered(event: WechatMiniprogram.Input) {
    const number = event.detail.value.trim();
    this.fill({ same: number ? `#${number}` : '' });
  },

  quick(event: WechatMiniprogram.TouchEvent) {
    const words = this.data.filled.note.trim(), said = event.currentTarget.dataset.words as string;
    this.fill({ note: words.includes(said) ? words : words ? `${words}，${said}` : said });
  },

  photos(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    this.fill({ files: event.detail.files });
  },

  /** One of a list was tapped: which field it fills stands beside it. */
  choose(event: WechatMiniprogram.TouchEvent) {
    const { field, value } = event.currentTarget.dataset as { field: string; value: string | number };
    this.fill({ [field]: value });
  },

  chooseDay(event: WechatMiniprogram.PickerChange) {
    const until = String(event.detail.value);
    this.fill({ until });
    this.setData({ until: dayOf(until) });
  },

  async send() {
    const { act, work, filled, busy } = this.data;
    if (act === null || work === null || busy) return;
    const missing = lack(act, filled);
    if (missing) return this.setData({ trouble: missing });
    this.setData({ busy: true, said: '', trouble: '' });
    try {
      const { path, body } = request(this.key, this.verb, filled);
      const { answer } = await say(path, body, filled.files, `${act.title}：#${work.number}`);
      if (answer) filled.files.forEach(drop);
      this.setData({ done: true, said: answer ? saidOf(answer) || act.done : '', trouble: answer ? '' : WAITS });
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

/** From tomorrow on, for a year at most. */
function ends(): { first: string; last: string } {
  const plain = (days: number) => new Date(now() + days * 24 * 3600_000 + CHINA).toISOString().slice(0, 10);
  return { first: plain(1), last: plain(364) };
}
