import { sentence } from '../../core/errors';
import { look } from '../../core/look';
import { type Deed, discard, flush, retry, waiting, watch } from '../../core/queue';
import { type CaseBrief, isOpen, listMine, listOpen, refreshed, sections } from '../../services/case';
import { listFollows } from '../../services/follow';
import type { NearsOut } from '../../types/api';

const DEED_WORDS = { waiting: '还没发出', sending: '正在发送', refused: '没有发成' };

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', stale: '', tab: 'mine', more: false, busy: false,
    unsent: [] as object[],
    waiting: [] as CaseBrief[], open: [] as CaseBrief[], ended: [] as CaseBrief[],
    followed: null as NearsOut['cases'] | null,
  },
  /** What has been loaded of each part, and where the next page begins. */
  openRows: [] as CaseBrief[],
  allRows: [] as CaseBrief[],
  openNext: null as string | null,
  next: null as string | null,
  stop: null as (() => void) | null,

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
      if (this.data.tab === 'followed') this.setData({ followed: (await listFollows()).cases });
      else await this.loadMine();
      this.setData({ state: 'ready', stale: '' });
      // The service answers again: what waits can go.
      void flush();
    } catch (error) {
      // What waits on this phone is seen without the service as well.
      if (this.data.state === 'ready' || this.data.unsent.length) this.setData({ state: 'ready', stale: sentence(error) });
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  async loadMine() {
    const [open, all] = await Promise.all([listOpen(), listMine()]);
    ({ rows: this.openRows, next: this.openNext } = refreshed(this.openRows, this.openNext, open.cases, open.next));
    ({ rows: this.allRows, next: this.next } = refreshed(this.allRows, this.next, all.cases, all.next));
    this.show();
  },

  show() {
    const open = new Set(this.openRows.map((one: CaseBrief) => one.key));
    const ended = this.allRows.filter((one: CaseBrief) => !isOpen(one.state) && !open.has(one.key));
    this.setData({ ...sections([...this.openRows, ...ended]), more: this.openNext !== null || this.next !== null });
  },

  /** What is older: first of what is open, then of what has ended. */
  async older() {
    if (this.data.busy) return;
    this.setData({ busy: true });
    try {
      if (this.openNext) {
        const page = await listOpen(this.openNext);
        this.openRows = [...this.openRows, ...page.cases];
        this.openNext = page.next;
      } else if (this.next) {
        const page = await listMine(this.next);
        this.allRows = [...this.allRows, ...page.cases];
        this.next = page.next;
      }
      this.show();
      this.setData({ stale: '' });
    } catch (error) {
      this.setData({ stale: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  showUnsent() {
    const rows = waiting().filter((deed) => deed.path === '/cases');
    const had = this.data.unsent.length;
    this.setData({ unsent: rows.map((deed) => ({ ...deed, words: DEED_WORDS[deed.state], photos: photosOf(deed) })) });
    // One that is gone from the queue has arrived: the list has it now.
    if (rows.length < had && this.data.state === 'ready') void this.load();
  },

  choose(event: WechatMiniprogram.TouchEvent) {
    const tab = event.currentTarget.dataset.tab as string;
    if (tab === this.data.tab) return;
    this.setData({ tab, stale: '' });
    void this.load();
  },

  again(event: WechatMiniprogram.TouchEvent) {
    void retry(event.currentTarget.dataset.key as string);
  },

  async giveUp(event: WechatMiniprogram.TouchEvent) {
    const { confirm } = await wx.showModal({
      title: '不发这一件了？', content: '写的字和拍的照片会从手机里删掉，找不回来。', confirmText: '删掉', cancelText: '留着',
    });
    if (confirm) discard(event.currentTarget.dataset.key as string);
  },

  report() {
    void wx.navigateTo({ url: '/pages/report/report' });
  },
});

function photosOf(deed: Deed): number {
  return deed.attachments.filter((one) => one.path === '/photos').length;
}
