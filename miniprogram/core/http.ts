/** Asking the service as the person who holds this phone: a token, one silent login when it has ended, one key a deed. */
import { newKey } from './keys';
import { open, token } from './session';
import { Failure } from './errors';
import { type Method, type Request, send, upload } from './wire';

type Ask = Omit<Request, 'method' | 'path' | 'token'>;

/** Read something. Throws Failure. */
export function get<T>(path: string, query?: Request['query']): Promise<T> {
  return ask<T>('GET', path, { query });
}

/**
 * Do something, once: under `key`, or a fresh one, a repetition changes nothing. Throws Failure.
 * Whoever tries again later (queue.ts) keeps the key of the first try.
 */
export function post<T>(path: string, body?: object, key = newKey()): Promise<T> {
  return ask<T>('POST', path, { body, key });
}

/** Change something. Throws Failure. */
export function put<T>(path: string, body?: object, key = newKey()): Promise<T> {
  return ask<T>('PUT', path, { body, key });
}

/** Take something away. Throws Failure. */
export function remove<T>(path: string, query?: Request['query'], key = newKey()): Promise<T> {
  return ask<T>('DELETE', path, { query, key });
}

/** Send one file of this phone as the field `field` of a form. Throws Failure. */
export function putFile<T>(path: string, file: string, field: string, key = newKey()): Promise<T> {
  return signed((token) => upload<T>({ path, file, field, key, token }));
}

function ask<T>(method: Method, path: string, rest: Ask): Promise<T> {
  return signed((token) => send<T>({ method, path, token, ...rest }));
}

/** With the token at hand; when the service no longer knows it, once more with a new one. */
async function signed<T>(deed: (token: string) => Promise<T>): Promise<T> {
  const shown = token() || (await open());
  try {
    return await deed(shown);
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 401) throw error;
    // Another request may have opened a new session meanwhile.
    const now = token();
    return deed(now && now !== shown ? now : await open());
  }
}
