import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { type Reader, readReaders, told } from '../../services/reader';

type Row = { at: string; near: string; words: string; reason: string };

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
      return { rows: page.readers.map(row), next: page.next, trouble: '' };
    });
  },

  more() {
    return act(this, async () => {
      const page = await readReaders(this.data.next);
      this.setData({ rows: [...this.data.rows, ...page.readers.map(row)], next: page.next });
      return '';
    });
  },
});

const row = (reader: Reader): Row => ({ at: reader.at, near: reader.near, words: told(reader), reason: reader.reason });
