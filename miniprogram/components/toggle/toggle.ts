/** On or off: the whole row is the target, and it says in words how it stands. */
Component({
  properties: {
    icon: { type: String, value: '' },
    title: { type: String, value: '' },
    note: { type: String, value: '' },
    on: { type: Boolean, value: false },
  },
  methods: {
    turn() {
      this.triggerEvent('turn', { on: !this.data.on });
    },
  },
});
