/** Who looked at one's data, or changed it, and why. */
import { get } from '../core/http';
import type { ReadersOut, ReadersOutReaderOut } from '../types/api';

export type Reader = ReadersOutReaderOut;

/** One page, the newest first; `next` leads to what was before. */
export const readReaders = (cursor?: string | null) => get<ReadersOut>('/me/readers', { cursor });

/** One row as a sentence: "惠民社区的网格员 查看事项". */
export function told(reader: Reader): string {
  const who = reader.part === '系统' ? '系统' : `${reader.community ? `${reader.community}的` : ''}${reader.part}`;
  return reader.result === 'done' ? `${who}：${reader.deed}` : `${who}：${reader.deed}（${reader.told}）`;
}
