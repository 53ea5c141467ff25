import { sentence } from '../../core/errors';
import { newKey } from '../../core/keys';
import { look } from '../../core/look';
import { askToTell } from '../../core/subscribe';
import { discard, flush, retry, watch } from '../../core/queue';
import { findMine } from '../../services/case';
import { type Line, type Piece, merged, pieces, readTalk, say, show, unsent } from '../../services/conversation';

/** One line on the screen: the service has it, or it is on its way, or it could not be sent. */
interface Row {
  id: string;
  mine: boolean;
  who: string;
  near: string;
  pieces: Piece[];
  photos: object[];
  /** A photo that is still on this phone. */
  file: string;
  /** Said below a line that has not arrived: "正在发送"; empty for one that has. */
  state: string;
  again: boolean;
}

interface Sending {
  key: string;
  text: string;
  file: string;
  /** Empty while it is on its way; else why it was not sent. */
  reason: string;
}

const WHO: Record<string, string> = { resident: '我', community: '社区工作人员', bot: '小助手自动回复' };
/** What came without words that can be shown. */
const KINDS: Record<string, string> = { image: '照片，还在处理', voice: '语音', location: '位置', video: '视频' };
const DRAFT = 'draft-talk';
const SENDING = 'talk-sending';
/** Milliseconds between two looks: short after something happened, longer while nothing does. */
const SOON = 4_000;
const SELDOM = 20_000;

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', rows: [] as Row[], words: '', more: false, older: false, trouble: '', below: false,
  },
  lines: [] as Line[],
  earlier: null as string | null,
  sending: [] as Sending[],
  timer: 0,
  queued: 0,
  pause: SOON,
  visible: false,
  stop: null as (() => void) | null,

  onLoad() {
    // What was on its way when the mini-program was closed may have arrived: sent again under its key it is said once.
    const left = wx.getStorageSync<Sending[]>(SENDING) || [];
    this.sending = left.map((one) => ({ ...one, reason: one.reason || '上次没有发完。' }));
    this.setData({ words: wx.getStorageSync<string>(DRAFT) || '' });
  },

  onShow() {
    this.visible = true;
    this.stop = watch(() => this.queueChanged());
    return this.load();
  },

  onHide() {
    this.rest();
  },

  onUnload() {
    this.rest();
  },

  rest() {
    this.visible = false;
    this.stop?.();
    clearTimeout(this.timer);
  },

  async load() {
    clearTimeout(this.timer);
    const first = this.data.state !== 'ready';
    try {
      const changed = await this.readNew();
      this.pause = changed ? SOON : Math.min(this.pause * 1.5, SELDOM);
      this.setData({ trouble: '' });
      if (first) this.toEnd();
      // The service answers again: what waits can go.
      void flush();
    } catch (error) {
      this.pause = SELDOM;
      if (first) this.setData({ state: 'failed', message: sentence(error) });
      else if (!this.data.trouble) {
        const atEnd = await this.atEnd();
        this.setData({ trouble: `${sentence(error)}新消息要等连上才看得到。` });
        if (atEnd) this.toEnd();
      }
    }
    if (this.visible && this.data.state === 'ready') this.timer = setTimeout(() => void this.load(), this.pause);
  },

  /** Read the newest lines. Gives whether there was something new. */
  async readNew() {
    const page = await readTalk();
    const held = new Set(this.lines.map((line: Line) => line.key));
    const news = page.lines.filter((line) => !held.has(line.key));
    // Nothing in common: more was said meanwhile than a page holds.
    const torn = news.length === page.lines.length;
    const atEnd = await this.atEnd();
    this.lines = torn ? page.lines : merged(this.lines, page.lines);
    if (torn) this.earlier = page.earlier;
    this.draw();
    if (news.length && held.size) {
      if (atEnd) this.toEnd();
      else this.setData({ below: true });
    }
    return news.length > 0;
  },

  /** What left the queue has arrived, and may have been answered: its line stays until the service shows it. */
  queueChanged() {
    if (unsent().length < this.queued) void this.load();
    else this.draw();
  },

  draw() {
    const waits = unsent();
    this.queued = waits.length;
    const queued = new Set(waits.map((deed) => deed.key));
    const rows: Row[] = [
      ...this.lines.map(said),
      ...waits.map((deed): Row => ({
        ...mine(deed.key, String(deed.body.text ?? ''), deed.attachments[0]?.file ?? ''),
        state: { waiting: `${deed.reason}已存在手机里，连上后自动发出。`, sending: '正在发送', refused: `没有发成：${deed.reason}` }[deed.state],
        again: deed.state !== 'sending',
      })),
      ...this.sending.filter((one: Sending) => !queued.has(one.key)).map((one: Sending): Row => ({
        ...mine(one.key, one.text, one.file), state: one.reason ? `没有发成：${one.reason}` : '正在发送', again: one.reason !== '',
      })),
    ];
    this.setData({ rows, more: this.earlier !== null, state: 'ready' });
  },

  async loadOlder() {
    if (this.data.older || this.earlier === null) return;
    this.setData({ older: true });
    const top = this.lines[0]?.key;
    try {
      const page = await readTalk(this.earlier);
      this.lines = [...page.lines, ...this.lines];
      this.earlier = page.earlier;
      this.draw();
      if (top) void wx.pageScrollTo({ selector: `#l-${top}`, duration: 0 });
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ older: false });
    }
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    const words = event.detail.value;
    this.setData({ words });
    wx.setStorageSync(DRAFT, words);
  },

  send() {
    const text = this.data.words.trim();
    if (!text) return;
    this.setData({ words: '' });
    wx.removeStorageSync(DRAFT);
    void askToTell(['answer_waiting']);
    void this.deliver({ key: newKey(), text, file: '', reason: '' });
  },

  phrase(event: WechatMiniprogram.TouchEvent) {
    void this.deliver({ key: newKey(), text: event.currentTarget.dataset.text as string, file: '', reason: '' });
  },

  photo() {
    wx.chooseMedia({
      count: 3, mediaType: ['image'], sizeType: ['compressed'],
      success: async ({ tempFiles }) => {
        for (const { tempFilePath } of tempFiles) await this.deliver({ key: newKey(), text: '', file: tempFilePath, reason: '' });
      },
      // Whoever closes the camera has done nothing wrong.
      fail: () => undefined,
    });
  },

  /** Send one line; until it has arrived it is on this phone, whatever happens. */
  async deliver(one: Sending) {
    this.hold([...this.sending.filter((row: Sending) => row.key !== one.key), { ...one, reason: '' }]);
    this.toEnd();
    try {
      const { answer } = one.file ? await show(one.file, one.key) : await say(one.text, one.key);
      const news = answer ? [answer.line, ...(answer.reply ? [answer.reply] : [])] : [];
      this.lines = merged(this.lines, news);
      this.hold(this.sending.filter((row: Sending) => row.key !== one.key));
      this.pause = SOON;
    } catch (error) {
      this.hold(this.sending.map((row: Sending) => (row.key === one.key ? { ...row, reason: sentence(error) } : row)));
    }
    this.toEnd();
  },

  hold(sending: Sending[]) {
    this.sending = sending;
    if (sending.length) wx.setStorageSync(SENDING, sending);
    else wx.removeStorageSync(SENDING);
    this.draw();
  },

  again(event: WechatMiniprogram.TouchEvent) {
    const key = event.currentTarget.dataset.key as string;
    const own = this.sending.find((one: Sending) => one.key === key);
    if (own) void this.deliver(own);
    else void retry(key).then(() => flush()).then(() => this.load());
  },

  /** Take a line that was not sent back into the field, so that it can be changed, or let a photo go. */
  takeBack(event: WechatMiniprogram.TouchEvent) {
    const key = event.currentTarget.dataset.key as string;
    const row = this.data.rows.find((one) => one.id === key);
    const text = row?.pieces.map((piece) => piece.text).join('') ?? '';
    if (text) {
      const words = [this.data.words, text].filter(Boolean).join('\n');
      this.setData({ words });
      wx.setStorageSync(DRAFT, words);
    }
    discard(key);
    this.hold(this.sending.filter((one: Sending) => one.key !== key));
  },

  async openCase(event: WechatMiniprogram.TouchEvent) {
    const number = event.currentTarget.dataset.number as number;
    const known = this.lines.find((line: Line) => line.number === number)?.case;
    try {
      const key = known ?? (await findMine(number));
      if (key) void wx.navigateTo({ url: `/pages/case/case?key=${key}` });
      else this.setData({ trouble: `没有找到您的 #${number}，可以在“我的事”里看全部。` });
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    }
  },

  cases() {
    void wx.switchTab({ url: '/pages/cases/cases' });
  },

  report() {
    void wx.navigateTo({ url: '/pages/report/report' });
  },

  /** Whether the newest line can be seen. */
  atEnd(): Promise<boolean> {
    return new Promise((resolve) =>
      wx.createSelectorQuery().select('#end').boundingClientRect((rect) => {
        resolve(!rect || rect.top < wx.getWindowInfo().windowHeight + 80);
      }).exec(),
    );
  },

  toEnd() {
    this.setData({ below: false });
    wx.nextTick(() => void wx.pageScrollTo({ scrollTop: 1_000_000, duration: 0 }));
  },
});

function said(line: Line): Row {
  const words = line.text || (line.photo ? '' : `（${KINDS[line.kind] ?? '这里看不了的消息'}）`);
  return {
    id: line.key, mine: line.author === 'resident', who: WHO[line.author] ?? line.who, near: line.near, pieces: pieces(words),
    photos: line.photo ? [line.photo] : [], file: '', state: '', again: false,
  };
}

function mine(id: string, text: string, file: string): Omit<Row, 'state' | 'again'> {
  return { id, mine: true, who: '我', near: '', pieces: pieces(text), photos: [], file };
}
