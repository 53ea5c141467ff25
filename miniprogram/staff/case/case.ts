import { toGcj02 } from '../../core/coordinates';
import { Failure, sentence } from '../../core/errors';
import { drop } from '../../core/files';
import { look } from '../../core/look';
import { type Sent, flush, watch } from '../../core/queue';
import { act, addNote, isOpen, movedMeanwhile, onDuty } from '../../services/case';
import {
  type Stop, type Work, keep, lastTasks, lastWork, leaving, listTasks, nextAfter, ordered, pendingOf, readWork, revealReporter, verbOf,
  verbsAfter, workOf,
} from '../../services/task';
import { whistling } from '../../services/unit';
import { type Duty, lastDuty, readDuty } from '../../services/worker';
import type { CaseOut, KnownOut } from '../../types/api';
import { ASKS, type Ask, type Form, further, lack } from './forms';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';
const MOVED = '这件事刚才已经有了变化，您点的这一步没有做。下面是现在的样子。';
const GONE = '这件事您现在看不到：可能已经派给别人，或者居民撤回了。';
const STRANGER = '这一页是办这件事的人用的。您可以看这件事办到哪里了。';

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', gone: '', stranger: '',
    said: '', trouble: '', waits: '', stale: '',
    work: null as Work | null, one: null as CaseOut | null, can: {} as Record<string, boolean>, main: '', pending: false,
    mayWhistle: false, mayInvolve: false, whistled: '', next: null as Stop | null, over: false, unsure: true,
    form: '' as Form, ask: null as Ask | null, words: '', files: [] as string[], busy: false,
    further: [] as ReturnType<typeof further>, known: null as KnownOut | null,
  },
  key: '',
  duty: null as Duty | null,
  drafts: {} as Record<string, { words: string; files: string[] }>,
  waiting: 0,
  stop: null as (() => void) | null,

  onLoad(query: { key?: string }) {
    this.key = query.key ?? '';
    this.duty = lastDuty();
    this.drafts = wx.getStorageSync<typeof this.drafts>(this.draftName()) || {};
  },

  onShow() {
    this.waiting = pendingOf(this.key).length;
    this.stop = watch(() => this.moved());
    return this.load();
  },

  onHide() {
    this.stop?.();
    // Whose door and number it is does not stay on a screen that was put away.
    this.setData({ known: null });
  },

  onUnload() {
    this.stop?.();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    try {
      const [work, duty] = await Promise.all([readWork(this.key), readDuty()]);
      this.duty = duty;
      this.setData({ stale: '', stranger: work.whole && duty === null && !onDuty(work.whole) ? STRANGER : '', gone: '' });
      this.show(work);
      void flush();
    } catch (error) {
      this.unread(error);
    }
  },

  unread(error: unknown) {
    if (error instanceof Failure && (error.status === 404 || error.status === 403)) {
      this.setData({ state: 'ready', gone: this.data.over ? '' : GONE, work: this.data.over ? this.data.work : null });
      return;
    }
    const last = this.data.work ?? lastWork(this.key);
    if (last === null) {
      this.setData({ state: 'failed', message: sentence(error) });
      return;
    }
    this.show(last);
    this.setData({ stale: `${sentence(error)}${last.whole ? '下面是上次看到的。' : '下面只有列表里的内容，够您先去现场。'}` });
  },

  show(work: Work) {
    const one = work.whole, community = one?.community.key ?? '';
    const waits = pendingOf(this.key).filter((deed) => deed.state !== 'refused').map(verbOf).filter(Boolean);
    const verbs = verbsAfter(work, waits);
    const admin = this.duty?.communities.includes(community) ?? false;
    const works = this.duty?.grids.includes(community) ?? false;
    const helpable = isOpen(work.state) && work.state !== 'handled';
    // The community sends somebody; that it goes itself is the exception.
    const order = admin && !works ? ['handle', 'dispatch'].filter((verb) => verb !== 'dispatch' || work.state === 'reported') : ['handle', 'accept', 'grab', 'dispatch'];
    this.setData({
      state: 'ready', work, one, can: Object.fromEntries(verbs.map((verb) => [verb, true])), pending: waits.length > 0,
      // A danger is made safe before anything else.
      main: verbs.includes('make_safe') ? 'make_safe' : (order.find((verb) => verbs.includes(verb)) ?? ''),
      mayInvolve: admin && helpable, mayWhistle: works && !admin && helpable && verbs.length > 0,
      whistled: one && helpable ? whistling(one.whistles) : '',
      further: one ? further(Object.fromEntries(one.verbs.map(({ verb }) => [verb, true])), work.state, verbs.includes('handle') || verbs.includes('transfer'), admin) : [],
    });
    void wx.setNavigationBarTitle({ title: `#${work.number}` });
  },

  /** The queue has moved: what is gone from it has arrived, so the case is read anew. */
  moved() {
    const now = pendingOf(this.key).length, fewer = now < this.waiting;
    this.waiting = now;
    if (this.data.work === null) return;
    this.show(this.data.work);
    if (!fewer || this.data.busy) return;
    this.setData({ waits: '' });
    void this.load();
  },

  go() {
    const work = this.data.work;
    if (!work?.point) return;
    const { lat, lng } = toGcj02(work.point);
    wx.openLocation({
      latitude: lat, longitude: lng, name: work.where, address: work.category, scale: 18,
      fail: () => this.setData({ trouble: '地图没有打开，请按地址找过去。' }),
    });
  },

  say(event: WechatMiniprogram.TouchEvent) {
    const verb = event.currentTarget.dataset.verb as string;
    if (verb === 'dispatch') void wx.navigateTo({ url: `/staff/dispatch/dispatch?key=${this.key}` });
    else if (verb === 'accept') void this.send('accept', (work: Work) => act(work, 'accept', '接单'));
    else if (verb === 'grab') void this.send('grab', (work: Work) => act(work, 'grab', '抢单'));
    else this.open(verb as Form);
  },

  blow() {
    void wx.navigateTo({ url: `/staff/whistle/whistle?key=${this.key}` });
  },

  actOn(event: WechatMiniprogram.TouchEvent) {
    void wx.navigateTo({ url: `/staff/act/act?key=${this.key}&verb=${event.currentTarget.dataset.verb as string}` });
  },

  openForm(event: WechatMiniprogram.TouchEvent) {
    this.open(event.currentTarget.dataset.form as Form);
  },

  open(form: Form) {
    if (form === '') return;
    const draft = this.drafts[form];
    this.setData({ form, ask: ASKS[form], words: draft?.words ?? '', files: draft?.files ?? [], said: '', trouble: '', waits: '' });
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },

  close() {
    this.setData({ form: '', ask: null, trouble: '' });
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    this.write(event.detail.value);
  },

  quick(event: WechatMiniprogram.TouchEvent) {
    const said = event.currentTarget.dataset.words as string;
    const words = this.data.words.trim();
    this.write(words.includes(said) ? words : words ? `${words}，${said}` : said);
  },

  write(words: string) {
    this.setData({ words });
    this.keepDraft(words, this.data.files);
  },

  photos(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    const { files } = event.detail;
    this.setData({ files });
    this.keepDraft(this.data.words, files);
  },

  draftName() {
    return `draft-work-${this.key}`;
  },

  keepDraft(words: string, files: string[]) {
    // The reason for a look at somebody's number is not kept.
    if (this.data.form === '' || this.data.form === 'reporter') return;
    const drafts = { ...this.drafts, [this.data.form]: { words, files } };
    if (!words && !files.length) delete drafts[this.data.form];
    this.drafts = drafts;
    if (Object.keys(drafts).length) wx.setStorageSync(this.draftName(), drafts);
    else wx.removeStorageSync(this.draftName());
  },

  async submit() {
    const { form, words, files } = this.data;
    if (form === '') return;
    const missing = lack(form, words, files.length);
    if (missing) {
      this.setData({ trouble: missing });
      return;
    }
    const note = words.trim();
    if (form === 'reporter') await this.reveal(note);
    else if (form === 'note') await this.send(form, (work: Work) => addNote(work, { note, files }));
    else await this.send(form, (work: Work) => act(work, form, ASKS[form].button, { note, files }));
  },

  async reveal(reason: string) {
    if (this.data.busy) return;
    this.setData({ busy: true, trouble: '' });
    try {
      this.setData({ known: await revealReporter(this.key, reason), form: '', ask: null, words: '' });
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  call() {
    const phone = this.data.known?.phone;
    if (phone) void wx.makePhoneCall({ phoneNumber: phone, fail: () => undefined });
  },

  /** Say one thing; what waits for this case goes first, so that nothing overtakes. */
  async send(form: Exclude<Form, ''>, deed: (work: Work) => Promise<Sent<CaseOut>>) {
    const { work, files } = this.data;
    if (work === null || this.data.busy) return;
    this.setData({ busy: true, said: '', trouble: '', waits: '' });
    try {
      if (pendingOf(this.key).some((one) => one.state !== 'refused')) await flush();
      const { answer } = await deed(work);
      this.sent(form, answer, files);
    } catch (error) {
      await this.refused(error);
    } finally {
      this.setData({ busy: false });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    }
  },

  sent(form: Exclude<Form, ''>, answer: CaseOut | null, files: string[]) {
    if (answer) files.forEach(drop);
    if (this.data.form) this.keepDraft('', []);
    this.setData({ form: '', ask: null, words: '', files: [], said: answer ? ASKS[form].done : '', waits: answer ? '' : WAITS });
    if (answer) keep(answer);
    this.show(answer ? workOf(answer) : (this.data.work as Work));
    const over = leaving(this.key) || (answer !== null && ['handle', 'return_back'].includes(form));
    this.setData({ over, next: null, unsure: true, known: over ? null : this.data.known });
    if (over) void this.findNext();
  },

  /** Where to go next: by the list of now, else by the last one. */
  async findNext() {
    const kept = await listTasks().catch(() => lastTasks());
    const tasks = ordered(kept?.tasks ?? [], this.data.work?.point ?? null);
    this.setData({ next: nextAfter(this.key, tasks, leaving), unsure: kept === null });
  },

  /** Refused: what was typed stays; when the case has moved meanwhile, the page shows where it is now. */
  async refused(error: unknown) {
    if (movedMeanwhile(error)) {
      await this.load();
      const own = error instanceof Failure && error.code !== 'state_forbids' && error.code !== 'conflict';
      this.setData({ form: '', ask: null, trouble: own ? sentence(error) : MOVED });
    } else this.setData({ trouble: sentence(error) });
  },

  unheard(event: WechatMiniprogram.CustomEvent<{ said: string }>) {
    this.setData({ trouble: event.detail.said });
  },

  onward() {
    const next = this.data.next;
    if (next) void wx.redirectTo({ url: `/staff/case/case?key=${next.key}` });
    else this.today();
  },

  today() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.redirectTo({ url: '/staff/today/today' });
  },

  plainly() {
    void wx.redirectTo({ url: `/pages/case/case?key=${this.key}` });
  },
});
