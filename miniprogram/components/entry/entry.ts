/** A row that leads somewhere: what it is, how it stands, and an arrow. */
Component({
  properties: {
    icon: { type: String, value: '' },
    title: { type: String, value: '' },
    /** Soft words below the title. */
    note: { type: String, value: '' },
    /** Something waits there: said in amber. */
    wants: { type: String, value: '' },
    url: { type: String, value: '' },
  },
  methods: {
    go() {
      if (this.data.url) wx.navigateTo({ url: this.data.url });
      else this.triggerEvent('go');
    },
  },
});
