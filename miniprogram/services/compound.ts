/** What the neighbours do for their compound: the team 创城专班, what was improved, and how well matters were seen to. */
import { get, post } from '../core/http';
import type { ImprovementsOut, StatisticsOut, TaskForceOut, TaskForcesOut } from '../types/api';
import { readDoor } from './door';

export interface Around {
  community: string;
  name: string;
  teams: TaskForceOut[];
  improvements: ImprovementsOut['improvements'];
  /** The three rates of this month, or why there are none. */
  rates: StatisticsOut['total']['rates'];
  period: string;
}

/** Everything of the community one lives in; null for who is not bound to a household. Throws Failure. */
export async function readAround(): Promise<Around | null> {
  const { place, community } = await readDoor();
  if (!place || !community) return null;
  const [teams, done, figures] = await Promise.all([
    get<TaskForcesOut>(`/communities/${community.key}/task_forces`),
    get<ImprovementsOut>(`/communities/${community.key}/improvements`, { limit: 10 }),
    get<StatisticsOut>('/statistics', { place: community.key, by: 'category' }),
  ]);
  const whole = await Promise.all(teams.task_forces.slice(0, 3).map((one) => readTeam(one.key)));
  return {
    community: community.key, name: community.name, teams: whole, improvements: done.improvements, rates: figures.total.rates, period: figures.period_words,
  };
}

/** A team with its four working rules. */
export const readTeam = (key: string) => get<TaskForceOut>(`/task_forces/${key}`);

/** Ask to join as one of the kinds open to residents. Throws Failure. */
export const joinTeam = (key: string, kind: string) => post<TaskForceOut>(`/task_forces/${key}/join`, { kind });

/** Leave it, or take back the wish to join. Throws Failure. */
export const leaveTeam = (key: string) => post<TaskForceOut>(`/task_forces/${key}/leave`, {});
