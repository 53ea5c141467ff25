/** One request over the wire, and what came back as a value or as a Failure. Knows no session; see http.ts. */
import { learn } from './clock';
import { Failure } from './errors';
import { server } from './server';

/** wx.request knows no PATCH, so the service asks for none. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Request {
  method: Method;
  /** Below /api/v1, with a slash in front. */
  path: string;
  query?: Record<string, string | number | boolean | undefined | null>;
  body?: object;
  /** Idempotency-Key: the same deed with the same key is done once. */
  key?: string;
  token?: string;
}

export interface Upload {
  path: string;
  /** A file on this phone. */
  file: string;
  /** The field of the form that carries it. */
  field: string;
  key: string;
  token?: string;
}

/** Milliseconds: long enough for a slow line, short enough to be told. */
export const PATIENCE = 15_000;
export const UPLOAD_PATIENCE = 60_000;

/** Ask and wait for the answer. Throws Failure. */
export function send<T>(request: Request): Promise<T> {
  return new Promise((resolve, reject) =>
    wx.request({
      url: address(request.path, request.query),
      method: request.method,
      data: request.body,
      header: headers(request),
      timeout: PATIENCE,
      success: ({ statusCode, data, header }) => {
        learn(header as Record<string, unknown>);
        settle(statusCode, data, resolve, reject);
      },
      fail: (error) => reject(unanswered(error.errMsg)),
    }),
  );
}

/** Send one file. Throws Failure. */
export function upload<T>(file: Upload): Promise<T> {
  return new Promise((resolve, reject) =>
    wx.uploadFile({
      url: address(file.path),
      filePath: file.file,
      name: file.field,
      header: headers(file),
      timeout: UPLOAD_PATIENCE,
      success: ({ statusCode, data }) => settle(statusCode, data, resolve, reject),
      fail: (error) => reject(unanswered(error.errMsg)),
    }),
  );
}

/** A path that the service gave us (a photo, a recording), as a whole address. */
export function linked(path: string): string {
  return server() + path;
}

function address(path: string, query: Request['query'] = {}): string {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const tail = said.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return `${server()}/api/v1${path}${tail && `?${tail}`}`;
}

function headers(request: { key?: string; token?: string }): Record<string, string> {
  const said: Record<string, string> = {};
  if (request.token) said.Authorization = `Bearer ${request.token}`;
  if (request.key) said['Idempotency-Key'] = request.key;
  return said;
}

function settle<T>(status: number, data: unknown, resolve: (value: T) => void, reject: (error: Failure) => void): void {
  const said = typeof data === 'string' ? parsed(data) : data;
  if (status >= 200 && status < 300) return resolve(said as T);
  const error = (said as { error?: { code?: string; message?: string; fields?: Record<string, string> } } | null)?.error;
  if (error?.code && error.message) return reject(new Failure(error.code, error.message, error.fields ?? {}, status));
  const why = status === 413 ? '文件太大了，请换一张小一点的照片。' : '服务正在恢复，请过几分钟再试。您写的都还在。';
  reject(new Failure('unreadable', why, {}, status));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unanswered(said: string): Failure {
  // Of an upload: the network is not to blame, and waiting for it would be for ever.
  if (/not found|no such file/i.test(said)) return new Failure('file_gone', '在手机里找不到了，请重新拍或重新录。');
  return /timeout/i.test(said)
    ? new Failure('timeout', '等了很久没有回音，请换个信号好的地方再试。')
    : new Failure('offline', '现在没有网络，请连上后再试。');
}
