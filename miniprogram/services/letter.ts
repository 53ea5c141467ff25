/** Which messages one lets the community send, and how many of each are left. */
import type { SubscriptionsOutLeftOut } from '../types/api';

export type Left = SubscriptionsOutLeftOut;

const WORDS: Record<string, { title: string; note: string; staff: boolean }> = {
  case_progress: { title: '办理进度', note: '您报的事有人接了、办好了，就告诉您。', staff: false },
  judge_please: { title: '请您评价', note: '办好以后，请您说说满不满意。', staff: false },
  answer_waiting: { title: '社区回复', note: '社区在对话里答复了您。', staff: false },
  case_assigned: { title: '新任务', note: '有新的事派给您。', staff: true },
  case_reminder: { title: '任务快到期', note: '手上的事快到时限了。', staff: true },
};

/** The kinds that concern somebody: the staff's only who is on duty. With words for the screen. */
export function concerning(rows: Left[], onDuty: boolean): (Left & { title: string; note: string; words: string })[] {
  return rows
    .filter((row) => row.kind in WORDS && (onDuty || !WORDS[row.kind]!.staff))
    .map((row) => ({ ...row, title: WORDS[row.kind]!.title, note: WORDS[row.kind]!.note, words: leftWords(row) }));
}

/** "还可以发 3 条", or that none may come. */
export function leftWords(row: Left): string {
  if (row.remaining > 0) return `还可以发 ${row.remaining} 条`;
  return row.refused ? '您选了不接收' : '现在一条也不能发';
}
