/** A patrol of the own grid: what to look at, what was found so far, and those that were made. */
import { now as clock } from '../core/clock';
import { drop } from '../core/files';
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { ItemsOut, PatrolIn, PatrolOut, PatrolsOut } from '../types/api';

export type Item = ItemsOut['items'][number];
export type Patrol = PatrolsOut['patrols'][number];

/** What was found at an item so far: `ok` is null before one has said it. */
export interface Found {
  item: string;
  name: string;
  asks: string;
  ok: boolean | null;
  note: string;
  /** Photos on this phone. */
  files: string[];
}

/** A patrol that is being made; it lives on this phone until it is sent. */
export interface Draft {
  grid: string;
  name: string;
  /** Milliseconds since 1970. */
  started: number;
  /** When something was last said in it. */
  touched: number;
  note: string;
  checks: Found[];
}

const DRAFT = 'draft-patrol';
const LONGEST = 12 * 3600_000;

/** What is looked at in a community; kept on this phone for when there is no network. Throws Failure. */
export async function readItems(community: string): Promise<Item[]> {
  const { items } = await get<ItemsOut>('/patrols/items', { community });
  wx.setStorageSync(`patrol-items-${community}`, items);
  return items;
}

/** The same as it was known last. */
export const lastItems = (community: string): Item[] => wx.getStorageSync<Item[]>(`patrol-items-${community}`) || [];

/** One's own patrols, or those of a community one administers, the newest first. */
export const listPatrols = (cursor?: string | null) => get<PatrolsOut>('/patrols', { cursor });

/** The patrol that is being made, null without one. */
export const draftPatrol = (): Draft | null => wx.getStorageSync<Draft>(DRAFT) || null;

/** Begin one, now. */
export function begin(grid: { key: string; name: string }, items: Item[], now = clock()): Draft {
  const checks = items.map(({ code, name, asks }) => ({ item: code, name, asks, ok: null, note: '', files: [] }));
  return keep({ grid: grid.key, name: grid.name, started: now, touched: now, note: '', checks });
}

/** Keep what was found so far. */
export function keep(draft: Draft): Draft {
  wx.setStorageSync(DRAFT, draft);
  return draft;
}

/** Give it up, or it is sent: nothing of it stays on this phone but what waits in the queue. */
export function forget(draft: Draft, files: boolean): void {
  if (files) draft.checks.flatMap((found) => found.files).forEach(drop);
  wx.removeStorageSync(DRAFT);
}

/** What still has to be said before it can be sent, as a sentence; empty when nothing. */
export function lack(draft: Draft): string {
  const said = draft.checks.filter((found) => found.ok !== null);
  if (!said.length) return '请至少查看一项，选“正常”或“有问题”。';
  const mute = said.find((found) => found.ok === false && !found.note.trim() && !found.files.length);
  return mute ? `“${mute.name}”有问题，请写一句，或拍张照片。` : '';
}

/** How far one is: "查了 3 项，还有 7 项；1 项有问题". */
export function progress(draft: Draft): string {
  const said = draft.checks.filter((found) => found.ok !== null).length;
  const wrong = draft.checks.filter((found) => found.ok === false).length;
  const left = draft.checks.length - said;
  return `查了 ${said} 项${left ? `，还有 ${left} 项` : '，都查完了'}${wrong ? `；${wrong} 项有问题` : ''}`;
}

/** When it ended: now, or, when somebody forgot to finish it yesterday, when something was last said in it. */
export const endOf = (draft: Draft, now = clock()) => (now - draft.started > LONGEST ? Math.max(draft.touched, draft.started) : now);

/** What is sent of it: the items that were looked at. */
export function bodyOf(draft: Draft, now = clock()): PatrolIn {
  const moment = (at: number) => new Date(at).toISOString();
  return {
    grid: draft.grid, started_at: moment(draft.started), ended_at: moment(endOf(draft, now)), note: draft.note.trim(),
    checks: looked(draft).map((found) => ({ item: found.item, ok: found.ok === true, note: wrongWords(found), photos: [], case: null })),
  };
}

/** Send it whole with its photos; without network it waits in the queue. Throws Failure. */
export function send(draft: Draft): Promise<Sent<PatrolOut>> {
  const attachments = looked(draft).flatMap((found, index) =>
    found.ok ? [] : found.files.map((file) => ({ path: '/photos' as const, list: `checks.${index}.photos`, file })),
  );
  return perform<PatrolOut>({
    path: '/patrols', body: bodyOf(draft) as unknown as Record<string, unknown>, attachments, title: `巡查：${draft.name}`,
  });
}

const looked = (draft: Draft) => draft.checks.filter((found) => found.ok !== null);
/** What was written before one changed one's mind does not go out. */
const wrongWords = (found: Found) => (found.ok ? '' : found.note.trim());
