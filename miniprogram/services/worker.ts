/** Who works where: the posts of the person with this phone, and whom one can dispatch. */
import { get } from '../core/http';
import { type Sent, perform } from '../core/queue';
import type { CaseOut, MeOut, WorkersOut } from '../types/api';

export type Worker = WorkersOut['workers'][number];

/** What somebody is on duty as: the keys of the communities. */
export interface Duty {
  /** Works in a grid of these. */
  grids: string[];
  /** Administers these. */
  communities: string[];
}

const DUTY = 'duty';
/** Whoever has one of these has something to do on the pages for staff. */
const STAFF = ['grid_worker', 'community_admin', 'mediator', 'volunteer'];

/** What one is on duty as, asked of the service; kept on this phone for when there is no network. Throws Failure. */
export async function readDuty(): Promise<Duty | null> {
  const duty = dutyOf(await get<MeOut>('/me'));
  if (duty) wx.setStorageSync(DUTY, duty);
  else wx.removeStorageSync(DUTY);
  return duty;
}

/** The same as it was known last. */
export const lastDuty = (): Duty | null => wx.getStorageSync<Duty>(DUTY) || null;

/** From what the service says of a person; null for somebody who holds no post here. */
export function dutyOf(me: Pick<MeOut, 'roles'>): Duty | null {
  const there = (kind: string) => me.roles.filter((role) => role.kind === kind).map((role) => role.place.key);
  if (!me.roles.some((role) => STAFF.includes(role.kind))) return null;
  return { grids: there('grid_worker'), communities: there('community_admin') };
}

/** Who can be dispatched in a community, the first to ask first. */
export const listWorkers = async (community: string) =>
  (await get<WorkersOut>(`/communities/${community}/workers`)).workers;

/** Give a case to a worker; without network it waits in the queue. */
export const dispatch = (one: Pick<CaseOut, 'key' | 'number'>, worker: Worker, note: string): Promise<Sent<CaseOut>> =>
  perform<CaseOut>({
    path: `/cases/${one.key}/dispatch`, body: { worker: worker.key, note }, title: `派给${worker.name}：#${one.number}`,
  });
