/** What the law gives everybody over the own data: a copy, and to be forgotten. */
import { now as clock } from '../core/clock';
import { download } from '../core/download';
import { left, near } from '../core/hours';
import { get, post, remove } from '../core/http';
import type { RequestOut, RequestsOut } from '../types/api';

export type Wish = RequestOut;

/** What was asked to be done with one's data, the newest first. */
export const readWishes = async () => (await get<RequestsOut>('/me/requests')).requests;

/** Ask for a copy; while one is being made this gives that one. */
export const askCopy = () => post<RequestOut>('/me/exports');

/** Fetch a copy to this phone; gives where it lies. */
export const fetchCopy = (key: string) => download(`/me/exports/${key}/file`);

/** Ask to be forgotten; it can be taken back until `undo_until`. */
export const askErasure = () => post<RequestOut>('/me/erasure');

/** Take that back. */
export const keepMe = () => remove<RequestOut>('/me/erasure');

/** How a copy stands: being made, there to fetch, or gone. `now` is milliseconds since 1970. */
export function copyState(wish: Wish, now = clock()): { there: boolean; making: boolean; words: string } {
  if (wish.state === 'asked' || wish.state === 'doing')
    return { there: false, making: true, words: `正在做，一般几分钟，最晚 ${near(wish.due_at, now)} 做好。` };
  if (wish.state === 'done' && wish.file_until && Date.parse(wish.file_until) > now)
    return { there: true, making: false, words: `已经做好，${near(wish.file_until, now)} 前可以取，还剩 ${left(wish.file_until, now)}。` };
  return { there: false, making: false, words: wish.state === 'done' ? '已过了可以取的时间，文件已删除。' : wish.state_words };
}

/** How a wish to be forgotten stands. */
export function erasureState(wish: Wish, now = clock()): { undo: boolean; words: string } {
  if (wish.undo_until && Date.parse(wish.undo_until) > now)
    return { undo: true, words: `您已申请注销，${near(wish.undo_until, now)} 开始删除。在那以前随时可以取消，还剩 ${left(wish.undo_until, now)}。` };
  if (wish.state === 'asked' || wish.state === 'doing')
    return { undo: false, words: `正在删除，最晚 ${near(wish.due_at, now)} 办完。` };
  if (wish.state === 'withdrawn') return { undo: false, words: '您取消了注销，什么都没有删除。' };
  if (wish.state === 'refused') return { undo: false, words: '没有注销：您还有职务在身。请先联系上一级结束职务。' };
  return { undo: false, words: '已经注销。' };
}
