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
  opening ??= login()
    .catch((error: unknown) => login(error))
    .finally(() => (opening = null));
  return opening;
}

/** Forget the session on this phone; the service is told by services/session.ts. */
export function forget(): void {
  wx.removeStorageSync(TOKEN);
}

/** Log in; `before` is what the first try met: a code of WeChat may be spent or too old, a fresh one then serves. */
async function login(before?: unknown): Promise<string> {
  if (before !== undefined && !spent(before)) throw before;
  forget();
  const code = await new Promise<string>((resolve, reject) =>
    wx.login({
      success: (answer) => resolve(answer.code),
      fail: () => reject(new Failure('offline', '连不上微信，请检查网络后再试。')),
    }),
  );
  const answer = await send<LoginOut>({ method: 'POST', path: '/login', body: { code } }).catch((error: unknown) => {
    // It is the login that was refused and not what somebody wanted to do: that can wait.
    throw before !== undefined && spent(error) ? new Failure('no_login', '微信登录没有成功，请过一会儿再试。您写的都还在。') : error;
  });
  wx.setStorageSync(TOKEN, answer.token);
  return answer.token;
}

function spent(error: unknown): boolean {
  return error instanceof Failure && error.code === 'code_invalid';
}
