import { BLANK, act, fill } from '../../core/acting';
import { look } from '../../core/look';
import { GUARDIANS, RELATIONS, type Kind, type Relation, askDelegation } from '../../services/delegation';
import { type HomeOut, type PlaceOut, readHomes } from '../../services/household';

type Step = 'kind' | 'relation' | 'way' | 'number' | 'name' | 'home' | 'door' | 'check' | 'done';

/** Asking to act for somebody of the family: one question on each screen, and everything once more before it is sent. */
Page({
  behaviors: [look],
  data: {
    ...BLANK, step: 'kind' as Step, before: [] as Step[], kind: '' as Kind | '', relation: '', relations: RELATIONS,
    person: '', name: '', homes: [] as HomeOut[], household: null as PlaceOut | null, community: '',
  },

  onLoad() {
    return this.load();
  },

  load() {
    return fill(this, async () => ({ homes: (await readHomes()).filter((one) => one.state === 'confirmed') }));
  },

  to(step: Step) {
    this.setData({ step, before: [...this.data.before, this.data.step], trouble: '' });
  },

  back() {
    const before = [...this.data.before];
    this.setData({ step: before.pop() ?? 'kind', before, trouble: '' });
  },

  kind(event: WechatMiniprogram.TouchEvent) {
    const kind = event.currentTarget.dataset.kind as Kind;
    this.setData({ kind, relation: '', relations: kind === 'guardian' ? GUARDIANS : RELATIONS });
    this.to('relation');
  },

  relation(event: WechatMiniprogram.TouchEvent) {
    this.setData({ relation: event.currentTarget.dataset.relation as string });
    this.to('way');
  },

  way(event: WechatMiniprogram.TouchEvent) {
    const step = event.currentTarget.dataset.step as Step;
    this.setData(step === 'number' ? { name: '', household: null } : { person: '' });
    this.to(step);
  },

  typeNumber(event: WechatMiniprogram.Input) {
    this.setData({ person: event.detail.value.trim() });
  },

  typeName(event: WechatMiniprogram.Input) {
    this.setData({ name: event.detail.value });
  },

  numbered() {
    this.to('check');
  },

  named() {
    this.to(this.data.homes.length ? 'home' : 'door');
  },

  home(event: WechatMiniprogram.TouchEvent) {
    const home = this.data.homes.find((one) => one.key === event.currentTarget.dataset.key)!;
    this.setData({ household: home.household, community: home.community.name });
    this.to('check');
  },

  elsewhere() {
    this.to('door');
  },

  pick(event: WechatMiniprogram.CustomEvent<{ household: PlaceOut; community: PlaceOut }>) {
    this.setData({ household: event.detail.household, community: event.detail.community.name });
    this.to('check');
  },

  send() {
    return act(this, async () => {
      const { kind, relation, person, name, household } = this.data;
      const row = await askDelegation({
        kind: kind as Kind, relation: relation as Relation,
        ...(person ? { person } : { name: name.trim(), household: household!.key }),
      });
      this.setData({ step: 'done', before: [] });
      return `已申请。请和本人一起到${row.community}，带上两个人的身份证，当面确认后就能用。`;
    });
  },

  leave() {
    void wx.navigateBack();
  },
});
