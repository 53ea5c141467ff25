import { type Answer, type Choices, FACES, type Satisfaction, fitting, readChoices } from '../../services/judgement';

/**
 * 您说了算: first one of three faces; then, if one likes, how fast, how kind and how good it was, ready answers and a
 * sentence. Nothing but the face has to be said, and nothing is sent before one presses.
 */
Component({
  properties: {
    caseKey: { type: String, value: '' },
    /** Whether one may rather say that it is not solved. */
    reopens: { type: Boolean, value: false },
    senior: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
    /** What was typed and not sent. */
    words: { type: String, value: '' },
  },
  data: {
    faces: FACES, chosen: '' as Satisfaction | '', chosenWords: '', choices: null as Choices | null, ready: [] as (Answer & { on: boolean })[],
    aspects: {} as Record<string, Satisfaction>, asksReopen: false,
  },
  lifetimes: {
    attached() {
      // Without the choices one judges all the same.
      void readChoices(this.data.caseKey).then((choices) => this.setData({ choices }), () => undefined);
    },
  },
  methods: {
    choose(event: WechatMiniprogram.TouchEvent) {
      const { value, words } = event.currentTarget.dataset as { value: Satisfaction; words: string };
      const ready = fitting(this.data.choices, value).map((one) => ({ ...one, on: false }));
      this.setData({ chosen: value, chosenWords: words, ready, asksReopen: false });
    },
    aspect(event: WechatMiniprogram.TouchEvent) {
      const { code, value } = event.currentTarget.dataset as { code: string; value: Satisfaction };
      const aspects = { ...this.data.aspects };
      if (aspects[code] === value) delete aspects[code];
      else aspects[code] = value;
      this.setData({ aspects });
    },
    answer(event: WechatMiniprogram.TouchEvent) {
      const code = event.currentTarget.dataset.code as string;
      const ready = this.data.ready.map((one) => (one.code === code ? { ...one, on: !one.on } : one));
      this.setData({ ready, asksReopen: ready.some((one) => one.on && one.asks_reopen) });
    },
    typed(event: WechatMiniprogram.TextareaInput) {
      this.triggerEvent('typed', { words: event.detail.value });
    },
    send() {
      const { chosen, aspects, ready, words } = this.data;
      const answers = ready.filter((one) => one.on).map((one) => one.code);
      if (chosen) this.triggerEvent('judge', { satisfaction: chosen, aspects, answers, note: words });
    },
    reopen() {
      this.triggerEvent('reopen');
    },
  },
});
