/** Asked once more before something is done that cannot be undone. It follows the size of the text, and waits. */
Component({
  properties: {
    words: { type: String, value: '' },
    yes: { type: String, value: '确定' },
    no: { type: String, value: '不了' },
    busy: { type: Boolean, value: false },
  },
  methods: {
    agree() {
      this.triggerEvent('yes');
    },
    leave() {
      this.triggerEvent('no');
    },
  },
});
