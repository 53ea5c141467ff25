import { BLANK, act, fill } from '../../core/acting';
import { Failure } from '../../core/errors';
import { look } from '../../core/look';
import { type Text, answerConsent, readConsents, readTexts } from '../../services/consent';
import { AGES, type Age, ageWords, partsOf, readMe, rename, setPhone, tellAge } from '../../services/me';
import type { MeOut } from '../../types/api';

Page({
  behaviors: [look],
  data: {
    ...BLANK, ages: AGES, name: '', typed: '', parts: '', phone: '', age: '', number: '',
    /** Which question is asked right now: '', phone (the text first), drop (the number) or child (it cannot be taken back). */
    asking: '', agreed: false, text: null as Text | null,
  },

  onLoad() {
    return this.load();
  },

  load() {
    return fill(this, async () => {
      const [me, texts, answers] = await Promise.all([readMe(), readTexts(), readConsents()]);
      return {
        ...shown(me), typed: me.person.name,
        text: texts.find((one) => one.kind === 'phone') ?? null,
        agreed: answers.some((one) => one.kind === 'phone' && one.state === 'given'),
      };
    });
  },

  type(event: WechatMiniprogram.Input) {
    this.setData({ typed: event.detail.value });
  },

  rename() {
    return act(this, async () => {
      this.setData(shown(await rename(this.data.typed)));
      return '称呼已改好。';
    });
  },

  question(event: WechatMiniprogram.TouchEvent) {
    this.setData({ asking: event.currentTarget.dataset.asking as string, said: '', trouble: '' });
  },

  leave() {
    this.setData({ asking: '' });
  },

  agree() {
    return act(this, async () => {
      await answerConsent('phone', this.data.text!.version, 'given');
      this.setData({ agreed: true, asking: '' });
      return '已同意。请再点一下，由微信把号码交给社区。';
    });
  },

  phone(event: WechatMiniprogram.ButtonGetPhoneNumber) {
    const { code, errMsg } = event.detail;
    return act(this, async () => {
      if (!code) {
        if (/deny|cancel/i.test(errMsg)) return '没有留手机号，照样能用。';
        throw new Failure('refused_here', '微信没有给出手机号，请过一会儿再试。');
      }
      try {
        this.setData(shown(await setPhone(code)));
      } catch (error) {
        // The text has changed meanwhile: show the new one.
        if (error instanceof Failure && error.code === 'consent_missing') this.setData({ agreed: false, asking: 'phone' });
        throw error;
      }
      return '手机号已留好。';
    });
  },

  drop() {
    return act(this, async () => {
      await answerConsent('phone', this.data.text!.version, 'withdrawn');
      this.setData({ ...shown(await readMe()), agreed: false, asking: '' });
      return '手机号已删除。';
    });
  },

  age(event: WechatMiniprogram.TouchEvent) {
    const group = event.currentTarget.dataset.group as Age;
    if (group === 'child') this.setData({ asking: 'child', said: '', trouble: '' });
    else void this.tell(group);
  },

  child() {
    return this.tell('child');
  },

  tell(group: Age) {
    return act(this, async () => {
      this.setData({ ...shown(await tellAge(group)), asking: '' });
      return '记下了，以后不再问。';
    });
  },

  copy() {
    void wx.setClipboardData({ data: this.data.number });
  },
});

function shown(me: MeOut) {
  return {
    name: me.person.name, parts: partsOf(me), phone: me.person.phone_masked, age: ageWords(me.age_group), number: me.person.key,
  };
}
