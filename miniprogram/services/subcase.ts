/** Pieces of a case: what a unit, a colleague or the community answers for by a time, and what is said to them. */
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { SubcaseOut, SubcasesOut } from '../types/api';

export type Piece = SubcasesOut['subcases'][number];

export interface Said {
  note?: string;
  who?: string;
  mode?: 'onsite' | 'remote';
  rating?: number;
  files?: string[];
}

/** What one answers for oneself: the open ones first asked for, else all, 20 a page. */
export const listPieces = (state: 'open' | 'all', cursor?: string) => get<SubcasesOut>('/subcases', { state, limit: 20, cursor });

/** One of them whole. */
export const readPiece = (key: string) => get<SubcaseOut>(`/subcases/${key}`);

/** Say a verb to it; without network it waits in the queue. Throws Failure. */
export function sayPiece(piece: Pick<Piece, 'key' | 'number'>, verb: string, words: string, said: Said): Promise<Sent<SubcaseOut>> {
  const { files = [], ...body } = said;
  return perform<SubcaseOut>({
    path: `/subcases/${piece.key}/${verb}`, body: { ...body, photos: [] }, title: `${words}：#${piece.number}`,
    attachments: files.map((file) => ({ path: '/photos' as const, list: 'photos', file })),
  });
}

/** What each verb asks for. */
export interface Ask {
  title: string;
  words: string;
  hint: string;
  need: boolean;
  photos: boolean;
  who: boolean;
  rating: boolean;
  done: string;
}

const plain = { need: false, photos: false, who: false, rating: false };
export const ASKS: Record<string, Ask> = {
  accept: { ...plain, title: '接受', words: '说明（可以不写）', hint: '比如：下午三点到', done: '已接受，社区会看到。' },
  refuse: { ...plain, title: '提出异议', words: '为什么不该由我们办（必须写）', hint: '比如：这段路不归我们养护', need: true, done: '已提出异议，由街道裁定。' },
  arrive: { ...plain, title: '到场报到', words: '说明（可以不写）', hint: '比如：两个人、一台车', photos: true, who: true, done: '已报到。' },
  plan: { ...plain, title: '报计划', words: '打算怎么办（必须写）', hint: '比如：明天上午换新井盖', need: true, done: '计划已报。' },
  finish: { ...plain, title: '办完了', words: '办得怎么样（必须写）', hint: '比如：已换新井盖，试过不响', need: true, photos: true, done: '已办完，社区会看到。' },
  insist: { ...plain, title: '裁定仍由其办理', words: '理由（可以不写）', hint: '比如：按养护分界图归其负责', done: '已裁定，不能再提异议。' },
  redo: { ...plain, title: '请再办', words: '哪里没办好（必须写）', hint: '比如：井盖还会响', need: true, done: '已请其再办。' },
  drop: { ...plain, title: '取消这一项', words: '为什么（可以不写）', hint: '比如：已经由别家办好', done: '已取消。' },
  rate: { ...plain, title: '评价', words: '想说的话（可以不写）', hint: '', rating: true, done: '评价已记下。' },
};

/** What is still missing, as a sentence; empty when it can go. */
export function lackOf(ask: Ask, note: string, rating: number): string {
  if (ask.need && !note.trim()) return '请写一句话。';
  return ask.rating && !rating ? '请选 1 到 5 分。' : '';
}
