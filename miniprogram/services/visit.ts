/** Visits at doors: one that is being written down, those that were made, and what was heard at one door. */
import { now as clock } from '../core/clock';
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { VisitIn, VisitOut, VisitsOut } from '../types/api';

export type Visit = VisitsOut['visits'][number];
export type Kind = VisitIn['kind'];

/** What one comes for. */
export const KINDS: { kind: Kind; words: string; note: string }[] = [
  { kind: 'routine', words: '日常走访', note: '看看家里好不好' },
  { kind: 'care', words: '关爱走访', note: '老人、孩子、有难处的家庭' },
  { kind: 'safety', words: '安全走访', note: '用火、用电、用气' },
  { kind: 'mediation', words: '矛盾走访', note: '邻里之间有话要说' },
];
export const MOST_NEEDS = 5;

/** A visit that is being written down; it lives on this phone until it is sent. */
export interface Draft {
  household: string;
  /** The whole label of the door. */
  label: string;
  kind: Kind | '';
  met: boolean | null;
  note: string;
  needs: string[];
  /** When one stood at the door: milliseconds since 1970. */
  at: number;
}

const DRAFT = 'draft-visit';

/** One's own visits, or those of a community one administers (then masked), the newest first. */
export const listVisits = (cursor?: string | null) => get<VisitsOut>('/visits', { cursor });

/** What was heard at one door. Its people can read who looked. */
export const listOfDoor = (household: string, cursor?: string | null) => get<VisitsOut>('/visits', { household, cursor });

/** The visit that is being written down, null without one. */
export const draftVisit = (): Draft | null => wx.getStorageSync<Draft>(DRAFT) || null;

/** Begin one at a door, now. */
export const begin = (door: { key: string; label: string }, now = clock()): Draft =>
  keep({ household: door.key, label: door.label, kind: '', met: null, note: '', needs: [], at: now });

/** Keep what was written so far. */
export function keep(draft: Draft): Draft {
  wx.setStorageSync(DRAFT, draft);
  return draft;
}

/** It is sent, or given up. */
export const forget = () => wx.removeStorageSync(DRAFT);

/** What still has to be said before it can be sent, as a sentence; empty when nothing. */
export function lack(draft: Draft): string {
  if (!draft.kind) return '请选这次是哪一种走访。';
  if (draft.met === null) return '请选家里有没有人。';
  return '';
}

/** What is sent of it. */
export const bodyOf = (draft: Draft): VisitIn => ({
  household: draft.household, kind: draft.kind as Kind, met: draft.met === true, at: new Date(draft.at).toISOString(),
  note: draft.note.trim(), needs: draft.needs.map((need) => need.trim()).filter(Boolean),
});

/** Send it; without network it waits in the queue. Throws Failure. */
export const send = (draft: Draft): Promise<Sent<VisitOut>> =>
  perform<VisitOut>({ path: '/visits', body: bodyOf(draft) as unknown as Record<string, unknown>, title: `走访：${draft.label}` });
