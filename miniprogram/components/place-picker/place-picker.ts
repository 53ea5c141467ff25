import { sentence } from '../../core/errors';
import { readPlaces } from '../../services/household';
import { type PlaceOut, floorsOf } from '../../services/place';

const ASKS: Record<string, string> = {
  none: '哪个社区？', community: '哪个小区？', compound: '几号楼？', building: '几单元？', entrance_unit: '几层？',
};

interface Row { key: string; name: string; place: PlaceOut | null }

/** From the community down to the floor, one question at a time; one may stop at every level. */
Component({
  properties: {
    /** Where to begin: the community one knows, or null for all of them. */
    start: { type: Object, value: null as unknown as PlaceOut },
  },
  data: { trail: [] as PlaceOut[], rows: [] as Row[], asks: ASKS.none, loading: true, trouble: '' },
  lifetimes: {
    attached() {
      void this.enter(this.data.start ? [this.data.start] : []);
    },
  },
  methods: {
    async enter(trail: PlaceOut[]) {
      const last = trail[trail.length - 1];
      this.setData({ trail, asks: ASKS[last?.kind ?? 'none'] ?? '', rows: [], loading: true, trouble: '' });
      try {
        const inside = await readPlaces(last?.key);
        const rows = last?.kind === 'entrance_unit'
          ? floorsOf(inside).map((floor) => ({ key: `floor-${floor}`, name: `${floor} 层`, place: null }))
          : inside.map((place) => ({ key: place.key, name: place.name, place }));
        // Somebody may have gone on meanwhile.
        if (this.data.trail === trail || this.data.trail[this.data.trail.length - 1]?.key === last?.key) this.setData({ rows, loading: false });
      } catch (error) {
        this.setData({ loading: false, trouble: sentence(error) });
      }
    },
    choose(event: WechatMiniprogram.TouchEvent) {
      const row = this.data.rows[event.currentTarget.dataset.index as number];
      if (row === undefined) return;
      if (row.place) void this.enter([...this.data.trail, row.place]);
      else this.done(row.name);
    },
    stay() {
      this.done('');
    },
    done(floor: string) {
      const [community, ...way] = this.data.trail;
      if (community) this.triggerEvent('choose', { community, place: way[way.length - 1] ?? null, floor });
    },
    back() {
      if (this.data.trail.length) void this.enter(this.data.trail.slice(0, -1));
      else this.close();
    },
    again() {
      void this.enter(this.data.trail);
    },
    close() {
      this.triggerEvent('close');
    },
  },
});
