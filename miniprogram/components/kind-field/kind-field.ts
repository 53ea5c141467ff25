import { sentence } from '../../core/errors';
import { type Category, readCategories } from '../../services/category';
import { type Suggestion, suggest } from '../../services/suggestion';

/** Milliseconds after the last letter before the service is asked what it may be about. */
const PAUSE = 600;
const PHONES = [{ name: '报警', phone: '110' }, { name: '火警', phone: '119' }, { name: '急救', phone: '120' }];

/** What waits and which question was asked last: an answer to an older one is late. */
const asked = new WeakMap<object, { clock: number; turn: number }>();

/**
 * What kind of matter it is: guessed from the words with the reason, corrected by one tap, never settled in silence.
 * What is dangerous says first whom to call.
 */
Component({
  properties: {
    /** A community's key; empty while none is known. */
    community: { type: String, value: '' },
    words: { type: String, value: '' },
    category: { type: Object, value: null as unknown as Category },
    /** Whether a person chose it: it is guessed no more then. */
    chosen: { type: Boolean, value: false },
  },
  data: {
    phones: PHONES, suggestions: [] as Suggestion[], because: '', unasked: false, listing: false, categories: [] as Category[], trouble: '',
  },
  observers: {
    'community, words'() {
      const now = asked.get(this);
      if (!now) return;
      clearTimeout(now.clock);
      now.clock = setTimeout(() => void this.guess(), PAUSE) as unknown as number;
    },
  },
  lifetimes: {
    attached() {
      asked.set(this, { clock: 0, turn: 0 });
      void this.guess();
    },
    detached() {
      clearTimeout(asked.get(this)?.clock ?? 0);
      asked.delete(this);
    },
  },
  methods: {
    async guess() {
      const { community, words, chosen } = this.data;
      const now = asked.get(this);
      if (!now || chosen || !community) return;
      const turn = ++now.turn;
      try {
        const suggestions = await suggest(community, words);
        if (turn !== now.turn || this.data.chosen) return;
        const category = suggestions[0]?.category ?? null;
        this.setData({ suggestions, because: suggestions[0]?.because ?? '', unasked: false });
        if (category?.code !== this.data.category?.code) this.triggerEvent('change', { category, chosen: false });
      } catch {
        if (turn === now.turn) this.setData({ unasked: true });
      }
    },
    choose(event: WechatMiniprogram.TouchEvent) {
      const code = event.currentTarget.dataset.code as string;
      const known = [...this.data.suggestions.map((one) => one.category), ...this.data.categories];
      const category = known.find((one) => one.code === code);
      this.setData({ listing: false, trouble: '' });
      if (category) this.triggerEvent('change', { category, chosen: true });
    },
    async list() {
      const { community } = this.data;
      if (!community) {
        this.setData({ trouble: '请先选在哪里，再选类别；不选也行，社区会按您说的分。' });
        return;
      }
      try {
        this.setData({ categories: await readCategories(community), listing: true, trouble: '' });
      } catch (error) {
        this.setData({ trouble: `${sentence(error)}不选类别也能发送，社区会按您说的分。` });
      }
    },
    close() {
      this.setData({ listing: false });
    },
    call(event: WechatMiniprogram.TouchEvent) {
      // Whoever changes the mind in the dialogue of the phone has done nothing wrong.
      void wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.phone as string, fail: () => undefined });
    },
  },
});
