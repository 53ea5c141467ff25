import { sentence } from '../../core/errors';
import { look } from '../../core/look';
import { readMe } from '../../services/me';

Page({
  behaviors: [look],
  data: { state: 'loading', message: '', name: '', address: '' },
  async onLoad() {
    await this.load();
  },
  async load() {
    try {
      const me = await readMe();
      this.setData({ state: 'ready', name: me.person.name, address: me.homes[0]?.household.label ?? '还没有绑定住址' });
    } catch (error) {
      this.setData({ state: 'failed', message: sentence(error) });
    }
  },
});
