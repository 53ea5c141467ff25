/** A piece of a case in a list: who answers for it by when. */
Component({
  properties: {
    item: { type: Object, value: null as unknown as object },
    /** Whose case it is stands above the list already. */
    inside: { type: Boolean, value: false },
  },
  methods: {
    open() {
      void wx.navigateTo({ url: `/staff/piece/piece?key=${(this.data.item as { key: string }).key}` });
    },
  },
});
