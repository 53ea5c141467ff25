import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { type Reader, readReaders, told } from '../../services/reader';

type Row = { place: number; near: string; words: string; reason: string };

Page({
  behaviors: [look],
  data: { ...BLANK, rows: [] as Row[], next: null as string | null },

  onLoad() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => {
      const page = await readReaders();
      return { rows: rowsOf(page.readers), next: page.next, trouble: '' };
    });
  },

  more() {
    return act(this, async () => {
      const page = await readReaders(this.data.next);
      this.setData({ rows: [...this.data.rows, ...rowsOf(page.readers, this.data.rows.length)], next: page.next });
      return '';
    });
  },
});

const rowsOf = (readers: Reader[], before = 0): Row[] =>
  readers.map((one, at) => ({ place: before + at, near: one.near, words: told(one), reason: one.reason }));
