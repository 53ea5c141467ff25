import type { Text } from '../../services/consent';

/** A text one is asked to agree to before something goes on; no is as easy as yes. */
Component({
  properties: {
    /** A Text of services/consent. */
    text: { type: Object, value: {} as Text },
    /** What the no does: "不同意，不带位置发送". */
    no: { type: String, value: '不同意' },
    busy: { type: Boolean, value: false },
  },
  methods: {
    agree() {
      this.triggerEvent('yes');
    },
    refuse() {
      this.triggerEvent('no');
    },
  },
});
