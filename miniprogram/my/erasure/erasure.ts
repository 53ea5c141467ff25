import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { type Wish, askErasure, erasureState, keepMe, readWishes } from '../../services/personal';

Page({
  behaviors: [look],
  data: { ...BLANK, undo: false, words: '', pending: false, asking: false },

  onShow() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => this.shown((await readWishes()).find((one) => one.kind === 'erase')));
  },

  think() {
    this.setData({ asking: true, said: '', trouble: '' });
  },

  leave() {
    this.setData({ asking: false });
  },

  erase() {
    return act(this, async () => {
      this.setData({ asking: false });
      this.setData(this.shown(await askErasure()));
      return '已收到您的注销申请。';
    });
  },

  keep() {
    return act(this, async () => {
      this.setData(this.shown(await keepMe()));
      return '已取消注销，您的信息都还在。';
    });
  },

  shown(wish: Wish | undefined) {
    if (wish === undefined) return { undo: false, words: '', pending: false };
    return { ...erasureState(wish), pending: wish.state === 'asked' || wish.state === 'doing' };
  },
});
