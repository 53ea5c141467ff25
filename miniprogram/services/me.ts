/** Who holds this phone, as the service knows the person. */
import { get, put } from '../core/http';
import type { MeOut } from '../types/api';

/** Name, roles and homes. */
export const readMe = () => get<MeOut>('/me');

/** Say how one wants to be called. */
export const rename = (name: string) => put<MeOut>('/me/name', { name });
