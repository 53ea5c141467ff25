import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { refreshed } from '../../services/case';
import { type Piece, listPieces } from '../../services/subcase';

Page({
  behaviors: [look],
  data: { ...BLANK, pieces: [] as Piece[], next: null as string | null, all: false },

  onShow() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  async load() {
    await fill(this, async () => {
      const page = await listPieces(this.data.all ? 'all' : 'open');
      const { rows, next } = refreshed(this.data.pieces, this.data.next, page.subcases, page.next);
      return { pieces: rows, next };
    });
  },

  async older() {
    const { next, all } = this.data;
    if (next === null) return;
    await act(this, async () => {
      const page = await listPieces(all ? 'all' : 'open', next);
      this.setData({ pieces: [...this.data.pieces, ...page.subcases], next: page.next });
      return '';
    });
  },

  toggle() {
    this.setData({ all: !this.data.all, pieces: [], next: null });
    return this.load();
  },

  back() {
    if (getCurrentPages().length > 1) void wx.navigateBack();
    else void wx.switchTab({ url: '/pages/home/home' });
  },
});
