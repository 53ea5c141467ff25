/**
 * What could not be sent yet. A deed that meets no network waits here, with its files, and goes out by itself when the
 * network is back or the mini-program is opened again. Nothing waits in silence: 我的 → 还没发出去的 lists it, and what the
 * service refuses stays there with the reason until the person decides.
 *
 * A deed keeps its key from the first try on, so one that did arrive is not done twice (Idempotency-Key).
 */
import { Failure } from './errors';
import { drop, keep } from './files';
import { post, putFile } from './http';
import { newKey } from './keys';

/** A file that goes first; its key at the service takes the place of its name in the body. */
export interface Attachment {
  /** Where it is uploaded: "/photos" or "/voices". */
  path: '/photos' | '/voices';
  field: 'photo' | 'voice';
  /** Which list of the body takes the key: "photos", or further down "checks.2.photos". */
  list: string;
  /** The field takes this one key and is no list. */
  one?: boolean;
  file: string;
  key: string;
  /** What the service called it, once it is there. */
  sent?: string;
}

export interface Deed {
  key: string;
  path: string;
  body: Record<string, unknown>;
  attachments: Attachment[];
  /** What it is, for people: "上报：3号楼门口井盖坏了". */
  title: string;
  /** Milliseconds since 1970 by this phone's clock; for the eye only, the service has its own. */
  at: number;
  state: 'waiting' | 'sending' | 'refused';
  /** Why it waits or was refused. */
  reason: string;
}

export interface Sent<T> {
  /** The service has it. */
  answer: T | null;
  /** It waits here: say so, honestly. */
  waits: boolean;
}

const DEEDS = 'deeds';
const MOST = 50;
let flushing: Promise<void> | null = null;
const watchers = new Set<() => void>();

/** What waits, the oldest first. */
export function waiting(): Deed[] {
  return wx.getStorageSync<Deed[]>(DEEDS) || [];
}

/** Be told when the queue changes; gives back how to stop. */
export function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/**
 * Do a deed with its files, now if it can be done now. Throws Failure when the service refuses it (nothing is kept then,
 * the page still holds what was typed) and when this phone has no room to let it wait.
 */
export async function perform<T>(deed: {
  path: string;
  body: Record<string, unknown>;
  attachments?: Pick<Attachment, 'path' | 'list' | 'one' | 'file'>[];
  title: string;
  key?: string;
}): Promise<Sent<T>> {
  const row: Deed = {
    key: deed.key ?? newKey(),
    path: deed.path,
    body: deed.body,
    attachments: (deed.attachments ?? []).map((one) => ({
      ...one, field: one.path === '/photos' ? 'photo' : 'voice', key: newKey(),
    })),
    title: deed.title,
    at: Date.now(),
    state: 'waiting',
    reason: '',
  };
  try {
    return { answer: await attempt<T>(row), waits: false };
  } catch (error) {
    if (!(error instanceof Failure) || !error.passing) throw error;
    row.reason = error.message;
    await store(row);
    return { answer: null, waits: true };
  }
}

/** Try everything that waits, in order; stops at the first that meets no network. Runs once at a time. */
export function flush(): Promise<void> {
  flushing ??= walk().finally(() => (flushing = null));
  return flushing;
}

/** Let a refused deed try again, as when the reason is mended. */
export function retry(key: string): Promise<void> {
  change(key, { state: 'waiting', reason: '' });
  return flush();
}

/** Give a deed up; its files go as well. */
export function discard(key: string): void {
  const row = waiting().find((one) => one.key === key);
  row?.attachments.forEach((one) => drop(one.file));
  save(waiting().filter((one) => one.key !== key));
}

async function walk(): Promise<void> {
  for (const row of waiting()) {
    if (row.state === 'refused') continue;
    change(row.key, { state: 'sending' });
    try {
      await attempt(row);
      discard(row.key);
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure('refused_here', '这一件没有发成，请打开看看。');
      change(row.key, { state: failure.passing ? 'waiting' : 'refused', reason: failure.message });
      if (failure.passing) return;
    }
  }
}

/** Files first, each under its own key; then the deed with the names the service gave them. */
async function attempt<T>(row: Deed): Promise<T> {
  const body = JSON.parse(JSON.stringify(row.body)) as Fields;
  for (const one of row.attachments) {
    one.sent ??= (await putFile<{ key: string }>(one.path, one.file, one.field, one.key)).key;
    change(row.key, { attachments: row.attachments });
    fillIn(body, one, one.sent);
  }
  return post<T>(row.path, body, row.key);
}

type Fields = Record<string, unknown>;

function fillIn(body: Fields, { list, one }: Attachment, sent: string): void {
  const way = list.split('.');
  const field = way.pop() as string;
  const holder = way.reduce((there, step) => there[step] as Fields, body);
  holder[field] = one ? sent : [...((holder[field] as string[] | undefined) ?? []), sent];
}

async function store(row: Deed): Promise<void> {
  const rows = waiting();
  if (rows.length >= MOST) throw new Failure('queue_full', '手机里等着发送的已经有 50 件，请先连上网络，让它们发出去。');
  for (const one of row.attachments) {
    if (one.file.includes('/kept-')) continue;
    try {
      one.file = await keep(one.file);
    } catch {
      throw new Failure('no_room', '手机存不下这些照片了，请清出一点空间，或连上网络再发。');
    }
  }
  save([...rows, row]);
}

function change(key: string, news: Partial<Deed>): void {
  const rows = waiting();
  const row = rows.find((one) => one.key === key);
  if (row === undefined) return;
  Object.assign(row, news);
  save(rows);
}

function save(rows: Deed[]): void {
  wx.setStorageSync(DEEDS, rows);
  watchers.forEach((told) => told());
}
