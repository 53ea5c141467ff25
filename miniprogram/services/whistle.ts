/** 社区吹哨、部门报到: calling units, one of them the lead. */
import { type Sent, perform } from '../core/queue';
import type { CaseOut, WhistleOut } from '../types/api';

/** Why one blows, and by when the units report in (the service has the exact limit). */
export const KINDS = [
  { kind: 'emergency', words: '应急处置', soon: '30 分钟内报到' },
  { kind: 'enforcement', words: '综合执法', soon: '2 个工作小时内报到' },
  { kind: 'key_work', words: '重点工作', soon: '1 个工作日内报到' },
  { kind: 'public_appeal', words: '群众诉求', soon: '2 个工作日内报到' },
] as const;
export type Kind = (typeof KINDS)[number]['kind'];

export interface Called {
  unit: string;
  lead: boolean;
}

/** Call units to a case; without network it waits in the queue. Throws Failure. */
export const blow = (one: Pick<CaseOut, 'key' | 'number'>, kind: Kind, reason: string, units: Called[]): Promise<Sent<WhistleOut>> =>
  perform<WhistleOut>({
    path: `/cases/${one.key}/whistles`, body: { kind, reason: reason.trim(), units: units.map((unit) => ({ ...unit, words: '' })) }, title: `吹哨：#${one.number}`,
  });

/** A unit is called or not any more; the first that is called leads, and when the lead goes the next takes its place. */
export function toggled(called: Called[], unit: string): Called[] {
  const rest = called.filter((one) => one.unit !== unit);
  const next = rest.length === called.length ? [...called, { unit, lead: called.length === 0 }] : rest;
  return next.some((one) => one.lead) ? next : next.map((one, index) => ({ ...one, lead: index === 0 }));
}

/** Another one leads. */
export const led = (called: Called[], unit: string): Called[] => called.map((one) => ({ ...one, lead: one.unit === unit }));
