/** Where one is logged in. */
import { forget } from '../core/session';
import { get, post, remove } from '../core/http';
import type { SessionsOut, SessionsOutSessionOut } from '../types/api';

export type Session = SessionsOutSessionOut;

export const readSessions = async () => (await get<SessionsOut>('/sessions')).sessions;

/** End another session, as that of a lost phone. */
export const endSession = (key: string) => remove<void>(`/sessions/${key}`);

/** End the one of this phone; the next request opens a new one. */
export async function logOut(): Promise<void> {
  await post<void>('/logout');
  forget();
}

const DOORS: Record<string, string> = { api: '小程序', console: '电脑上的工作台' };
const DEVICES: [RegExp, string][] = [
  [/iPad/i, '苹果平板'], [/iPhone/i, '苹果手机'], [/HarmonyOS|OpenHarmony/i, '鸿蒙手机'], [/Android/i, '安卓手机'],
  [/Macintosh|Mac OS/i, '苹果电脑'], [/Windows/i, 'Windows 电脑'], [/Linux/i, '电脑'],
];

/** What it is, as one recognizes it: "苹果手机上的小程序". */
export function where(session: Session): string {
  const device = DEVICES.find(([sign]) => sign.test(session.agent))?.[1];
  const door = DOORS[session.door] ?? session.door;
  return device && session.door === 'api' ? `${device}上的${door}` : device ? `${door}（${device}）` : door;
}
