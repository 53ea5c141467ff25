/** A report as somebody writes it: what is in it, what it still lacks, and sending it once, now or later. */
import { drafts } from '../core/draft';
import { Failure } from '../core/errors';
import { drop } from '../core/files';
import { newKey } from '../core/keys';
import { type Sent, perform } from '../core/queue';
import type { CaseOut, ReportIn } from '../types/api';
import type { Category } from './category';
import type { Pin, Spot } from './place';
import type { Replies } from './questionnaire';
import type { Voice } from './voice';

export interface Report {
  /** Idempotency-Key of the whole report: however often it is sent, it is filed once. */
  key: string;
  /** The step of the senior mode, from 0. */
  step: number;
  words: string;
  photos: string[];
  voices: Voice[];
  category: Category | null;
  /** Whether a person chose the category; a suggestion never overrides that. */
  chosen: boolean;
  spot: Spot | null;
  /** Whether the spot is only the own home, taken because nothing else was said. */
  assumed: boolean;
  pin: Pin | null;
  /** Where exactly, in words. */
  placeWords: string;
  anonymous: boolean;
  /** The key of whom one speaks for; empty: oneself. */
  behalf: string;
  /** What was answered to the further questions of the kind. */
  replies: Replies;
}

/** Which part of the page something belongs to, in the order of the page. */
export type Part = 'photo' | 'what' | 'where' | 'who';

/** The service takes so many characters of words, and of the words for the place (POST /cases). */
export const MOST_WORDS = 2000;
export const MOST_PLACE_WORDS = 120;
/** From here on one is told how many are left. */
const NEAR_END = 200;

const STEPS: Part[] = ['photo', 'what', 'where', 'who'];
const FIELDS: Record<string, Part> = {
  photos: 'photo', photo: 'photo', words: 'what', category: 'what', answers: 'what', voices: 'what', voice: 'what', community: 'where',
  place: 'where', place_words: 'where', point: 'where', anonymous: 'who', behalf_of: 'who',
};

/** A report in which nothing has been said yet. */
export const blank = (): Report => ({
  key: newKey(), step: 0, words: '', photos: [], voices: [], category: null, chosen: false, spot: null, assumed: false,
  pin: null, placeWords: '', anonymous: false, behalf: '', replies: {},
});

/** The report somebody was writing; one at a time. */
export const draft = drafts('report', blank);

/** Whether something was said that it would be a pity to lose. */
export const worth = (report: Report) =>
  Boolean(report.words.trim() || report.photos.length || report.voices.length || report.placeWords.trim() || report.pin || report.chosen);

/** Keep what is worth it; nothing else is to be asked about later. */
export function keep(report: Report): boolean {
  if (worth(report)) return draft.keep(report);
  draft.forget();
  return true;
}

/** Begin anew: what was photographed and recorded goes as well. */
export function giveUp(report: Report): void {
  [...report.photos, ...report.voices.map((voice) => voice.file)].forEach(drop);
  draft.forget();
}

/** How many characters people count: an emoji of two halves is one, as the service counts. */
export const lengthOf = (text: string) => [...text].length;

/** What to say of the length: nothing until the end is near. */
export function roomWords(words: string): string {
  const left = MOST_WORDS - lengthOf(words.trim());
  if (left < 0) return `最多 ${MOST_WORDS} 个字，多了 ${-left} 个，请删短一点。`;
  return left <= NEAR_END ? `还能写 ${left} 个字` : '';
}

/** What is still missing, the first thing of it, and where; null when it can be sent. */
export function lack(report: Report): { part: Part; said: string } | null {
  if (!report.words.trim() && !report.voices.length && !report.chosen)
    return { part: 'what', said: '请写一句话，或者说一段话，告诉社区怎么了。' };
  if (lengthOf(report.words.trim()) > MOST_WORDS) return { part: 'what', said: roomWords(report.words) };
  if (!report.spot && !report.pin) return { part: 'where', said: '请选一下在哪里，不然没人知道该去哪。' };
  if (lengthOf(report.placeWords.trim()) > MOST_PLACE_WORDS)
    return { part: 'where', said: `“再说具体一点”最多 ${MOST_PLACE_WORDS} 个字，请删短一点。` };
  if (report.anonymous && report.voices.length)
    return { part: 'who', said: '匿名时不能带录音：听声音就知道是谁。请去掉录音，或者不匿名。' };
  if (report.anonymous && report.behalf) return { part: 'who', said: '替家人上报时不能匿名，请选一样。' };
  return null;
}

/** What can be asked about near by, before it is sent; null while nothing is known of where. */
export function whereOf(report: Report): Pick<ReportIn, 'community' | 'place' | 'point' | 'category'> | null {
  const { community, place, point, category } = bodyOf(report);
  return community || point ? { community, place, point, category } : null;
}

/** The report as the service takes it, its files left out: they go first. */
export function bodyOf(report: Report): ReportIn {
  const { spot, pin, category } = report;
  // A pin elsewhere means there and not at home.
  const known = pin && report.assumed ? null : spot;
  return {
    words: report.words.trim() || (report.voices.length ? '' : `${category?.name ?? ''}${report.photos.length ? '，请看照片' : ''}`),
    category: category?.code ?? null,
    community: known?.community.key ?? null,
    place: known?.place?.key ?? null,
    place_words: [known?.floor, report.placeWords.trim() || (pin?.name ?? '')].filter(Boolean).join(' ').slice(0, MOST_PLACE_WORDS),
    point: pin && { lat: pin.lat, lng: pin.lng, system: 'gcj02' },
    photos: [],
    voices: [],
    anonymous: report.anonymous,
    behalf_of: report.behalf || null,
    answers: report.replies ?? {},
  };
}

/** What the report is, in the list of what waits on this phone: "上报：3号楼门口井盖坏了". */
export const titleOf = (report: Report) => `上报：${[...(report.words.trim() || report.category?.name || '一段录音')].slice(0, 20).join('')}`;

/** What is in it, for who decides about it. */
export function told(report: Report): string {
  const words = [...report.words.trim()];
  const parts = [
    words.length ? `“${words.slice(0, 30).join('')}${words.length > 30 ? '…' : ''}”` : '',
    report.photos.length ? `${report.photos.length} 张照片` : '',
    report.voices.length ? `${report.voices.length} 段录音` : '',
  ];
  return parts.filter(Boolean).join('，') || '刚开始填';
}

/** Send it; without network it waits in the queue with its files. The draft is gone then. Throws Failure. */
export async function send(report: Report): Promise<Sent<CaseOut>> {
  const sent = await perform<CaseOut>({
    path: '/cases',
    body: { ...bodyOf(report) },
    attachments: [
      ...report.photos.map((file) => ({ path: '/photos' as const, list: 'photos', file })),
      ...report.voices.map(({ file }) => ({ path: '/voices' as const, list: 'voices', file })),
    ],
    title: titleOf(report),
    key: report.key,
  });
  // What waits keeps its files.
  if (sent.answer) giveUp(report);
  else draft.forget();
  return sent;
}

/** Where on the page to show what the service refused. */
export function partOf(thrown: unknown): Part {
  const fields = thrown instanceof Failure ? Object.keys(thrown.fields) : [];
  const parts = fields.map((field) => FIELDS[field.split('.')[0]]).filter(Boolean);
  return parts[0] ?? 'who';
}

/** The step of the senior mode that shows a part. */
export const stepOf = (part: Part) => STEPS.indexOf(part);

/** The consent that is missing, when that is what was refused: its kind. */
export const consentMissing = (thrown: unknown): string =>
  thrown instanceof Failure && thrown.code === 'consent_missing' && thrown.fields.version ? (thrown.fields.kind ?? '') : '';
