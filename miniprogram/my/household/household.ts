import { BLANK, act, fill, pulled } from '../../core/acting';
import { Failure } from '../../core/errors';
import { look } from '../../core/look';
import { type HomeOut, bind, codeIn, leave, readHomes, standing } from '../../services/household';

type Row = { key: string; state: string; label: string; community: string; words: string; used: boolean };

Page({
  behaviors: [look],
  data: { ...BLANK, rows: [] as Row[], several: false, typed: '', asking: '' },

  onShow() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => shown(await readHomes()));
  },

  type(event: WechatMiniprogram.Input) {
    this.setData({ typed: event.detail.value });
  },

  scan() {
    void wx.scanCode({
      scanType: ['qrCode', 'barCode'],
      success: ({ result }) => {
        const code = codeIn(result);
        if (code) void this.bindWith(code);
        else this.setData({ said: '', trouble: '这个码里没有绑定码。请扫社区给您的绑定码，或把 8 位绑定码打在下面。' });
      },
      // Whoever turns back has done nothing wrong; without a camera one types.
      fail: ({ errMsg }) => {
        if (!/cancel/i.test(errMsg)) this.setData({ said: '', trouble: '现在扫不了码，请把 8 位绑定码打在下面。' });
      },
    });
  },

  bind() {
    return this.bindWith(this.data.typed);
  },

  bindWith(typed: string) {
    return act(this, async () => {
      const code = codeIn(typed);
      if (!code) throw new Failure('code_unknown', '绑定码是 8 位字母和数字，没有 0、1、I、L、O，请再核对一遍。');
      const home = await bind(code);
      this.setData({ ...shown(await readHomes()), typed: '' });
      return `已绑定：${home.household.label}。`;
    });
  },

  think(event: WechatMiniprogram.TouchEvent) {
    this.setData({ asking: event.currentTarget.dataset.key as string, said: '', trouble: '' });
  },

  stay() {
    this.setData({ asking: '' });
  },

  go() {
    return act(this, async () => {
      const row = this.data.rows.find((one) => one.key === this.data.asking)!;
      await leave(row.key);
      this.setData({ ...shown(await readHomes()), asking: '' });
      return row.state === 'asked' ? '申请已收回。' : '已解除绑定。要再绑定，请重新申请或向社区要绑定码。';
    });
  },

  choose() {
    void wx.navigateTo({ url: '/my/choose/choose' });
  },
});

/** The newest that is bound is the one that is used where nothing else is said (as the service does). */
function shown(homes: HomeOut[]) {
  const bound = homes.filter((one) => one.state === 'confirmed');
  const rows = homes.map((one): Row => ({
    key: one.key, state: one.state, label: one.household.label, community: one.community.name, words: standing(one),
    used: bound.length > 1 && one.key === bound[0]!.key,
  }));
  return { rows, several: bound.length > 1 };
}
