/** What one is asked to agree to, what one answered, and the rules by which data are kept. */
import { get, post } from '../core/http';
import type { AnswerIn, ConsentsOut, ConsentsOutConsentOut, PrivacyOut, TextsOut, TextsOutTextOut } from '../types/api';

export type Kind = AnswerIn['kind'];
export type Answer = AnswerIn['answer'];
export type Consent = ConsentsOutConsentOut;
export type Text = TextsOutTextOut;

/** The texts in force. */
export const readTexts = async () => (await get<TextsOut>('/consents/texts')).texts;

/** How one has answered; of `person` when one acts for somebody. */
export const readConsents = async (person?: string) => (await get<ConsentsOut>('/consents', { person })).consents;

/** Agree, refuse or take it back, to the version that was read. */
export const answerConsent = async (kind: Kind, version: number, answer: Answer, person?: string) =>
  (await post<ConsentsOut>('/consents', { kind, version, answer, person })).consents;

/** The rules: what is kept, why, how long, who gets it, and what one may ask for. */
export const readPrivacy = () => get<PrivacyOut>('/privacy');

/** How one stands to a text, for people. */
export function answerWords(consent: Consent): string {
  const who = consent.by_another ? '家人替您' : '您';
  return {
    given: `${who}已同意`, refused: `${who}选了不同意`, withdrawn: `${who}已撤回`, not_asked: '还没有问过您',
  }[consent.state] ?? '';
}
