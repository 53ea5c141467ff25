import { answer, enter, leave } from '../../core/privacy';

/** The privacy agreement over the page; core/privacy.ts says when. */
Component({
  data: { shown: false },
  lifetimes: {
    attached() {
      enter(this);
    },
    detached() {
      leave(this);
    },
  },
  pageLifetimes: {
    show() {
      enter(this);
    },
    hide() {
      leave(this);
    },
  },
  methods: {
    show() {
      this.setData({ shown: true });
    },
    hide() {
      if (this.data.shown) this.setData({ shown: false });
    },
    agree() {
      answer('agree');
    },
    refuse() {
      answer('disagree');
    },
    read() {
      wx.openPrivacyContract({
        fail: () => wx.showToast({ title: '现在打不开，请稍后在“我的”→“隐私”里看。', icon: 'none' }),
      });
    },
  },
});
