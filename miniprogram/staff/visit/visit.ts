import { now as clock } from '../../core/clock';
import { Failure, sentence } from '../../core/errors';
import { near } from '../../core/hours';
import { look } from '../../core/look';
import { day } from '../../services/case';
import {
  type Door, type Grid, type Place, lastBuildings, lastGrids, matching, readBuildings, readDoors, readGrids, short,
} from '../../services/grid';
import { type Draft, KINDS, type Kind, MOST_NEEDS, begin, draftVisit, forget, keep, lack, send } from '../../services/visit';

const WAITS = '还没发出去：现在没有网络。已存在手机里，连上后自动发出。';
/** More doors than this on one screen nobody reads: a word narrows them down. */
const SHOWN = 60;

type Building = Place & { grid: string };

Page({
  behaviors: [look],
  data: {
    state: 'loading', message: '', stranger: false, said: '', trouble: '', waits: '', busy: false, giving: false,
    kinds: KINDS, mostNeeds: MOST_NEEDS, compound: null as Building | null, buildings: [] as Building[], building: null as Building | null,
    doors: [] as object[], found: 0, typed: '', more: false, finding: false, draft: null as Draft | null, at: '',
  },
  places: [] as Building[],
  all: [] as Door[],
  next: null as string | null,

  onLoad() {
    this.take(draftVisit());
    return this.load();
  },

  async load() {
    if (this.data.draft) {
      this.setData({ state: 'ready' });
      return;
    }
    try {
      this.show(await readGrids());
    } catch (error) {
      const grids = lastGrids();
      if (error instanceof Failure && error.status === 403) this.setData({ state: 'ready', stranger: true });
      else if (grids.length) this.show(grids);
      else this.setData({ state: 'failed', message: sentence(error) });
    }
  },

  show(grids: Grid[]) {
    this.places = grids.flatMap((grid) => grid.places.map((place) => ({ ...place, grid: grid.key })));
    this.setData({ state: 'ready', buildings: this.places, compound: null, stranger: !grids.length });
  },

  /** A compound has buildings to choose from; in a building one chooses the door. */
  choose(event: WechatMiniprogram.TouchEvent) {
    const place = this.data.buildings.find((one) => one.key === event.currentTarget.dataset.key);
    if (place === undefined) return;
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    void (place.kind === 'building' ? this.enter(place) : this.chooseCompound(place));
  },

  async chooseCompound(compound: Building) {
    this.setData({ finding: true, trouble: '', said: '', waits: '' });
    const known = await readBuildings(compound.key).catch((error: unknown) => {
      const last = lastBuildings(compound.key);
      if (!last.length) this.setData({ trouble: sentence(error) });
      return last;
    });
    this.setData({ finding: false });
    if (known.length) this.setData({ compound, buildings: known.map((place) => ({ ...place, grid: compound.grid })) });
  },

  async enter(building: Building) {
    this.all = [];
    this.next = null;
    this.setData({ building, doors: [], found: 0, typed: '', more: false, said: '', waits: '', trouble: '' });
    await this.further();
  },

  /** The doors of the building; when it has very many, the ones after those that are here. */
  async further() {
    const building = this.data.building;
    if (building === null || this.data.finding) return;
    this.setData({ finding: true, trouble: '' });
    try {
      const page = await readDoors(building.grid, building.key, this.next ?? undefined);
      this.all = [...this.all, ...page.households];
      this.next = page.next;
      this.sift();
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ finding: false });
    }
  },

  search(event: WechatMiniprogram.Input) {
    this.setData({ typed: event.detail.value });
    this.sift();
  },

  sift() {
    const found = matching(this.all, this.data.typed);
    const doors = found.slice(0, SHOWN).map((door) => ({
      ...door, name: short(door.label, this.data.building?.label ?? ''), last: door.last_visit_at ? `${day(door.last_visit_at)}走访过` : '还没有走访过',
    }));
    this.setData({ doors, found: found.length, more: this.next !== null });
  },

  otherCompound() {
    this.setData({ compound: null, buildings: this.places, trouble: '' });
  },

  otherBuilding() {
    this.setData({ building: null, doors: [], typed: '', trouble: '' });
  },

  start(event: WechatMiniprogram.TouchEvent) {
    const door = this.all.find((one: Door) => one.key === event.currentTarget.dataset.key);
    if (door === undefined) return;
    this.take(begin(door));
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },

  take(draft: Draft | null) {
    this.setData({ draft, giving: false, at: draft ? near(new Date(draft.at).toISOString()) : '' });
  },

  change(news: Partial<Draft>) {
    if (this.data.draft) this.take(keep({ ...this.data.draft, ...news }));
    this.setData({ trouble: '' });
  },

  chooseKind(event: WechatMiniprogram.TouchEvent) {
    this.change({ kind: event.currentTarget.dataset.kind as Kind });
  },

  chooseMet(event: WechatMiniprogram.TouchEvent) {
    this.change({ met: event.currentTarget.dataset.met as boolean });
  },

  typedNote(event: WechatMiniprogram.TextareaInput) {
    this.change({ note: event.detail.value });
  },

  typedNeed(event: WechatMiniprogram.Input) {
    const at = event.currentTarget.dataset.index as number;
    this.change({ needs: (this.data.draft?.needs ?? []).map((need, index) => (index === at ? event.detail.value : need)) });
  },

  addNeed() {
    this.change({ needs: [...(this.data.draft?.needs ?? []), ''] });
  },

  dropNeed(event: WechatMiniprogram.TouchEvent) {
    const at = event.currentTarget.dataset.index as number;
    this.change({ needs: (this.data.draft?.needs ?? []).filter((_, index) => index !== at) });
  },

  justNow() {
    this.change({ at: clock() });
  },

  async finish() {
    const { draft, busy } = this.data;
    if (draft === null || busy) return;
    const missing = lack(draft);
    if (missing) {
      this.setData({ trouble: missing });
      return;
    }
    this.setData({ busy: true, trouble: '' });
    try {
      const { answer } = await send(draft);
      forget();
      this.take(null);
      this.setData({ said: answer ? `已记下：走访${draft.label}。` : '', waits: answer ? '' : WAITS });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
      void this.load();
    } catch (error) {
      this.setData({ trouble: sentence(error) });
    } finally {
      this.setData({ busy: false });
    }
  },

  history() {
    void wx.navigateTo({ url: `/staff/visits/visits?household=${this.data.draft?.household ?? ''}` });
  },

  ask() {
    this.setData({ giving: true });
  },

  stay() {
    this.setData({ giving: false });
  },

  giveUp() {
    forget();
    this.take(null);
    void this.load();
  },

  home() {
    void wx.switchTab({ url: '/pages/home/home' });
  },
});
