import type { Point } from '../../core/coordinates';
import { sentence } from '../../core/errors';
import { here, leave } from '../../core/location';
import { look } from '../../core/look';
import { KINDS, PHONES, type Kind, raise } from '../../services/incident';

const WAITS = '现在没有网络，还没有发出去。请先打电话；连上后会自动发出。';

Page({
  behaviors: [look],
  data: { kinds: KINDS, phones: PHONES, kind: '' as Kind | '', words: '', files: [] as string[], busy: false, said: '', trouble: '', number: 0, key: '' },
  /** Where this phone is, once it is known: nobody waits for it. */
  point: null as Point | null,

  async onLoad() {
    // Asked now would be a dialogue between a person and help: only who said yes before is located.
    if ((await leave()) === 'yes') this.point = await here();
  },

  call(event: WechatMiniprogram.TouchEvent) {
    // Whoever changes the mind in the dialogue of the phone has done nothing wrong.
    void wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.phone as string, fail: () => undefined });
  },

  choose(event: WechatMiniprogram.TouchEvent) {
    this.setData({ kind: event.currentTarget.dataset.kind as Kind, trouble: '' });
  },

  typed(event: WechatMiniprogram.TextareaInput) {
    this.setData({ words: event.detail.value });
  },

  photos(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
    this.setData({ files: event.detail.files });
  },

  /** One tap: nothing has to be filled in, and nothing is asked before it goes. */
  async submit() {
    if (this.data.busy) return;
    this.setData({ busy: true, said: '', trouble: '' });
    const { kind, words, files } = this.data;
    try {
      const { answer } = await raise({ kind: kind || 'other', words, files, point: this.point });
      if (answer) this.setData({ number: answer.number, key: answer.key, said: `已经同时通知 ${answer.told} 个人，从网格员到区里，编号 #${answer.number}。` });
      else this.setData({ said: '', trouble: WAITS });
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ busy: false });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    }
  },

  follow() {
    void wx.redirectTo({ url: `/pages/case/case?key=${this.data.key}` });
  },
});
