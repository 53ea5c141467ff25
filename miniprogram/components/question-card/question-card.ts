import type { Question } from '../../services/question';

/** What the community wants to know, and the answer: a sentence, a photo, or both. */
Component({
  properties: {
    question: { type: Object, value: null as unknown as Question },
    busy: { type: Boolean, value: false },
  },
  data: { words: '', files: [] as string[], trouble: '' },
  methods: {
    typed(event: WechatMiniprogram.TextareaInput) {
      this.setData({ words: event.detail.value, trouble: '' });
    },
    photos(event: WechatMiniprogram.CustomEvent<{ files: string[] }>) {
      this.setData({ files: event.detail.files, trouble: '' });
    },
    send() {
      const { words, files } = this.data;
      if (!words.trim() && !files.length) this.setData({ trouble: '请写一句话，或加一张照片。' });
      else this.triggerEvent('answer', { words, files });
    },
  },
});
