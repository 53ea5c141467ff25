/** Who holds this phone, as the service knows the person. */
import { get, post, put } from '../core/http';
import type { AgeIn, MeOut } from '../types/api';

export type Age = AgeIn['group'];

/** The three age groups, as one chooses them. */
export const AGES: { group: Age; words: string }[] = [
  { group: 'adult', words: '18 岁以上' },
  { group: 'teen', words: '14 到 17 岁' },
  { group: 'child', words: '未满 14 岁' },
];

/** Name, roles and homes. */
export const readMe = () => get<MeOut>('/me');

/** Say how one wants to be called. */
export const rename = (name: string) => put<MeOut>('/me/name', { name });

/** Keep the number WeChat vouches for; `code` is what its button gave. Refused until one agreed to `phone`. */
export const setPhone = (code: string) => post<MeOut>('/me/phone', { code });

/** Say in which age group one is; `person` is a child one is the guardian of. */
export const tellAge = (group: Age, person?: string) => post<MeOut>('/me/age', { group, person });

/** What stands under a person's name: the posts held, else what one is at this door. */
export function partsOf(me: MeOut): string {
  const posts = me.roles.map((role) => `${role.place.name}${role.name}`);
  return posts.length ? [...new Set(posts)].join('、') : me.homes.length ? '居民' : '还没有绑定住址';
}

/** The words of an age group; empty when it was not said. */
export const ageWords = (group: string) => AGES.find((one) => one.group === group)?.words ?? '';

/** What is still to be said about oneself, for the row that leads there: "请填称呼、年龄段". */
export function missing(me: MeOut): string {
  const lack = [...(me.person.name ? [] : ['称呼']), ...(me.age_group ? [] : ['年龄段'])];
  return lack.length ? `请填${lack.join('、')}` : '';
}
