import { linked } from '../../core/wire';
import { type Photo, shown } from '../../services/case';

interface Shown { key: string; label: string; thumb: string; full: string }

/** Photos with what each shows in words; a tap opens them large. */
Component({
  properties: {
    /** The photos of a CaseOut or a line. */
    photos: { type: Array, value: [] as Photo[] },
    /** Whether the words stand below each photo. */
    labelled: { type: Boolean, value: true },
  },
  data: { rows: [] as Shown[] },
  observers: {
    photos(photos: Photo[]) {
      const rows = photos.map(({ key, kind, links }) => ({
        key, label: shown(kind), thumb: linked(links.thumb), full: linked(links.full),
      }));
      this.setData({ rows });
    },
  },
  methods: {
    open(event: WechatMiniprogram.TouchEvent) {
      const urls = this.data.rows.map((row) => row.full);
      void wx.previewImage({ urls, current: urls[event.currentTarget.dataset.index as number] });
    },
  },
});
