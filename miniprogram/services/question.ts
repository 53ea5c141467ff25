/** Questions of the community about a case one reported, and the answers. */
import { type Sent, perform } from '../core/queue';
import type { CaseOut } from '../types/api';

export type Question = CaseOut['questions'][number];

/** The question that waits for this person; null when there is none. */
export const openOf = (one: CaseOut): Question | null => one.questions.find((row) => row.may_answer) ?? null;

/** Answer it with words and photos; without network the answer waits in the queue. Throws Failure. */
export function answerQuestion(question: Question, number: number, words: string, files: string[]): Promise<Sent<CaseOut>> {
  return perform<CaseOut>({
    path: `/questions/${question.key}/answer`, body: { text: words.trim() },
    attachments: files.map((file) => ({ path: '/photos' as const, list: 'photos', file })), title: `回答社区的问题：#${number}`,
  });
}
