/** The talk with the community: the same thread as in the official account. */
import { get } from '../core/http';
import { type Deed, type Sent, perform, waiting } from '../core/queue';
import type { SaidOut, TalkOut } from '../types/api';

export type Line = TalkOut['lines'][number];

/** A piece of what was said: plain words, or the number of a case that can be opened. */
export interface Piece {
  /** Which of the pieces it is. */
  at: number;
  text: string;
  /** The number of a case, 0 for plain words. */
  number: number;
}

const LINES = '/conversation/lines';
const PHOTOS = '/conversation/photos';
/** As the service reads it (app/rules/words.py): a number of a case has four digits at least and a # before it. */
const NUMBERED = /[#＃]\s*([0-9]{4,9})(?![0-9])/g;

/** The newest lines, the newest last; `cursor` is `earlier` of the page before. */
export const readTalk = (cursor?: string) => get<TalkOut>('/conversation', { cursor });

/** Say something, under a key that a second try keeps; without network it waits in the queue. */
export const say = (text: string, key: string): Promise<Sent<SaidOut>> =>
  perform<SaidOut>({ path: LINES, body: { text }, title: `对话：${text.slice(0, 20)}`, key });

/** Send a photo of this phone; without network it waits in the queue. */
export const show = (file: string, key: string): Promise<Sent<SaidOut>> =>
  perform<SaidOut>({ path: PHOTOS, body: {}, attachments: [{ path: '/photos', list: 'photo', file, one: true }], title: '对话：照片', key });

/** What of the talk waits in the queue, the oldest first. */
export const unsent = (): Deed[] => waiting().filter((deed) => deed.path === LINES || deed.path === PHOTOS);

/** What was said, cut at the numbers of cases. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  const add = (piece: string, number: number) => piece && found.push({ at: found.length, text: piece, number });
  let from = 0;
  for (const match of text.matchAll(NUMBERED)) {
    add(text.slice(from, match.index), 0);
    add(match[0], Number(match[1]));
    from = match.index + match[0].length;
  }
  add(text.slice(from), 0);
  return found;
}

/** Two pages of one talk as one, each line once; a line told anew takes the place of the old one. */
export function merged(old: Line[], fresh: Line[]): Line[] {
  const news = new Map(fresh.map((line) => [line.key, line]));
  const kept = old.map((line) => news.get(line.key) ?? line);
  const held = new Set(old.map((line) => line.key));
  return [...kept, ...fresh.filter((line) => !held.has(line.key))];
}
