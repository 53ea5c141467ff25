/** Acting for one's family, and who acts for oneself. */
import { get, post } from '../core/http';
import type { AskIn, DelegationOut, DelegationsOut } from '../types/api';

export type { DelegationOut };
export type Kind = AskIn['kind'];
export type Relation = AskIn['relation'];

/** What one is to the other: as one chooses it, and as the other reads it. */
export const RELATIONS: { relation: Relation; words: string }[] = [
  { relation: 'daughter', words: '我是女儿' },
  { relation: 'son', words: '我是儿子' },
  { relation: 'spouse', words: '我是配偶' },
  { relation: 'parent', words: '我是父亲或母亲' },
  { relation: 'other', words: '我是其他家人' },
];
export const GUARDIANS: typeof RELATIONS = [
  { relation: 'parent', words: '我是父亲或母亲' },
  { relation: 'guardian', words: '我是其他监护人' },
];

export const readDelegations = async () => (await get<DelegationsOut>('/delegations')).delegations;

/** Ask to act for the person of that number, or for the one called `name` in a household. */
export const askDelegation = (asked: { kind: Kind; relation: Relation; person?: string; name?: string; household?: string }) =>
  post<DelegationOut>('/delegations', asked);

/** End it, at once: either of the two may. */
export const endDelegation = (key: string) => post<DelegationOut>(`/delegations/${key}/end`);

/** Of one delegation, a sentence: who may do what for whom, or what it waits for. */
export function told(row: DelegationOut): string {
  const who = row.name || '这位家人';
  const agent = row.mine === 'agent';
  const guardian = row.kind === 'guardian';
  if (row.state === 'asked')
    return agent
      ? `您申请${guardian ? `做${who}的监护人` : `替${who}办事`}。请和本人一起到${row.community}，当面确认后就能用。`
      : `${who}申请${guardian ? '做您的监护人' : '替您办事'}。要您本人到${row.community}当面同意才算数；不愿意，现在就可以拒绝。`;
  if (row.state === 'confirmed')
    return agent
      ? `您${guardian ? `是${who}的监护人，` : ''}可以替${who}上报、看进度、评价。`
      : `${who}${guardian ? '是您的监护人，' : ''}可以替您上报、看您的事、评价。每次替您上报，您都会收到通知。`;
  return agent ? `替${who}办事：${row.state_words}。` : `${who}替您办事：${row.state_words}。`;
}

/** What can still be ended, the rest is past. */
export const isOpen = (row: DelegationOut) => row.state === 'asked' || row.state === 'confirmed';
