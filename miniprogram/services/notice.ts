/** What the community tells those who live in a place. */
import { get } from '../core/http';
import type { NoticeOut, NoticesOut } from '../types/api';

type Brief = NoticesOut['notices'][number];

/** The icon of each kind; the word stands beside it. */
const ICONS: Record<string, string> = {
  water_power: 'tap', safety: 'shield', meeting: 'meeting', affairs: 'list', life: 'home',
};

/** Notices for where I live, the newest first; `cursor` is `next` of the page before. */
export const listNotices = (cursor?: string) => get<NoticesOut>('/notices', { cursor });

/** One notice; opening it marks it as read. */
export const readNotice = (key: string) => get<NoticeOut>(`/notices/${key}`);

/** The icon of a kind. */
export const iconOf = (kind: string) => ICONS[kind] ?? 'notice';

/** What is urgent, valid and unread comes first; the rest keeps its order, the newest first. */
export function urgentFirst<T extends Pick<Brief, 'urgent' | 'read' | 'withdrawn'>>(rows: T[]): T[] {
  const presses = (row: T) => row.urgent && !row.read && !row.withdrawn;
  return [...rows.filter(presses), ...rows.filter((row) => !presses(row))];
}
