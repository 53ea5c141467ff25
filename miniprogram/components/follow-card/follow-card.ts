import { day } from '../../services/case';
import type { NearsOut } from '../../types/api';

type Near = NearsOut['cases'][number];

/** What somebody else reported and one goes along with: its public side. A tap opens it. */
Component({
  properties: {
    /** A case of GET /follows. */
    item: { type: Object, value: {} as Near },
  },
  data: { since: '' },
  observers: {
    item(item: Near) {
      this.setData({ since: item.created_at ? day(item.created_at) : '' });
    },
  },
  methods: {
    open() {
      void wx.navigateTo({ url: `/pages/case/case?key=${this.data.item.key}` });
    },
  },
});
