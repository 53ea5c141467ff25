/** What holds a page: how large things are, the bones while it loads, and what to do when it could not be loaded. */
Component({
  options: { multipleSlots: false },
  properties: {
    /** From the behaviour `look` of the page. */
    look: { type: Object, value: { senior: false } },
    /** loading, failed or ready. */
    state: { type: String, value: 'ready' },
    /** Why it failed: a sentence that says what to do. */
    message: { type: String, value: '' },
  },
  methods: {
    retry() {
      this.triggerEvent('retry');
    },
  },
});
