import { BLANK, act } from '../../core/acting';
import { look } from '../../core/look';
import { type PlaceOut, RELATIONS, type Relation, ask } from '../../services/household';

/** Asking the community to bind a household: which one, then what one is to it. */
Page({
  behaviors: [look],
  data: { ...BLANK, state: 'ready', relations: RELATIONS, household: null as PlaceOut | null, community: '', relation: '', done: false },

  pick(event: WechatMiniprogram.CustomEvent<{ household: PlaceOut; community: PlaceOut }>) {
    this.setData({ household: event.detail.household, community: event.detail.community.name });
  },

  again() {
    this.setData({ household: null, trouble: '' });
  },

  relation(event: WechatMiniprogram.TouchEvent) {
    this.setData({ relation: event.currentTarget.dataset.relation as string });
  },

  send() {
    return act(this, async () => {
      await ask(this.data.household!.key, this.data.relation as Relation);
      this.setData({ done: true });
      return `已申请。${this.data.community}的工作人员核对以后，会在“我的住址”里写明结果。`;
    });
  },

  back() {
    void wx.navigateBack();
  },
});
