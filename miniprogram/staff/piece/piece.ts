import { Failure, sentence } from '../../core/errors';
import { drop } from '../../core/files';
import { look } from '../../core/look';
import { movedMeanwhile } from '../../services/case';
import { ASKS, type Ask, type Said, lackOf, readPiece, sayPiece } from '../../services/subcase';
import type { SubcaseOut } from '../../types/api';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';
const GONE = '这一项您现在看不到：可能已经取消，或者不归您办。';
const ICONS: Record<string, string> = {
  accept: 'check', refuse: 'close', arrive: 'place', plan: 'edit', finish: 'check-circle', insist: 'info-circle', redo: 'refresh', drop: 'close', rate: 'smile',
};

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', gone: '', said: '', trouble: '', busy: false, piece: null as SubcaseOut | null, verbs: [] as object[],
    verb: '', ask: null as Ask | null, note: '', who: '', mode: 'onsite' as 'onsite' | 'remote', rating: 0, ratings: [1, 2, 3, 4, 5], files: [] as string[],
  },
  key: '',

  onLoad(query: { key?: string }) {
    this.key = query.key ?? '';
  },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  async load() {
    try {
      this.show(await readPiece(this.key));
    } catch (error) {
      if (error instanceof Failure && error.status === 404) this.setData({ state: 'ready', gone: GONE });
      else if (this.data.piece) this.setData({ trouble: sentence(error) });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  show(piece: SubcaseOut) {
    const verbs = piece.verbs.filter(({ verb }) => verb in ASKS).map((one) => ({ ...one, icon: ICONS[one.verb] }));
    this.setData({ piece, verbs, state: 'ready', gone: '' });
    void wx.setNavigationBarTitle({ title: `#${piece.number}` });
  },

  open(event: WechatMiniprogram.TouchEvent) {
    const verb = event.currentTarget.dataset.verb as string;
    this.setData({ verb, ask: ASKS[verb], note: '', rating: 0, files: [], said: '', trouble: '' });
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },

  close() {
    this.setData({ verb: '', ask: null, trouble: '' });
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    this.setData({ note: event.detail.value, trouble: '' });
  },
  named(event: WechatMiniprogram.Input) {
    this.setData({ who: event.detail.value });
  },
  chooseMode(event: WechatMiniprogram.TouchEvent) {
    this.setData({ mode: event.currentTarget.dataset.mode as 'onsite' | 'remote' });
  },
  chooseRating(event: WechatMiniprogram.TouchEvent) {
    this.setData({ rating: event.currentTarget.dataset.rating as number, trouble: '' });
  },
  photos(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    this.setData({ files: event.detail.files });
  },

  async send() {
    const { piece, verb, ask, note, who, mode, rating, files, busy } = this.data;
    if (piece === null || ask === null || busy) return;
    const missing = lackOf(ask, note, rating);
    if (missing) return this.setData({ trouble: missing });
    this.setData({ busy: true, trouble: '', said: '' });
    const said: Said = { note: note.trim(), files, ...(ask.who && { who: who.trim(), mode }), ...(ask.rating && { rating }) };
    try {
      const { answer } = await sayPiece(piece, verb, ask.title, said);
      if (answer) files.forEach(drop);
      if (answer) this.show(answer);
      this.setData({ verb: '', ask: null, files: [], said: answer ? ask.done : '', trouble: answer ? '' : WAITS });
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
    else void wx.redirectTo({ url: '/staff/pieces/pieces' });
  },
});
