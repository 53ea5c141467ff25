/** The session with the service: one token on this phone, opened by WeChat's own login, without a question. */
import type { LoginOut } from '../types/api';
import { Failure } from './errors';
import { send } from './wire';

const TOKEN = 'token';
let opening: Promise<string> | null = null;

/** The token of the session that is open, empty without one. */
export function token(): string {
  return wx.getStorageSync<string>(TOKEN) || '';
}

/** Open a session; several that ask at once share one login. Throws Failure. */
export function open(): Promise<string> {
  opening ??= login().finally(() => (opening = null));
  return opening;
}

/** Forget the session on this phone; the service is told by services/session.ts. */
export function forget(): void {
  wx.removeStorageSync(TOKEN);
}

async function login(): Promise<string> {
  forget();
  const code = await new Promise<string>((resolve, reject) =>
    wx.login({
      success: (answer) => resolve(answer.code),
      fail: () => reject(new Failure('offline', '连不上微信，请检查网络后再试。')),
    }),
  );
  const answer = await send<LoginOut>({ method: 'POST', path: '/login', body: { code } });
  wx.setStorageSync(TOKEN, answer.token);
  return answer.token;
}
