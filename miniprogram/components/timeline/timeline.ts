import { type Step, iconOfStep } from '../../services/case';

/** What happened, the newest first: a shape, who did what, when, and the words said with it. */
Component({
  properties: {
    /** The steps of a CaseOut, the oldest first. */
    steps: { type: Array, value: [] as Step[] },
  },
  data: { rows: [] as object[] },
  observers: {
    steps(steps: Step[]) {
      const rows = steps.map((step, id) => ({
        id, icon: iconOfStep(step.verb), words: step.verb_words, who: step.mine ? '您' : step.who, note: step.note, near: step.near,
      }));
      this.setData({ rows: rows.reverse() });
    },
  },
});
