/** The further questions of a kind of matter: which are asked now, and what an answer stops. As app/rules/questionnaire.py. */
import type { CategoryFormsOutCategoryQuestionOut } from '../types/api';

export type Ask = CategoryFormsOutCategoryQuestionOut;
export type Reply = boolean | number | string;
export type Replies = Record<string, Reply>;
export type Stop = Ask['stops'][number];

/** The questions that are asked after these replies, in their order. */
export function askedNow(questions: Ask[], replies: Replies): Ask[] {
  const asked: Ask[] = [];
  for (const question of questions) {
    const known = new Set(asked.map((one) => one.code));
    const fits = question.when.every(({ question: code, any }) => known.has(code) && code in replies && any.includes(replies[code] as boolean | string));
    if (fits) asked.push(question);
  }
  return asked;
}

/** Replies without those to what is not asked any more. */
export function pruned(questions: Ask[], replies: Replies): Replies {
  let kept = replies;
  // What hides one question may hide the next.
  for (let round = 0; round < questions.length; round += 1) {
    const asked = new Set(askedNow(questions, kept).map((one) => one.code));
    const rest = Object.fromEntries(Object.entries(kept).filter(([code]) => asked.has(code)));
    if (Object.keys(rest).length === Object.keys(kept).length) return rest;
    kept = rest;
  }
  return kept;
}

/** What stops the report, by these replies; null when nothing does. */
export function stopOf(questions: Ask[], replies: Replies): Stop | null {
  for (const question of askedNow(questions, replies))
    if (question.code in replies) {
      const found = question.stops.find((stop) => stop.any.includes(replies[question.code] as boolean | string));
      if (found) return found;
    }
  return null;
}

/** A number as it was typed; null while it is none, or out of its range. */
export function numberOf(question: Ask, typed: string): number | null {
  const value = Number(typed.trim());
  if (!typed.trim() || !Number.isFinite(value)) return null;
  return value >= (question.min ?? -Infinity) && value <= (question.max ?? Infinity) ? value : null;
}
