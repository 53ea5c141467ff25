/** What waits for a worker, in the order in which to go there, and one of it with what one can do about it. */
import { now as clock } from '../core/clock';
import { type Point, metres } from '../core/coordinates';
import { near } from '../core/hours';
import { get, post } from '../core/http';
import { type Deed, waiting } from '../core/queue';
import type { CaseOut, KnownOut, TasksOut } from '../types/api';

export type Task = TasksOut['cases'][number];
/** A task with its way in words. */
export interface Stop extends Task {
  /** "离您约 300 米"; empty when either place is not known. */
  way: string;
}
/** The last list, and when it was read: milliseconds since 1970 by this phone's clock. */
export interface Kept {
  at: number;
  tasks: Task[];
}
/** What one sees of a case at work: the whole case, or, without network, what the list said of it. */
export interface Work extends Pick<CaseOut, 'key' | 'number' | 'state' | 'state_words' | 'hazard' | 'words' | 'where' | 'point'> {
  category: string;
  /** The next limit in words. */
  limit: string;
  verbs: string[];
  /** The whole case, or null while only the list is known. */
  whole: CaseOut | null;
}

const TASKS = 'tasks', CASES = 'work-cases';
/** So many cases that were opened are kept for cellars and lifts. */
const MOST_KEPT = 20;
/** Nearer than this is "here": a phone knows its place no better. */
const STEP = 50;

/** What waits for me, hazards first; kept on this phone for when there is no network. Throws Failure. */
export async function listTasks(): Promise<Kept> {
  const kept = { at: clock(), tasks: (await get<TasksOut>('/tasks')).cases };
  const there = new Set(kept.tasks.map((task) => task.key));
  wx.setStorageSync(TASKS, kept);
  // What is no longer mine to do has no business on this phone.
  wx.setStorageSync(CASES, keptCases().filter((one) => there.has(one.key)));
  return kept;
}

/** The list as it was read last; null when there was none. */
export const lastTasks = (): Kept | null => wx.getStorageSync<Kept>(TASKS) || null;

/** Danger first, then what is due first (to the hour, less does not matter on foot), then what is nearer. */
export function ordered(tasks: Task[], from: Point | null): Stop[] {
  const far = new Map(tasks.map((task) => [task.key, from && task.point ? metres(from, task.point) : Infinity]));
  const distance = (task: Task) => far.get(task.key) ?? Infinity;
  const hour = (task: Task) => (task.due ? Math.floor(Date.parse(task.due.due) / 3600_000) : Infinity);
  const before = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  return [...tasks]
    .sort((a, b) => Number(b.hazard) - Number(a.hazard) || before(hour(a), hour(b)) || before(distance(a), distance(b)))
    .map((task) => ({ ...task, way: wayWords(distance(task)) }));
}

/** A limit without "还剩": what was true of it when it was read, however long ago. */
export function lastingWords(due: Task['due'], now = clock()): string {
  const what = { accept: '接单', make_safe: '现场围护', resolve: '办结' }[due?.limit ?? ''];
  return due && what ? `${near(due.due, now)}前${what}${Date.parse(due.due) < now ? '，已经过了' : ''}` : '';
}

/** "离您约 300 米", "离您约 1.2 公里", "就在您附近"; empty when it is not known. */
export function wayWords(distance: number): string {
  if (!Number.isFinite(distance)) return '';
  if (distance < STEP) return '就在您附近';
  return distance < 950 ? `离您约 ${Math.round(distance / 50) * 50} 米` : `离您约 ${(distance / 1000).toFixed(1)} 公里`;
}

/** One case whole, for who handles it; kept on this phone for when there is no network. Throws Failure. */
export async function readWork(key: string): Promise<Work> {
  const whole = await get<CaseOut>(`/cases/${key}`);
  keep(whole);
  return workOf(whole);
}

/** Keep what the service said last of a case. */
export function keep(whole: CaseOut): void {
  wx.setStorageSync(CASES, [whole, ...keptCases().filter((one) => one.key !== whole.key)].slice(0, MOST_KEPT));
}

/** What this phone knows of a case without network; null when it never saw it. */
export function lastWork(key: string): Work | null {
  const whole = keptCases().find((one) => one.key === key);
  const task = lastTasks()?.tasks.find((one) => one.key === key);
  // The list may be younger than the case: what somebody else did meanwhile shows there first.
  if (whole && (!task || task.updated_at <= whole.updated_at)) return { ...workOf(whole), limit: lastingWords(nextDue(whole)) };
  return task ? workFrom(task) : null;
}

const keptCases = (): CaseOut[] => wx.getStorageSync<CaseOut[]>(CASES) || [];

/** A case as one works on it. */
export function workOf(whole: CaseOut): Work {
  // Nobody put a pin: the list knows where the place is.
  const point = whole.point ?? lastTasks()?.tasks.find((task) => task.key === whole.key)?.point ?? null;
  return {
    key: whole.key, number: whole.number, state: whole.state, state_words: stateWords(whole.state, whole.state_words),
    hazard: whole.hazard, words: whole.words, where: whole.where, point, category: whole.category.name,
    limit: nextDue(whole)?.words ?? '', verbs: whole.verbs.map(({ verb }) => verb), whole,
  };
}

const nextDue = (whole: CaseOut) =>
  whole.dues.filter((one) => one.met_at === null).sort((a, b) => (a.due < b.due ? -1 : 1))[0] ?? null;

/** What the list knows of a case: enough to go there and to begin. */
export function workFrom(task: Task): Work {
  return {
    key: task.key, number: task.number, state: task.state, state_words: stateWords(task.state, task.state_words),
    hazard: task.hazard, words: task.words, where: task.where, point: task.point, category: task.category,
    limit: lastingWords(task.due), verbs: HANDLER[task.state] ?? [], whole: null,
  };
}

/** What a handler can say, state by state, when the service cannot be asked; it has the last word when they arrive. */
const HANDLER: Record<string, string[]> = {
  dispatched: ['accept', 'return_back'],
  handling: ['make_safe', 'return_back', 'handle'],
};

/** What is said to the one who did it and not to the one who judges it. */
export const stateWords = (state: string, words: string) => (state === 'handled' ? '已办好，等居民评价' : words);

/** The verbs of a case that wait in the queue, the oldest first. */
export const pendingOf = (key: string): Deed[] => waiting().filter((deed) => deed.path.startsWith(`/cases/${key}/`));

/** What one can still say once the verbs that wait are said: in a cellar one accepts, makes safe and handles in a row. */
export function verbsAfter(work: Pick<Work, 'verbs' | 'hazard'>, said: string[]): string[] {
  let verbs = work.verbs;
  for (const verb of said) {
    if (verb === 'accept') verbs = [...(work.hazard ? ['make_safe'] : []), 'return_back', 'handle'];
    else if (verb === 'make_safe') verbs = verbs.filter((one) => one !== 'make_safe');
    else if (['handle', 'return_back', 'reject', 'dispatch'].includes(verb)) verbs = [];
  }
  return verbs;
}

/** The verb of a deed that waits; empty for words, a whistle and the like. */
export function verbOf(deed: Pick<Deed, 'path'>): string {
  const verb = /^\/cases\/[^/]+\/([a-z_]+)$/.exec(deed.path)?.[1] ?? '';
  return ['notes', 'whistle', 'unit', 'reporter', 'follow'].includes(verb) ? '' : verb;
}

/** The next case to go to after this one; null when nothing else waits. Those with a deed that ends them are left out. */
export function nextAfter(key: string, tasks: Stop[], over: (key: string) => boolean): Stop | null {
  return tasks.find((task) => task.key !== key && !over(task.key)) ?? null;
}

/** Whether what waits in the queue takes a case off one's hands. */
export const leaving = (key: string) =>
  pendingOf(key).some((deed) => deed.state !== 'refused' && ['handle', 'return_back', 'reject', 'dispatch'].includes(verbOf(deed)));

/** The reporter's name, phone and door, for a reason the reporter can read. Never kept on this phone. Throws Failure. */
export const revealReporter = (key: string, reason: string) => post<KnownOut>(`/cases/${key}/reporter`, { reason });
