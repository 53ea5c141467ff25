/**
 * What could not be sent yet. A deed that meets no network waits here, with its files, and goes out by itself when the
 * network is back or the mini-program is opened again. Nothing waits in silence: 我的 → 还没发出去的 lists it, and what the
 * service refuses stays there with the reason until the person decides.
 *
 * A deed keeps its key from the first try on, so one that did arrive is not done twice (Idempotency-Key).
 */
import { now as clock } from './clock';
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
  /** It will never go: gone from this phone, or not taken by the service. */
  lost?: boolean;
}

export interface Deed {
  key: string;
  path: string;
  body: Record<string, unknown>;
  attachments: Attachment[];
  /** What it is, for people: "上报：3号楼门口井盖坏了". */
  title: string;
  /** Milliseconds since 1970 for the eye only, the service has its own clock. */
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
/** Files that are at the service already though their deed was refused: asked again (a consent), they are not sent twice. */
const there = new Map<string, Pick<Attachment, 'key' | 'sent'>>();

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
      ...one, field: one.path === '/photos' ? 'photo' : 'voice', ...(there.get(one.file) ?? { key: newKey() }),
    })),
    title: deed.title,
    at: clock(),
    state: 'waiting',
    reason: '',
  };
  try {
    if (before(row)) await flush();
    const first = before(row);
    if (first) throw new Failure('offline', first.reason || '前一步还没有发出去，这一步跟在它后面。');
    const answer = await attempt<T>(row);
    row.attachments.forEach((one) => there.delete(one.file));
    return { answer, waits: false };
  } catch (error) {
    if (!(error instanceof Failure) || !error.passing) {
      remember(row, error);
      throw error;
    }
    row.reason = error.message;
    await store(row);
    return { answer: null, waits: true };
  }
}

/** Try everything that waits, in order; stops where there is no network or the service is busy. Runs once at a time. */
export function flush(): Promise<void> {
  flushing ??= walk().finally(() => (flushing = null));
  return flushing;
}

/** Let a refused deed try again, as when the reason is mended; without the files that cannot go. */
export function retry(key: string): Promise<void> {
  const attachments = waiting().find((one) => one.key === key)?.attachments ?? [];
  change(key, { state: 'waiting', reason: '', attachments: attachments.filter((one) => !one.lost) });
  return flush();
}

/** Give a deed up; its files go as well. */
export function discard(key: string): void {
  const row = waiting().find((one) => one.key === key);
  row?.attachments.forEach((one) => drop(one.file));
  save(waiting().filter((one) => one.key !== key));
}

/** What was done to the same case before and still waits: steps of one case go out in the order they were taken. */
function before(row: Deed): Deed | undefined {
  const about = caseOf(row);
  return about === '' ? undefined : waiting().find((one) => one.state !== 'refused' && one.key !== row.key && caseOf(one) === about);
}

const caseOf = (row: Deed) => /^\/cases\/([^/]+)\//.exec(row.path)?.[1] ?? '';

/** Keep in mind what was uploaded for a refused deed, unless the files are what was refused. */
function remember(row: Deed, error: unknown): void {
  const files = error instanceof Failure && Object.keys(error.fields).some((field) => /photo|voice/.test(field));
  for (const one of row.attachments) {
    if (one.sent && !files) there.set(one.file, { key: one.key, sent: one.sent });
    else there.delete(one.file);
  }
}

async function walk(): Promise<void> {
  const held = new Set<string>();
  for (const row of waiting()) {
    if (row.state === 'refused' || held.has(caseOf(row))) continue;
    change(row.key, { state: 'sending' });
    try {
      await attempt(row);
      discard(row.key);
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure('refused_here', '这一件没有发成，请打开看看。');
      change(row.key, { state: failure.passing ? 'waiting' : 'refused', reason: failure.message + hint(row, failure) });
      if (failure.offline || [429, 503].includes(failure.status)) return;
      // The service broke on this one: the others need not wait for it, but what comes after it at the same case.
      if (failure.passing && caseOf(row)) held.add(caseOf(row));
    }
  }
}

/** Files first, each under its own key; then the deed with the names the service gave them. */
async function attempt<T>(row: Deed): Promise<T> {
  const body = JSON.parse(JSON.stringify(row.body)) as Fields;
  for (const one of row.attachments) {
    one.sent ??= await brought(row, one);
    change(row.key, { attachments: row.attachments });
    fillIn(body, one, one.sent);
  }
  return post<T>(row.path, body, row.key);
}

/** Upload one file. Throws Failure that names it: which of nine photos was refused. */
async function brought(row: Deed, one: Attachment): Promise<string> {
  try {
    return (await putFile<{ key: string }>(one.path, one.file, one.field, one.key)).key;
  } catch (error) {
    if (!(error instanceof Failure) || error.passing) throw error;
    one.lost = true;
    change(row.key, { attachments: row.attachments });
    const alike = row.attachments.filter((other) => other.path === one.path);
    const what = one.path === '/voices' ? '录音' : alike.length > 1 ? `第 ${alike.indexOf(one) + 1} 张照片` : '照片';
    throw new Failure(error.code, `${what}没有发成：${error.message}`, { [one.field]: error.message }, error.status);
  }
}

/** What one can do about it, where a deed is looked at later. */
function hint(row: Deed, failure: Failure): string {
  if (failure.code === 'consent_missing') return '请到“我的”→“隐私”里看过说明，同意后再发一次。';
  return row.attachments.some((one) => one.lost) ? '再发一次，就不带它。' : '';
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
  try {
    save([...rows, row]);
  } catch {
    throw new Failure('no_room', '手机存不下了，请清出一点空间，或连上网络再发。');
  }
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
