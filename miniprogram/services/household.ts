/** The households somebody lives in: bound by the community's code, asked for, and left. */
import { get, post, remove } from '../core/http';
import type { HomeOut, HomesOut, PlacesOut, PlacesOutPlaceOut as PlaceOut } from '../types/api';

export type { HomeOut, PlaceOut };
export type Relation = 'owner' | 'resident' | 'tenant' | 'family';

/** What one is to a household, in the order in which it is asked. */
export const RELATIONS: { relation: Relation; words: string; note: string }[] = [
  { relation: 'resident', words: '住在这里', note: '' },
  { relation: 'family', words: '户主的家人', note: '' },
  { relation: 'tenant', words: '租住', note: '' },
  { relation: 'owner', words: '业主', note: '要核对房产证明，由两位工作人员确认' },
];

/** Bound, asked for and lately refused, the newest first. */
export const readHomes = async () => (await get<HomesOut>('/me/households')).homes;

/** Bind a household by the code the community gave. */
export const bind = (code: string) => post<HomeOut>('/me/households', { code });

/** Ask the community to bind a household. */
export const ask = (household: string, relation: Relation) => post<HomeOut>('/me/households', { household, relation });

/** One has moved out, or takes a request back. */
export const leave = (key: string) => remove<void>(`/me/households/${key}`);

/** What lies in a place; without one the communities. */
export const readPlaces = async (parent = 'none') => (await get<PlacesOut>('/places', { parent })).places;

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 8;

/** A code as the service takes it, from what was typed or scanned; empty when there is none in it. */
export function codeIn(text: string): string {
  const plain = text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');
  const found = plain.length === LENGTH ? plain : (/(?:^|[?&#=/:：])([0-9A-Z]{8})$/.exec(plain)?.[1] ?? '');
  return [...found].every((letter) => ALPHABET.includes(letter)) ? found : '';
}

/** How a binding stands, for people. */
export function standing(home: HomeOut): string {
  const relation = RELATIONS.find((one) => one.relation === home.relation)?.words ?? '';
  if (home.state === 'confirmed') return relation ? `已绑定 · ${relation}` : '已绑定';
  if (home.state === 'asked') return `已申请，等${home.community.name}的工作人员确认`;
  return `${home.community.name}没有确认。请核对门牌，或带上证件到社区问一问，再申请一次。`;
}
