/** Where something is: by the way down from the community, by a code on the wall, by a pin on the map, or at home. */
import { Failure } from '../core/errors';
import { get } from '../core/http';
import type { PlaceWayOut, PlaceWayOutPlaceOut } from '../types/api';
import { readDoor } from './door';

export type PlaceOut = PlaceWayOutPlaceOut;

/** A place of a community with its community; `floor` is said in words, no place of its own. */
export interface Spot {
  community: PlaceOut;
  /** Null: only the community is known. */
  place: PlaceOut | null;
  floor: string;
}
/** A pin on the map, in the coordinates of the map (GCJ-02). */
export interface Pin {
  lat: number;
  lng: number;
  /** What the map calls it. */
  name: string;
}

const HOME = 'home-spot';

/** The way down to a place, as a link or a scanned code names it. Throws Failure. */
export const readPlace = (key: string) => get<PlaceWayOut>(`/places/${encodeURIComponent(key)}`);

/** The place that a key names, as a spot. Throws Failure. */
export async function spotOf(key: string): Promise<Spot> {
  const { place, community } = await readPlace(key);
  return { community, place: place.key === community.key ? null : place, floor: '' };
}

/** The own building, where most of what one reports is; null without a home. Kept for when there is no network. */
export async function homeSpot(): Promise<Spot | null> {
  try {
    const spot = await readHome();
    wx.setStorageSync(HOME, spot);
    return spot;
  } catch {
    return wx.getStorageSync<Spot>(HOME) || null;
  }
}

async function readHome(): Promise<Spot | null> {
  const { place, community } = await readDoor();
  if (!place || !community) return null;
  if (place.key === community.key) return { community, place: null, floor: '' };
  const { path } = await readPlace(place.key);
  const building = [...path].reverse().find((one) => one.kind === 'building' || one.kind === 'compound');
  return { community, place: building ?? place, floor: '' };
}

/** What a spot is called: "幸福家园 3号楼 2单元 5 层". */
export const spotWords = (spot: Spot) => [spot.place?.label ?? spot.community.name, spot.floor].filter(Boolean).join(' ');

/** The floors of an entrance by the numbers on its doors, the lowest first: "501" and "1203" are on 5 and 12. */
export function floorsOf(doors: Pick<PlaceOut, 'name'>[]): number[] {
  const floors = doors.map(({ name }) => Number(/^(\d{1,2})\d{2}(?!\d)/.exec(name)?.[1] ?? NaN)).filter((floor) => floor > 0);
  return [...new Set(floors)].sort((a, b) => a - b);
}

/** The key of a place in what a code on the wall says, as WeChat gives it: "p=…", "…?scene=p%3D…"; empty without one. */
export function placeIn(said: string): string {
  const scene = /[?&]scene=([^&]*)/.exec(said)?.[1] ?? said;
  return /^p=([A-Za-z0-9_-]{1,64})$/.exec(unescaped(scene))?.[1] ?? '';
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Scan a code on the wall; the key of its place, empty when one turned back. Throws Failure. */
export function scanPlace(): Promise<string> {
  return new Promise((resolve, reject) =>
    wx.scanCode({
      success: (found) => {
        const key = placeIn(found.path ?? '') || placeIn(found.result ?? '');
        if (key) resolve(key);
        else reject(new Failure('no_place', '这不是小区的上报码。请扫贴在楼门口的码，或者从列表里选。'));
      },
      fail: ({ errMsg }) =>
        /cancel/i.test(errMsg) ? resolve('') : reject(new Failure('no_camera', '现在不能扫码。请从列表里选，或者写几个字说在哪里。')),
    }),
  );
}

/** Choose a place on the map; null when one turned back. Throws Failure. */
export function choosePin(at: Pin | null): Promise<Pin | null> {
  return new Promise((resolve, reject) =>
    wx.chooseLocation({
      ...(at && { latitude: at.lat, longitude: at.lng }),
      success: ({ latitude, longitude, name, address }) =>
        resolve({ lat: Number(latitude), lng: Number(longitude), name: name || address || '' }),
      fail: ({ errMsg }) =>
        /cancel/i.test(errMsg)
          ? resolve(null)
          : reject(new Failure('no_map', '没有得到位置的允许，不要紧：从列表里选，或者写几个字说在哪里，一样能报。')),
    }),
  );
}
