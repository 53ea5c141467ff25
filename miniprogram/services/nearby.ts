/** What is known already near by, before somebody reports it again. */
import { post } from '../core/http';
import type { NearsOut, NearsOutNearOut, WhereIn } from '../types/api';

export type Near = NearsOutNearOut;

/** Open cases at the same place or within 50 m, at most five, the nearest first. */
export const findNear = async (where: Partial<WhereIn>) => (await post<NearsOut>('/nearby', where)).cases;
