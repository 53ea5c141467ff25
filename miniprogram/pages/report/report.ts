import { sentence } from '../../core/errors';
import { look, lookNow } from '../../core/look';
import { askToTell } from '../../core/subscribe';
import { questionsOf } from '../../services/category';
import { type Kind, type Text, answerConsent, readTexts } from '../../services/consent';
import { readDelegations } from '../../services/delegation';
import { follow } from '../../services/follow';
import { type Near, findNear } from '../../services/nearby';
import type { Ask } from '../../services/questionnaire';
import { type Spot, homeSpot, placeIn, spotOf, spotWords } from '../../services/place';
import {
  type Part, type Report, blank, consentMissing, draft, giveUp, keep, lack, partOf, roomWords, send, stepOf, told, whereOf, worth,
} from '../../services/report';
import type { Voice } from '../../services/voice';

/** Milliseconds after the last change before the service is asked what is near. */
const PAUSE = 600;
const STEPS = 4;
const QUIET = { photo: '', what: '', where: '', who: '' };
interface Filed { kind: 'filed' | 'followed' | 'waits'; number: string; key: string }
type Tap = WechatMiniprogram.TouchEvent;

Page({
  behaviors: [look],
  data: {
    report: blank(), steps: STEPS, troubles: { ...QUIET }, busy: false,
    /** A draft of an earlier time waits for a decision. */
    earlier: null as Report | null, earlierSays: '', sure: false,
    room: '', where: '', summary: '', kindSeen: false, community: '', questions: [] as Ask[],
    nears: [] as Near[], nearSeen: false, nearAsked: false, family: [] as { person: string; name: string }[],
    consent: null as Text | null,
    /** It is sent, or waits: what comes next stands here while the page of it is not at hand. */
    done: null as Filed | null,
  },
  scanned: '',
  home: null as Spot | null,
  /** While the page is finding out where somebody is: at the code that was scanned, or at home. */
  locating: null as Promise<void> | null,
  clock: 0,
  /** Which question was asked last: an answer to an older one is late. */
  asked: 0,

  onLoad(query: { scene?: string }) {
    this.scanned = query.scene ? placeIn(query.scene) : '';
    const earlier = draft.read();
    if (earlier && worth(earlier)) this.setData({ earlier, earlierSays: told(earlier) });
    else this.begin(blank());
  },

  onUnload() {
    clearTimeout(this.clock);
  },

  goOn() {
    if (this.data.earlier) this.begin(this.data.earlier);
  },
  askAnew() { this.setData({ sure: true }); },
  stay() { this.setData({ sure: false }); },
  anew() {
    if (this.data.earlier) giveUp(this.data.earlier);
    this.begin(blank());
  },

  begin(report: Report) {
    this.setData({ earlier: null, sure: false, report, where: placed(report), summary: told(report), community: (report.spot ?? this.home)?.community.key ?? '', room: roomWords(report.words) });
    void this.settle();
    void this.askMore();
  },

  /** What the page knows before anything is said: the code that was scanned, the home, the family. */
  async settle() {
    this.locating = this.locate();
    await this.locating;
    this.locating = null;
    this.askNear();
    try {
      const rows = (await readDelegations()).filter((row) => row.mine === 'agent' && row.state === 'confirmed' && row.person);
      this.setData({ family: rows.map((row) => ({ person: row.person as string, name: row.name })) });
    } catch {
      // Without it one reports for oneself.
    }
  },

  async locate() {
    if (this.scanned) await this.arrive(this.scanned);
    this.home = await homeSpot();
    if (this.home && !this.data.report.spot && !this.data.report.pin) this.change({ spot: this.home, assumed: true });
  },

  change(news: Partial<Report>) {
    const report = { ...this.data.report, ...news };
    const kept = keep(report);
    this.setData({
      report, room: roomWords(report.words), where: placed(report), summary: told(report), community: (report.spot ?? this.home)?.community.key ?? '',
      troubles: kept ? { ...QUIET } : { ...QUIET, who: '手机快没有地方了：请不要关掉这一页，写完就发送。' },
    });
  },

  photos(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    this.change({ photos: event.detail.files });
  },
  voices(event: WechatMiniprogram.CustomEvent<{ voices: Voice[] }>) {
    this.change({ voices: event.detail.voices });
  },
  typed(event: WechatMiniprogram.TextareaInput) {
    this.change({ words: event.detail.value });
  },

  kind(event: WechatMiniprogram.CustomEvent<Pick<Report, 'category' | 'chosen'>>) {
    const other = event.detail.category?.code !== this.data.report.category?.code;
    // Other questions belong to another kind.
    this.change({ ...event.detail, ...(other && { replies: {} }) });
    if (other) void this.askMore();
    this.askNear();
  },
  async askMore() {
    const { community, report } = this.data;
    const code = report.category?.code ?? '';
    const questions = code && community ? await questionsOf(community, code) : [];
    if (code === (this.data.report.category?.code ?? '')) this.setData({ questions });
  },
  replied(event: WechatMiniprogram.CustomEvent<Pick<Report, 'replies'>>) {
    this.change(event.detail);
  },

  /** Somebody said where it is. */
  place(event: WechatMiniprogram.CustomEvent<Partial<Report>>) {
    this.change(event.detail);
    if (event.detail.placeWords === undefined) this.askNear();
  },
  misplaced(event: WechatMiniprogram.CustomEvent<{ said: string }>) {
    this.trouble('where', event.detail.said);
  },

  /** A code was scanned: it says where. */
  async arrive(key: string) {
    try {
      this.change({ spot: await spotOf(key), assumed: false });
    } catch (error) {
      this.trouble('where', `没有认出这个码。${sentence(error)}`);
    }
  },

  askNear() {
    clearTimeout(this.clock);
    this.clock = setTimeout(() => void this.findNears(), PAUSE) as unknown as number;
  },

  async findNears() {
    const where = whereOf(this.data.report);
    const turn = ++this.asked;
    // Without a kind everything of the house would be "the same".
    const kind = this.data.report.category?.name;
    if (!where || !kind) return this.setData({ nears: [] });
    try {
      const nears = await findNear(where, kind);
      if (turn !== this.asked) return;
      const known = new Set(this.data.nears.map((one) => one.key));
      this.setData({ nears, ...(nears.some((one) => !known.has(one.key)) && { nearSeen: false }) });
    } catch {
      if (turn === this.asked) this.setData({ nears: [] });
    }
  },

  async follow(event: WechatMiniprogram.CustomEvent<{ key: string }>) {
    const near = this.data.nears.find((one) => one.key === event.detail.key);
    if (!near || this.data.busy) return;
    const told = askToTell(['case_progress']);
    this.setData({ busy: true });
    try {
      await told;
      await follow(near.key);
      giveUp(this.data.report);
      this.finish({ kind: 'followed', number: String(near.number), key: near.key });
    } catch (error) {
      this.setData({ busy: false, nearAsked: false });
      this.trouble('who', sentence(error));
    }
  },
  notSame() {
    this.setData({ nearSeen: true, nearAsked: false });
    return this.submit();
  },
  closeNear() { this.setData({ nearAsked: false }); },

  turnAnonymous(event: WechatMiniprogram.CustomEvent<{ on: boolean }>) {
    const anonymous = event.detail.on;
    this.change({ anonymous, ...(anonymous && { behalf: '' }) });
    if (anonymous && this.data.report.voices.length) this.trouble('who', lack({ ...this.data.report, words: '录音' })?.said ?? '');
  },
  dropVoices() { this.change({ voices: [] }); },
  speakFor(event: Tap) {
    this.change({ behalf: event.currentTarget.dataset.person as string });
  },

  next() { this.go(this.data.report.step + 1); },
  back() { this.go(this.data.report.step - 1); },
  go(step: number) {
    if (this.data.report.step === stepOf('what') && this.data.report.category) this.setData({ kindSeen: true });
    this.change({ step: Math.max(0, Math.min(STEPS - 1, step)) });
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },

  /** Say what is wrong where it is. */
  trouble(part: Part, said: string) {
    this.setData({ troubles: { ...QUIET, [part]: said } });
    if (!said) return;
    if (lookNow().senior && this.data.report.step !== stepOf(part)) {
      this.setData({ 'report.step': stepOf(part) });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    } else void wx.pageScrollTo({ selector: `#part-${part}`, duration: 0 });
  },

  async submit() {
    if (this.data.busy) return;
    const missing = lack(this.data.report);
    if (missing && !(missing.part === 'where' && this.locating)) return this.trouble(missing.part, missing.said);
    if (this.data.nears.length && !this.data.nearSeen) {
      this.setData({ nearAsked: true });
      return;
    }
    // Inside the tap: WeChat asks at no other time.
    const told = askToTell(['case_progress', 'judge_please']);
    this.setData({ busy: true, troubles: { ...QUIET } });
    await told;
    await this.locating;
    const still = lack(this.data.report);
    if (!still) return this.deliver();
    this.setData({ busy: false });
    this.trouble(still.part, still.said);
  },

  async deliver() {
    this.setData({ busy: true });
    try {
      const { answer } = await send(this.data.report);
      this.finish(answer ? { kind: 'filed', number: String(answer.number), key: answer.key } : { kind: 'waits', number: '', key: '' });
    } catch (error) {
      this.setData({ busy: false });
      await this.refused(error);
    }
  },

  /** Go where one sees what comes next; without network that package may not be on this phone. */
  finish(done: Filed) {
    const stay = () => {
      this.setData({ done, busy: false });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    };
    if (done.kind === 'waits') return stay();
    wx.redirectTo({ url: `/resident/filed/filed?kind=${done.kind}&number=${done.number}&key=${done.key}`, fail: stay });
  },
  oneMore() {
    this.setData({ done: null });
    this.begin(blank());
  },

  async refused(error: unknown) {
    const kind = consentMissing(error);
    if (!kind) return this.trouble(partOf(error), sentence(error));
    try {
      const text = (await readTexts()).find((one) => one.kind === kind);
      if (text) this.setData({ consent: text });
      else this.trouble('where', sentence(error));
    } catch (problem) {
      this.trouble('who', sentence(problem));
    }
  },

  async agree() {
    const { consent, busy } = this.data;
    if (!consent || busy) return;
    this.setData({ busy: true });
    try {
      await answerConsent(consent.kind as Kind, consent.version, 'given');
      this.setData({ consent: null });
      await this.deliver();
    } catch (error) {
      this.setData({ busy: false, consent: null });
      this.trouble('who', sentence(error));
    }
  },

  /** No exact place then; the report goes all the same. */
  async refuse() {
    const located = this.data.consent?.kind === 'location';
    this.setData({ consent: null });
    if (!located) return;
    const { pin, placeWords } = this.data.report;
    this.change({ pin: null, placeWords: placeWords || (pin?.name ?? ''), ...(!this.data.report.spot && this.home && { spot: this.home }) });
    const missing = lack(this.data.report);
    if (missing) this.trouble(missing.part, missing.said);
    else await this.deliver();
  },
});

function placed(report: Report): string {
  const { spot, pin, assumed } = report;
  return [pin && assumed ? '' : spot && spotWords(spot), pin && (pin.name || '地图上选的位置')].filter(Boolean).join('，');
}
