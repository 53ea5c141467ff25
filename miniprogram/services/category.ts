/** What can be reported in a community. */
import { get } from '../core/http';
import type { CategoriesOut, CategoriesOutCategoryOut } from '../types/api';

export type Category = CategoriesOutCategoryOut;

/** All kinds of matters of a community, what is dangerous first. */
export async function readCategories(community: string): Promise<Category[]> {
  const { categories } = await get<CategoriesOut>('/categories', { community });
  return [...categories].sort((a, b) => rank(b) - rank(a));
}

const rank = ({ emergency, hazard }: Category) => Number(emergency) * 2 + Number(hazard);
