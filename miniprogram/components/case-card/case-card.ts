import { type CaseBrief, byWhom } from '../../services/case';

/** A case in a list; a tap opens it. */
Component({
  properties: {
    /** A CaseBrief. */
    item: { type: Object, value: {} as CaseBrief },
  },
  data: { limit: '' },
  observers: {
    item(item: CaseBrief) {
      this.setData({ limit: item.due ? byWhom(item.state, item.due.words) : '' });
    },
  },
  methods: {
    open() {
      void wx.navigateTo({ url: `/pages/case/case?key=${this.data.item.key}` });
    },
  },
});
