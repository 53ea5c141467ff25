/** What came of the last tap: good news with a tick, or what went wrong. It stays until the next tap. */
Component({
  properties: {
    said: { type: String, value: '' },
    trouble: { type: String, value: '' },
  },
});
