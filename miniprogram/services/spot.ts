/** 现场即时办: somebody on duty found something and mended it at once. */
import { drafts } from '../core/draft';
import { newKey } from '../core/keys';
import { type Sent, perform } from '../core/queue';
import type { CaseOut } from '../types/api';
import type { Category } from './category';
import type { Pin, Spot } from './place';

export interface OnTheSpot {
  key: string;
  before: string[];
  after: string[];
  words: string;
  note: string;
  category: Category | null;
  chosen: boolean;
  spot: Spot | null;
  pin: Pin | null;
  placeWords: string;
}

export const blank = (): OnTheSpot => ({
  key: newKey(), before: [], after: [], words: '', note: '', category: null, chosen: false, spot: null, pin: null, placeWords: '',
});

/** What was begun and not sent. */
export const draft = drafts('spot', blank);

/** What is still missing, as a sentence; empty when it can be sent. */
export function lack(done: OnTheSpot): string {
  if (!done.words.trim() && !done.chosen) return '请写一句看到了什么。';
  if (!done.spot && !done.pin) return '请选一下在哪里。';
  if (!done.after.length) return '请拍一张处理后的照片。';
  return done.note.trim() ? '' : '请写一句怎么办的。';
}

/** Send it; without network it waits with its photos. Throws Failure. */
export async function send(done: OnTheSpot): Promise<Sent<CaseOut>> {
  const { spot, pin, category } = done;
  const sent = await perform<CaseOut>({
    path: '/cases/spot',
    body: {
      words: done.words.trim() || (category?.name ?? ''), note: done.note.trim(), category: category?.code ?? null, community: spot?.community.key ?? null,
      place: spot?.place?.key ?? null, place_words: [spot?.floor, done.placeWords.trim() || pin?.name].filter(Boolean).join(' ').slice(0, 120),
      point: pin && { lat: pin.lat, lng: pin.lng, system: 'gcj02' }, before: [], after: [],
    },
    attachments: [
      ...done.before.map((file) => ({ path: '/photos' as const, list: 'before', file })),
      ...done.after.map((file) => ({ path: '/photos' as const, list: 'after', file })),
    ],
    title: `现场办好：${[...(done.words.trim() || category?.name || '')].slice(0, 20).join('')}`,
    key: done.key,
  });
  draft.forget();
  return sent;
}
