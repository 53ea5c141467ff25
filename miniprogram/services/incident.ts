/** Telling of an emergency: one tap, nothing mandatory, the telephone first. */
import type { Point } from '../core/coordinates';
import { type Sent, perform } from '../core/queue';
import type { IncidentOut, IncidentIn } from '../types/api';

export type Kind = NonNullable<IncidentIn['kind']>;

/** What it can be, the most frequent first; the last for all the rest. */
export const KINDS: { kind: Kind; words: string; phone: string }[] = [
  { kind: 'fire', words: '着火、冒烟', phone: '119' },
  { kind: 'person', words: '有人受伤、走失', phone: '120' },
  { kind: 'gas', words: '燃气漏了', phone: '119' },
  { kind: 'collapse', words: '塌了、要掉下来', phone: '119' },
  { kind: 'water_power', words: '爆管、大面积停电', phone: '' },
  { kind: 'other', words: '别的突发情况', phone: '110' },
];

/** The four numbers that come before every app. */
export const PHONES = [
  { name: '报警', phone: '110' }, { name: '火警', phone: '119' }, { name: '急救', phone: '120' }, { name: '交通事故', phone: '122' },
];

export interface Incident {
  kind: Kind;
  words: string;
  files: string[];
  /** WGS-84. */
  point: Point | null;
}

/** Tell it up the whole chain at once; without network it waits and goes out by itself. Throws Failure. */
export function raise(incident: Incident): Promise<Sent<IncidentOut>> {
  const { kind, words, files, point } = incident;
  return perform<IncidentOut>({
    path: '/incidents',
    body: { kind, words: words.trim(), point },
    attachments: files.map((file) => ({ path: '/photos' as const, list: 'photos', file })),
    title: `突发事件：${KINDS.find((one) => one.kind === kind)?.words ?? ''}`,
  });
}
