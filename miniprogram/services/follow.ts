/** 我也遇到了: what others reported and one goes along with. */
import { get, post, remove } from '../core/http';
import type { FollowedOut, NearsOut } from '../types/api';

/** What I follow, the newest first; also what is done by now. */
export const listFollows = () => get<NearsOut>('/follows');

/** Say 我也遇到了: one is told when it is done. */
export const follow = (key: string) => post<FollowedOut>(`/cases/${key}/follow`);

/** Follow it no longer. */
export const unfollow = (key: string) => remove<FollowedOut>(`/cases/${key}/follow`);
