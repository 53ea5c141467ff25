/** How a resident judges what was done: the whole, each aspect, and standard answers to choose from. */
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { CaseOut, JudgingOut } from '../types/api';

export type Satisfaction = 'satisfied' | 'basically_satisfied' | 'dissatisfied';
export type Choices = JudgingOut;
export type Answer = Choices['answers'][number];

export interface Judgement {
  satisfaction: Satisfaction;
  aspects: Record<string, Satisfaction>;
  answers: string[];
  note: string;
}

/** The three levels, each with a shape. */
export const FACES: { value: Satisfaction; words: string; icon: string }[] = [
  { value: 'satisfied', words: '满意', icon: 'smile' },
  { value: 'basically_satisfied', words: '基本满意', icon: 'plain' },
  { value: 'dissatisfied', words: '不满意', icon: 'frown' },
];

/** What can be chosen: aspects and standard answers of this community. */
export const readChoices = (key: string) => get<Choices>(`/cases/${key}/judgement`);

/** The standard answers that fit a level. */
export const fitting = (choices: Choices | null, satisfaction: Satisfaction): Answer[] =>
  (choices?.answers ?? []).filter((one) => one.satisfactions.includes(satisfaction));

/** Judge it; without network it waits in the queue. Throws Failure. */
export function judge(one: Pick<CaseOut, 'key' | 'number'>, said: Judgement): Promise<Sent<CaseOut>> {
  return perform<CaseOut>({ path: `/cases/${one.key}/confirm`, body: { ...said, note: said.note.trim() }, title: `评价：#${one.number}` });
}
