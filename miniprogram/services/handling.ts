/** What staff say to a case besides the daily verbs, and what there is to choose from. */
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { CaseOut, WorkersOut, DelayOut, SameOut } from '../types/api';

export type Colleague = WorkersOut['workers'][number];
export type Same = SameOut['cases'][number];
/** The case as it is now, or what is being asked for and waits for a second person. */
export type Answer = CaseOut | DelayOut;

/** To whom whoever has the case may pass it. */
export const listColleagues = async (key: string) => (await get<WorkersOut>(`/cases/${key}/colleagues`)).workers;

/** Which other cases may be the same thing, the likeliest first, each with the reason. */
export const listSame = async (key: string) => (await get<SameOut>(`/cases/${key}/same`)).cases;

/** Say it; without network it waits in the queue. Throws Failure. */
export const say = (path: string, body: Record<string, unknown>, files: string[], title: string): Promise<Sent<Answer>> =>
  perform<Answer>({ path, body, attachments: files.map((file) => ({ path: '/photos' as const, list: 'photos', file })), title });

/** What came of it in words, when the service says so itself; else empty. */
export const saidOf = (answer: Answer | null): string => (answer && 'words' in answer && 'done' in answer ? answer.words : '');
