import { iconOf } from '../../services/notice';
import type { NoticesOut } from '../../types/api';

type Brief = NoticesOut['notices'][number];

/** A notice in a list; a tap opens it. */
Component({
  properties: {
    /** A NoticeBrief. */
    item: { type: Object, value: {} as Brief },
    /** Title and kind only. */
    short: { type: Boolean, value: false },
  },
  data: { icon: '' },
  observers: {
    item(item: Brief) {
      this.setData({ icon: item.kind ? iconOf(item.kind) : '' });
    },
  },
  methods: {
    open() {
      void wx.navigateTo({ url: `/resident/notice/notice?key=${this.data.item.key}` });
    },
  },
});
