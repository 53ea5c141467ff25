import { sentence } from '../../core/errors';
import { type PlaceOut, readPlaces } from '../../services/household';

const ASKS: Record<string, string> = {
  community: '您住在哪个社区？', compound: '哪个小区？', building: '哪栋楼？', unit: '哪个单元？', household: '哪一户？',
};
/** More than so many are hard to look through: one can type a part of the name. */
const FEW = 12;

/** Finds one household, level by level: one question at a time. Triggers `pick` with the household. */
Component({
  data: { way: [] as PlaceOut[], all: [] as PlaceOut[], places: [] as PlaceOut[], asks: ASKS.community, typed: '', many: false, busy: true, trouble: '' },
  lifetimes: {
    attached() {
      void this.open([]);
    },
  },
  methods: {
    async open(way: PlaceOut[]) {
      this.setData({ busy: true, trouble: '' });
      try {
        const all = await readPlaces(way[way.length - 1]?.key);
        this.setData({ way, all, places: all, typed: '', many: all.length > FEW, asks: ASKS[all[0]?.kind ?? ''] ?? '这里还没有登记住户', busy: false });
      } catch (error) {
        this.setData({ busy: false, trouble: sentence(error) });
      }
    },
    again() {
      return this.open(this.data.way);
    },
    back() {
      return this.open(this.data.way.slice(0, -1));
    },
    type(event: WechatMiniprogram.Input) {
      const typed = event.detail.value.trim();
      this.setData({ typed, places: this.data.all.filter((one) => one.name.includes(typed)) });
    },
    choose(event: WechatMiniprogram.TouchEvent) {
      if (this.data.busy) return;
      const place = this.data.places.find((one) => one.key === event.currentTarget.dataset.key)!;
      if (place.kind === 'household') this.triggerEvent('pick', { household: place, community: this.data.way[0] });
      else void this.open([...this.data.way, place]);
    },
  },
});
