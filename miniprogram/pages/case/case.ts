import { Failure, sentence } from '../../core/errors';
import { look } from '../../core/look';
import { type Deed, type Sent, discard, flush, retry, waiting, watch } from '../../core/queue';
import { NOT_YET, askAgain, askToTell, left } from '../../core/subscribe';
import {
  act, addNote, day, isOpen, movedMeanwhile, nextLimit, onDuty, readCase, readPublicCase,
} from '../../services/case';
import { follow, listFollows, unfollow } from '../../services/follow';
import { type Judgement, judge } from '../../services/judgement';
import { type Question, answerQuestion, openOf } from '../../services/question';
import type { CaseOut, PublicCaseOut } from '../../types/api';

/** What is being written: something to add, the words of a judgement, or why it is not solved. */
type Form = '' | 'note' | 'confirm' | 'reopen';

const SENT: Record<string, string> = {
  note: '已加上，办事的人看得到。', answer: '已回答，办事的人看得到。', confirm: '评价已收到，谢谢您。', reopen: '已要求重办，网格员会再到现场。', withdraw: '已撤回，不用再办了。',
};
/** No network, or a service that is being mended: why stands on the card of what waits. */
const WAITS = '还没发出去，已存在手机里，连上后自动发出。';
const GONE = '这件事您现在看不到：可能编号不对，已经撤回，或者不是您社区的事。';
const MOVED = '这件事刚才已经有了变化，您点的这一步没有做。下面是现在的样子。';
const MOST_PHOTOS = 9;

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', gone: '',
    /** A sentence about the last deed or the last refresh; it stays until the next. */
    said: '', trouble: '',
    one: null as CaseOut | null, neighbour: null as PublicCaseOut | null, followed: false, since: '', until: '',
    limit: '', staff: false, verbs: {} as Record<string, boolean>, advice: '', sharable: false,
    question: null as Question | null, planned: '', form: '' as Form, words: '', files: [] as string[], busy: false,
    unsent: [] as object[], tellable: false, told: true,
  },
  key: '',
  /** What is typed in each form; it is kept on this phone until it is sent. */
  drafts: {} as Record<string, string>,
  stop: null as (() => void) | null,

  onLoad(query: { key?: string }) {
    this.key = query.key ?? '';
    this.drafts = wx.getStorageSync<Record<string, string>>(this.draftName()) || {};
    // Until it is known whose it is, WeChat's own menu offers no card either.
    void wx.hideShareMenu({});
  },

  onShow() {
    this.stop = watch(() => this.showUnsent());
    this.showUnsent();
    return this.load();
  },

  onHide() {
    this.stop?.();
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
      this.apply(await readCase(this.key));
      this.setData({ trouble: '' });
      // The service answers again: what waits can go.
      void flush();
    } catch (error) {
      if (error instanceof Failure && error.status === 404) await this.loadPublic();
      else this.unread(error);
    }
  },

  /** Somebody else's: its public side, with what I said to it. */
  async loadPublic() {
    try {
      const [neighbour, follows] = await Promise.all([readPublicCase(this.key), listFollows()]);
      this.setData({
        neighbour, followed: follows.cases.some((one) => one.key === this.key), one: null, sharable: true, state: 'ready', gone: '',
        since: day(neighbour.reported_on), until: neighbour.closed_on ? day(neighbour.closed_on) : '',
      });
      void wx.showShareMenu({});
    } catch (error) {
      if (error instanceof Failure && error.status === 404) this.setData({ state: 'ready', gone: GONE, one: null, neighbour: null });
      else this.unread(error);
    }
  },

  unread(error: unknown) {
    if (this.data.state === 'ready') this.setData({ trouble: sentence(error) });
    else this.setData({ state: 'failed', message: sentence(error) });
  },

  apply(one: CaseOut) {
    const verbs = Object.fromEntries(one.verbs.map(({ verb }) => [verb, true]));
    // A card about an anonymous report would tell who made it.
    const sharable = !one.anonymous;
    this.setData({
      one, verbs, sharable, neighbour: null, gone: '', state: 'ready', limit: nextLimit(one), staff: onDuty(one),
      question: openOf(one), planned: one.planned_until ? day(one.planned_until) : '', words: this.drafts[this.data.form || 'confirm'] ?? '',
      advice: isOpen(one.state) && one.hazard ? one.category.advice : '',
      tellable: one.mine && isOpen(one.state), told: left('case_progress') > 0,
    });
    if (sharable) void wx.showShareMenu({});
    void wx.setNavigationBarTitle({ title: `#${one.number}` });
  },

  answer(event: WechatMiniprogram.CustomEvent<{ words: string; files: string[] }>) {
    const { one, question } = this.data;
    const { words, files } = event.detail;
    if (one && question) void this.send('answer', () => answerQuestion(question, one.number, words, files));
  },

  judge(event: WechatMiniprogram.CustomEvent<Judgement>) {
    const one = this.data.one;
    if (one) void this.send('confirm', () => judge(one, event.detail));
  },

  judgeTyped(event: WechatMiniprogram.CustomEvent<{ words: string }>) {
    this.setData({ form: 'confirm', words: event.detail.words });
    this.keepDraft(event.detail.words);
  },

  openReopen() {
    this.setData(this.opened('reopen'));
  },

  openForm(event: WechatMiniprogram.TouchEvent) {
    this.setData(this.opened(event.currentTarget.dataset.form as Form));
  },

  closeForm() {
    this.setData({ form: '', files: [] });
  },

  opened(form: Form) {
    return { form, words: this.drafts[form] ?? '', files: form === this.data.form ? this.data.files : [], said: '', trouble: '' };
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    const words = event.detail.value;
    this.setData({ words });
    this.keepDraft(words);
  },

  draftName() {
    return `draft-case-${this.key}`;
  },

  keepDraft(words: string) {
    this.drafts = { ...this.drafts, [this.data.form]: words };
    if (Object.values(this.drafts).some(Boolean)) wx.setStorageSync(this.draftName(), this.drafts);
    else wx.removeStorageSync(this.draftName());
  },

  addPhotos() {
    wx.chooseMedia({
      count: MOST_PHOTOS - this.data.files.length, mediaType: ['image'], sizeType: ['compressed'],
      success: ({ tempFiles }) =>
        this.setData({ files: [...this.data.files, ...tempFiles.map((file) => file.tempFilePath)].slice(0, MOST_PHOTOS) }),
      // Whoever closes the camera has done nothing wrong.
      fail: () => undefined,
    });
  },

  dropPhoto(event: WechatMiniprogram.TouchEvent) {
    const gone = event.currentTarget.dataset.index as number;
    this.setData({ files: this.data.files.filter((_, index) => index !== gone) });
  },

  async submit() {
    const { one, form, files } = this.data;
    const note = this.data.words.trim();
    if (one === null) return;
    if (form === 'note' && !note && !files.length) {
      this.setData({ trouble: '请写一句话，或加一张照片。' });
      return;
    }
    if (form === 'note') await this.send(form, () => addNote(one, { note, files }));
    if (form === 'reopen') await this.send(form, () => act(one, 'reopen', '没解决，重办', { note, files }));
  },

  async withdraw() {
    const one = this.data.one;
    if (one === null) return;
    const { confirm } = await wx.showModal({
      title: '撤回这件事？', content: '撤回以后就不办了。要再办，得重新上报。', confirmText: '撤回', cancelText: '不撤回',
    });
    if (confirm) await this.send('withdraw', () => act(one, 'withdraw', '撤回'));
  },

  /** Do something to the case once; what it says of itself afterwards is on the page. */
  async send(what: string, deed: () => Promise<Sent<CaseOut>>) {
    if (this.data.busy) return;
    this.setData({ busy: true, said: '', trouble: '' });
    try {
      const { answer } = await deed();
      if (what !== 'withdraw') this.keepDraft('');
      this.setData({ form: '', words: '', files: [], said: answer ? SENT[what] : WAITS });
      if (answer) this.apply(answer);
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    } catch (error) {
      await this.refused(error);
    } finally {
      this.setData({ busy: false });
    }
  },

  /** Refused: what was typed stays; when the case has moved meanwhile, the page shows where it is now. */
  async refused(error: unknown) {
    if (movedMeanwhile(error)) {
      await this.load();
      this.setData({ form: '', trouble: MOVED });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    } else this.setData({ trouble: sentence(error) });
  },

  showUnsent() {
    const rows = waiting().filter((deed) => deed.path.startsWith(`/cases/${this.key}/`));
    const had = this.data.unsent.length;
    this.setData({ unsent: rows.map(seen) });
    if (rows.length < had) {
      this.setData({ said: '' });
      void this.load();
    }
  },

  again(event: WechatMiniprogram.TouchEvent) {
    void retry(event.currentTarget.dataset.key as string);
  },

  giveUp(event: WechatMiniprogram.TouchEvent) {
    discard(event.currentTarget.dataset.key as string);
  },

  /** 办好了告诉我: one more message the service may send about it. */
  async askToBeTold() {
    const given = await askAgain('case_progress');
    this.setData({ told: left('case_progress') > 0, trouble: given === null ? NOT_YET : '' });
  },

  async toggleFollow() {
    const { followed, neighbour, busy } = this.data;
    if (neighbour === null || busy) return;
    this.setData({ busy: true, said: '', trouble: '' });
    if (!followed) void askToTell(['case_progress']);
    try {
      const answer = followed ? await unfollow(this.key) : await follow(this.key);
      this.setData({
        followed: answer.followed, neighbour: { ...neighbour, followers: answer.followers },
        said: answer.followed ? '记下了，办好了会告诉您。' : '好的，不再告诉您这件事。',
      });
    } catch (error) {
      if (movedMeanwhile(error)) await this.load();
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  unheard(event: WechatMiniprogram.CustomEvent<{ said: string }>) {
    this.setData({ trouble: event.detail.said });
  },

  work() {
    void wx.navigateTo({ url: `/staff/case/case?key=${this.key}` });
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },

  onShareAppMessage() {
    const what = this.data.one?.category.name ?? this.data.neighbour?.category ?? '';
    const community = this.data.one?.community.name ?? this.data.neighbour?.community ?? '';
    // Neither words nor place nor picture of a report: the card says what the public side says.
    return { title: `${community}：${what}，有人报了`, path: `/pages/case/case?key=${this.key}`, imageUrl: '/images/share.png' };
  },
});

/** What waits, for the eye. */
function seen(deed: Deed): object {
  const words = { waiting: '还没发出', sending: '正在发送', refused: '没有发成' }[deed.state];
  return { key: deed.key, title: deed.title, state: deed.state, reason: deed.reason, words };
}
