/** The grids one works in, and their doors one by one. */
import { get } from '../core/http';
import type { DoorsOut, GridsOut, PlacesOut } from '../types/api';

export type Grid = GridsOut['grids'][number];
export type Door = DoorsOut['households'][number];
export type Place = PlacesOut['places'][number];

const GRIDS = 'grids';
/** As many doors as one request gives. */
const PAGE = 100;
/** A building has fewer; what is beyond is reached by 再往下. */
const MOST_PAGES = 5;

/** The grids of a worker, or all of a community one administers; kept on this phone for when there is no network. */
export async function readGrids(): Promise<Grid[]> {
  const { grids } = await get<GridsOut>('/me/grids');
  wx.setStorageSync(GRIDS, grids);
  return grids;
}

/** The same as they were known last. */
export const lastGrids = (): Grid[] => wx.getStorageSync<Grid[]>(GRIDS) || [];

/** The doors of a building in their natural order: all of them up to some hundreds, and where it goes on. */
export async function readDoors(grid: string, building: string, from?: string): Promise<DoorsOut> {
  const households: Door[] = [];
  let cursor: string | undefined = from;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await get<DoorsOut>(`/me/grids/${grid}/households`, { building, cursor, limit: PAGE });
    households.push(...found.households);
    if (!found.next) return { households, next: null };
    cursor = found.next;
  }
  return { households, next: cursor ?? null };
}

/** The buildings of a compound; kept on this phone for when there is no network. Throws Failure. */
export async function readBuildings(compound: string): Promise<Place[]> {
  const places = (await get<PlacesOut>('/places', { parent: compound })).places.filter((place) => place.kind === 'building');
  wx.setStorageSync(`buildings-${compound}`, places);
  return places;
}

/** The same as they were known last. */
export const lastBuildings = (compound: string): Place[] => wx.getStorageSync<Place[]>(`buildings-${compound}`) || [];

/** The doors whose label has what was typed: "501", "2单元 501"; everything without a word. */
export function matching(doors: Door[], typed: string): Door[] {
  const words = typed.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  return doors.filter((door) => words.every((word) => door.label.toLowerCase().includes(word)));
}

/** The end of a door's label, which tells it from its neighbours: without what all of them begin with. */
export function short(label: string, building: string): string {
  return label.startsWith(building) ? label.slice(building.length).trim() || label : label;
}
