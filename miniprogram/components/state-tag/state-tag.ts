import { lookOfState } from '../../services/case';

/** A state as a word and a shape; the colour only goes along. */
Component({
  properties: {
    /** A state of CASE; empty for what is public, which says its words only. */
    state: { type: String, value: '' },
    words: { type: String, value: '' },
  },
  data: lookOfState(''),
  observers: {
    state(state: string) {
      this.setData(lookOfState(state));
    },
  },
});
