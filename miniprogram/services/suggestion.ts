/** Which kind of matter words speak of, said while somebody still types. */
import { post } from '../core/http';
import type { SuggestionsOut, SuggestionsOutSuggestionOut } from '../types/api';

export type Suggestion = SuggestionsOutSuggestionOut;

/** More says nothing new about the kind, and the service takes no more than 2,500. */
const ENOUGH = 1000;

/** At most three, the best first; none for words that speak of nothing known. */
export async function suggest(community: string, words: string): Promise<Suggestion[]> {
  const said = [...words.trim()].slice(0, ENOUGH).join('');
  return said ? (await post<SuggestionsOut>('/suggestions', { community, words: said })).suggestions : [];
}
