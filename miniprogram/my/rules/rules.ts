import { BLANK, act, fill } from '../../core/acting';
import { Failure } from '../../core/errors';
import { look } from '../../core/look';
import { readPrivacy } from '../../services/consent';
import type { PrivacyOut } from '../../types/api';

Page({
  behaviors: [look],
  data: { ...BLANK, rules: { controller: '', contact: '', rights: [], uses: [], recipients: [] } as PrivacyOut, open: '' },

  onLoad() {
    return this.load();
  },

  load() {
    return fill(this, async () => {
      const rules = await readPrivacy();
      const numbered = <T extends object>(rows: T[]) => rows.map((row, place) => ({ ...row, place }));
      return { rules: { ...rules, uses: numbered(rules.uses), recipients: numbered(rules.recipients) } };
    });
  },

  toggle(event: WechatMiniprogram.TouchEvent) {
    const part = event.currentTarget.dataset.part as string;
    this.setData({ open: this.data.open === part ? '' : part });
  },

  contract() {
    return act(
      this,
      () =>
        new Promise<string>((resolve, reject) =>
          wx.openPrivacyContract({
            success: () => resolve(''),
            fail: () => reject(new Failure('contract', '现在打不开，请点右上角“…”→“小程序资料”，里面也有。')),
          }),
        ),
    );
  },
});
