/** Nothing here yet, and what one can do about it. */
Component({
  properties: {
    icon: { type: String, value: 'list' },
    words: { type: String, value: '' },
    /** What the button says; without it there is none. */
    action: { type: String, value: '' },
  },
  methods: {
    act() {
      this.triggerEvent('act');
    },
  },
});
