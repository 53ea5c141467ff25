/** Units that can be asked to act on a case: which there are, a worker's whistle for one, and the community's answer. */
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { CaseOut, UnitsOut } from '../types/api';

export type Unit = UnitsOut['units'][number];

type Which = Pick<CaseOut, 'key' | 'number'>;

/** The units of a community that can be asked to act. */
export const listUnits = async (community: string) => (await get<UnitsOut>(`/communities/${community}/units`)).units;

/** 吹哨: ask the community to call a unit, the one named or the one it thinks right; without network it waits. */
export const whistle = (one: Which, unit: string | null, note: string): Promise<Sent<CaseOut>> =>
  perform<CaseOut>({ path: `/cases/${one.key}/whistle`, body: { unit, note }, title: `申请吹哨：#${one.number}` });

/** Ask a unit to act, or none any more (null); without network it waits. */
export const involve = (one: Which, unit: string | null, note: string): Promise<Sent<CaseOut>> =>
  perform<CaseOut>({ path: `/cases/${one.key}/unit`, body: { unit, note }, title: `请单位来办：#${one.number}` });

/** What a worker wrote who whistled and waits for the community's answer; empty when nobody does. */
export const whistling = (whistles: CaseOut['whistles']): string => whistles.find((one) => one.state === 'wished')?.reason ?? '';
