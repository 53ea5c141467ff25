import { BLANK, act, fill, pulled } from '../../core/acting';
import { look } from '../../core/look';
import { type Answer, type Consent, type Kind, type Text, answerConsent, answerWords, readConsents, readTexts } from '../../services/consent';

type Row = Text & { state: string; words: string };

/** Agreements one by one: the text, how one answered, and the same tap for yes, no and taking it back. */
Page({
  behaviors: [look],
  data: { ...BLANK, person: '', name: '', rows: [] as Row[], open: '' },

  onLoad(query: { person?: string; name?: string; kind?: string }) {
    this.setData({ person: query.person ?? '', name: decodeURIComponent(query.name ?? ''), open: query.kind ?? '' });
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => {
      const [texts, answers] = await Promise.all([readTexts(), readConsents(this.data.person || undefined)]);
      return { rows: rows(texts, answers, this.data.person !== '') };
    });
  },

  toggle(event: WechatMiniprogram.TouchEvent) {
    const kind = event.currentTarget.dataset.kind as string;
    this.setData({ open: this.data.open === kind ? '' : kind });
  },

  answer(event: WechatMiniprogram.TouchEvent) {
    const { kind, version, answer } = event.currentTarget.dataset as { kind: Kind; version: number; answer: Answer };
    return act(this, async () => {
      const answers = await answerConsent(kind, version, answer, this.data.person || undefined);
      this.setData({ rows: rows(this.data.rows, answers, this.data.person !== '') });
      return { given: '已记下：同意。', refused: '已记下：不同意。', withdrawn: '已撤回，马上生效。' }[answer];
    });
  },
});

/** What concerns this person: a guardian's agreement only for the child one acts for. */
function rows(texts: Text[], answers: Consent[], another: boolean): Row[] {
  return texts
    .filter((text) => another || text.kind !== 'child')
    .map((text) => {
      const found = answers.find((one) => one.kind === text.kind);
      return { ...text, state: found?.state ?? 'not_asked', words: found ? answerWords(found) : '' };
    });
}
