/** Cases: what I reported, one of them whole, and what one can say to it. */
import { now as clock } from '../core/clock';
import { Failure } from '../core/errors';
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { CaseOut, CasesOut, PublicCaseOut } from '../types/api';

export type CaseBrief = CasesOut['cases'][number];
export type Step = CaseOut['steps'][number];
export type Photo = CaseOut['photos'][number];

export interface Deed {
  note?: string;
  /** The key of the colleague it goes to. */
  worker?: string;
  /** To whom it is handed over, and why it ends so. */
  to?: string;
  disposition?: string;
  /** The case it is the same as: its key or #number. */
  into?: string;
  /** Photos on this phone that go with it. */
  files?: string[];
}

const OPEN = ['reported', 'dispatched', 'handling', 'checking', 'planned', 'handled'];
/** What only staff can say; whoever may has pages of one's own for it. */
const STAFF_VERBS = [
  'dispatch', 'accept', 'grab', 'transfer', 'return_back', 'make_safe', 'handle', 'pass_check', 'rework', 'reject', 'hand_over', 'merge',
];
const STATES: Record<string, { tone: string; icon: string }> = {
  reported: { tone: 'wait', icon: 'time' },
  dispatched: { tone: 'wait', icon: 'time' },
  handling: { tone: 'act', icon: 'walk' },
  checking: { tone: 'act', icon: 'search' },
  handled: { tone: 'act', icon: 'smile' },
  planned: { tone: 'wait', icon: 'time' },
  closed: { tone: 'done', icon: 'check-circle' },
  closed_no_feedback: { tone: 'done', icon: 'check-circle' },
  rejected: { tone: 'done', icon: 'close-circle' },
  handed_over: { tone: 'done', icon: 'send' },
  merged: { tone: 'done', icon: 'people' },
  withdrawn: { tone: 'done', icon: 'undo' },
};
const STEPS: Record<string, string> = {
  report: 'report', dispatch: 'send', accept: 'walk', make_safe: 'shield', handle: 'check', confirm: 'smile', reopen: 'refresh',
  withdraw: 'undo', reject: 'close', return_back: 'undo', lapse: 'time', note: 'edit', contact: 'phone', involve: 'people',
  whistle: 'whistle', tell_party: 'talk', escalate: 'send', transfer: 'send', grab: 'walk', hand_over: 'send', merge: 'people',
  unmerge: 'undo', absorb: 'people', hand_in: 'check', pass_check: 'check', rework: 'refresh', skip_check: 'time', plan: 'time',
  resume: 'walk', plan_note: 'edit', extend: 'time', classify: 'list', split: 'people', ask: 'talk', answer: 'talk', keep: 'info-circle',
  blow: 'whistle', subcase: 'people', exclude: 'info-circle',
};
const SHOWN: Record<string, string> = {
  report: '上报时', before: '处理前', safe: '现场已围护', after: '处理后', chat: '对话里发的',
};

/** My own cases that are still open, at most 50 a page, the newest first. */
export const listOpen = (cursor?: string) => get<CasesOut>('/cases', { mine: 'reported', state: 'open', limit: 50, cursor });

/** All my own cases, the newest first. */
export const listMine = (cursor?: string) => get<CasesOut>('/cases', { mine: 'reported', limit: 20, cursor });

/** One case whole, for its reporter and for who handles it. */
export const readCase = (key: string) => get<CaseOut>(`/cases/${key}`);

/** The public side of a case, for the neighbours. */
export const readPublicCase = (key: string) => get<PublicCaseOut>(`/public/cases/${key}`);

/** Say a verb to a case; without network it waits in the queue. */
export function act(one: Pick<CaseOut, 'key' | 'number'>, verb: string, words: string, deed: Deed = {}): Promise<Sent<CaseOut>> {
  const body = { note: deed.note ?? '', ...only(deed) };
  return perform<CaseOut>({ path: `/cases/${one.key}/${verb}`, body, attachments: photos(deed), title: `${words}：#${one.number}` });
}

/** What was chosen with a deed, without what was not. */
function only({ worker, to, disposition, into }: Deed): Record<string, string> {
  return Object.fromEntries(Object.entries({ worker, to, disposition, into }).filter((row): row is [string, string] => Boolean(row[1])));
}

/** Add words and photos to a case without moving it; without network they wait in the queue. */
export function addNote(one: Pick<CaseOut, 'key' | 'number'>, deed: Deed): Promise<Sent<CaseOut>> {
  const note = deed.note?.trim() || '补充照片';
  return perform<CaseOut>({
    path: `/cases/${one.key}/notes`, body: { note }, attachments: photos(deed), title: `补充 #${one.number}：${note.slice(0, 20)}`,
  });
}

/** The key of my own case of a number, looked for among the newest hundred; null when there is none. */
export async function findMine(number: number): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < 5; page += 1) {
    const { cases, next } = await listMine(cursor);
    const found = cases.find((one) => one.number === number);
    if (found) return found.key;
    if (!next) return null;
    cursor = next;
  }
  return null;
}

/** Whether somebody still has something to do. */
export const isOpen = (state: string) => OPEN.includes(state);

/** Colour and shape of a state, beside its words; what is public comes without a state and gets a plain one. */
export const lookOfState = (state: string) => STATES[state] ?? { tone: 'done', icon: 'info-circle' };

/** The shape of a step. */
export const iconOfStep = (verb: string) => STEPS[verb] ?? 'info-circle';

/** What a photo shows, in words. */
export const shown = (kind: string) => SHOWN[kind] ?? '照片';

/** Whether this viewer sees a case on duty: as one who can act on it, or who is told who handles it. */
export const onDuty = (one: CaseOut) =>
  one.verbs.some(({ verb }) => STAFF_VERBS.includes(verb)) || (!one.mine && (one.handler !== null || one.reporter !== null));

/** What waits for me first, then what is being done, then what has ended; each in the order it came. */
export function sections(rows: CaseBrief[]): { waiting: CaseBrief[]; open: CaseBrief[]; ended: CaseBrief[] } {
  return {
    waiting: rows.filter((one) => one.state === 'handled'),
    open: rows.filter((one) => isOpen(one.state) && one.state !== 'handled'),
    ended: rows.filter((one) => !isOpen(one.state)),
  };
}

/** A list with its first page read anew: what had been paged to below it stays, while the two still meet. */
export function refreshed<T extends { key: string }>(held: T[], next: string | null, page: T[], pageNext: string | null) {
  const last = page[page.length - 1]?.key;
  const meets = held.findIndex((one) => one.key === last);
  const below = meets < 0 ? [] : held.slice(meets + 1);
  return below.length ? { rows: [...page, ...below], next } : { rows: page, next: pageNext };
}

/** Who does what by when, in one sentence: the limit that comes next, else nothing. */
export function nextLimit(one: Pick<CaseOut, 'dues' | 'state'>): string {
  const waiting = one.dues.filter((due) => due.met_at === null).sort((a, b) => (a.due < b.due ? -1 : 1));
  return byWhom(one.state, waiting[0]?.words ?? '');
}

/** A limit in words with who keeps it: "网格员今天 17:30前办结，还剩 2 小时". */
export const byWhom = (state: string, words: string) =>
  words && (state === 'reported' ? `社区会派人，${words}` : ['dispatched', 'handling'].includes(state) ? `网格员${words}` : '');

/** Whether a failure says that the case has moved meanwhile. */
export const movedMeanwhile = (thrown: unknown) => thrown instanceof Failure && thrown.status === 409;

/** A day of the service (UTC, or a plain date) as one says it in China: "11月24日", with the year when it is another. */
export function day(at: string, now = clock()): string {
  const there = new Date(Date.parse(at) + CHINA), here = new Date(now + CHINA);
  const year = there.getUTCFullYear() === here.getUTCFullYear() ? '' : `${there.getUTCFullYear()}年`;
  return `${year}${there.getUTCMonth() + 1}月${there.getUTCDate()}日`;
}

/** Milliseconds that Asia/Shanghai is ahead of UTC; it knows no summer time. */
const CHINA = 8 * 3600 * 1000;

const photos = (deed: Deed) => (deed.files ?? []).map((file) => ({ path: '/photos' as const, list: 'photos', file }));
