/** What can be reported in a community. */
import { get } from '../core/http';
import type { CategoryFormsOut, SuggestionsOutCategoryOut } from '../types/api';
import type { Ask } from './questionnaire';

export type Category = SuggestionsOutCategoryOut;

/** The further questions of each kind, by community, as this phone read them last. */
const asked = new Map<string, Map<string, Ask[]>>();

/** All kinds of matters of a community, what is dangerous first. */
export async function readCategories(community: string): Promise<Category[]> {
  const { categories } = await get<CategoryFormsOut>('/categories', { community });
  asked.set(community, new Map(categories.map((one) => [one.code, one.questions])));
  return [...categories].sort((a, b) => rank(b) - rank(a));
}

/** The further questions of a kind; none when they cannot be read: one reports all the same. */
export async function questionsOf(community: string, code: string): Promise<Ask[]> {
  if (!asked.has(community)) await readCategories(community).catch(() => undefined);
  return asked.get(community)?.get(code) ?? [];
}

const rank = ({ emergency, hazard }: Category) => Number(emergency) * 2 + Number(hazard);
