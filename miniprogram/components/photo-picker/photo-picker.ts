import { sentence } from '../../core/errors';
import { drop } from '../../core/files';
import { choosePhotos } from '../../services/photo';

/** Photos that are to go with something: taken or chosen, seen, taken out again. */
Component({
  properties: {
    /** Their paths on this phone. */
    files: { type: Array, value: [] as string[] },
    /** At most so many. */
    most: { type: Number, value: 9 },
    /** What they show, for who cannot see them. */
    label: { type: String, value: '' },
    /** Buttons as large as the first thing one does. */
    large: { type: Boolean, value: false },
  },
  data: { busy: false, trouble: '' },
  methods: {
    camera() {
      return this.add('camera');
    },
    album() {
      return this.add('album');
    },
    async add(from: 'camera' | 'album') {
      const room = this.data.most - this.data.files.length;
      if (this.data.busy || room < 1) return;
      this.setData({ busy: true, trouble: '' });
      try {
        const { files, trouble } = await choosePhotos(room, from);
        this.setData({ trouble });
        if (files.length) this.triggerEvent('change', { files: [...this.data.files, ...files].slice(0, this.data.most) });
      } catch (error) {
        this.setData({ trouble: sentence(error) });
      } finally {
        this.setData({ busy: false });
      }
    },
    remove(event: WechatMiniprogram.TouchEvent) {
      const index = event.currentTarget.dataset.index as number;
      drop(this.data.files[index]);
      this.setData({ trouble: '' });
      this.triggerEvent('change', { files: this.data.files.filter((_, at) => at !== index) });
    },
    look(event: WechatMiniprogram.TouchEvent) {
      const urls = this.data.files;
      void wx.previewImage({ urls, current: urls[event.currentTarget.dataset.index as number] });
    },
  },
});
