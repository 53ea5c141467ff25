import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { type DelegationOut, endDelegation, isOpen, readDelegations, told } from '../../services/delegation';

type Row = { key: string; words: string; state: string; state_words: string; ward: string; name: string; asks: string };

Page({
  behaviors: [look],
  data: { ...BLANK, mine: [] as Row[], theirs: [] as Row[], past: [] as Row[], asking: '', old: false },

  onShow() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => shown(await readDelegations()));
  },

  ask() {
    void wx.navigateTo({ url: '/my/agent/agent' });
  },

  past() {
    this.setData({ old: !this.data.old });
  },

  think(event: WechatMiniprogram.TouchEvent) {
    this.setData({ asking: event.currentTarget.dataset.key as string, said: '', trouble: '' });
  },

  leave() {
    this.setData({ asking: '' });
  },

  end() {
    return act(this, async () => {
      await endDelegation(this.data.asking);
      this.setData({ ...shown(await readDelegations()), asking: '' });
      return '已结束，马上生效。';
    });
  },
});

function shown(rows: DelegationOut[]) {
  const open = rows.filter(isOpen).map(row);
  return {
    mine: open.filter((one) => one.agent),
    theirs: open.filter((one) => !one.agent),
    past: rows.filter((one) => !isOpen(one)).map(row),
  };
}

function row(one: DelegationOut) {
  const asked = one.state === 'asked';
  const agent = one.mine === 'agent';
  return {
    key: one.key, words: told(one), state: one.state, state_words: one.state_words, name: one.name, agent,
    ward: agent && one.kind === 'guardian' && one.person ? one.person : '',
    button: asked ? (agent ? '收回申请' : '我不同意') : '结束代办',
    asks: asked ? '确定不要这个申请了吗？' : agent ? '结束以后，您不能再替他办事。要再办得重新申请。' : '结束以后，他不能再替您办事，也看不到您的事。马上生效。',
  };
}
