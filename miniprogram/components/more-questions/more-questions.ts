import { now } from '../../core/clock';
import { type Ask, type Replies, type Reply, type Stop, askedNow, numberOf, pruned, stopOf } from '../../services/questionnaire';

/** Milliseconds that Asia/Shanghai is ahead of UTC. */
const CHINA = 8 * 3600_000;

/**
 * A few more questions about this kind of matter, all of them optional. An answer that tells of a person in danger says
 * first whom to call, and the report goes on as an emergency.
 */
Component({
  properties: {
    questions: { type: Array, value: [] as Ask[] },
    replies: { type: Object, value: {} as Replies },
  },
  data: { asked: [] as object[], stop: null as Stop | null, trouble: '', today: '' },
  observers: {
    'questions, replies'() {
      this.show();
    },
  },
  lifetimes: {
    attached() {
      this.setData({ today: new Date(now() + CHINA).toISOString().slice(0, 10) });
      this.show();
    },
  },
  methods: {
    show() {
      const { questions, replies } = this.data as unknown as { questions: Ask[]; replies: Replies };
      const asked = askedNow(questions, replies).map((one) => {
        const reply = replies[one.code];
        const yesNo = [{ value: true, words: '是' }, { value: false, words: '不是' }];
        const choices = one.kind === 'yes_no' ? yesNo : one.options.map((option) => ({ value: option.code, words: option.words }));
        return { ...one, choices: choices.map((choice) => ({ ...choice, on: reply === choice.value })), reply: reply === undefined ? '' : String(reply) };
      });
      this.setData({ asked, stop: stopOf(questions, replies) });
    },
    reply(code: string, value: Reply | null) {
      const { questions, replies } = this.data as unknown as { questions: Ask[]; replies: Replies };
      const next = { ...replies };
      if (value === null) delete next[code];
      else next[code] = value;
      this.triggerEvent('change', { replies: pruned(questions, next) });
    },
    choose(event: WechatMiniprogram.TouchEvent) {
      const { code, value, on } = event.currentTarget.dataset as { code: string; value: Reply; on: boolean };
      // A second tap takes it back.
      this.reply(code, on ? null : value);
    },
    typed(event: WechatMiniprogram.Input) {
      const { code } = event.currentTarget.dataset as { code: string };
      const said = event.detail.value.trim();
      this.reply(code, said || null);
    },
    counted(event: WechatMiniprogram.Input) {
      const { code } = event.currentTarget.dataset as { code: string };
      const question = (this.data.questions as Ask[]).find((one) => one.code === code) as Ask;
      const value = numberOf(question, event.detail.value);
      const wrong = value === null && event.detail.value.trim() !== '';
      this.setData({ trouble: wrong ? `请填 ${question.min ?? ''} 到 ${question.max ?? ''} 之间的数字，不填也行。` : '' });
      this.reply(code, value);
    },
    picked(event: WechatMiniprogram.PickerChange) {
      this.reply((event.currentTarget.dataset as { code: string }).code, String(event.detail.value));
    },
    call(event: WechatMiniprogram.TouchEvent) {
      void wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.phone as string, fail: () => undefined });
    },
  },
});
