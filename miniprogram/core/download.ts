/** A file of the service that only the person who holds this phone may have. */
import { Failure } from './errors';
import { server } from './server';
import { open, token } from './session';

/** Milliseconds: a copy with many photos over a slow line. */
const PATIENCE = 300_000;

/** Fetch the file at a path below /api/v1; gives where it lies on this phone until WeChat tidies. Throws Failure. */
export async function download(path: string): Promise<string> {
  const first = await attempt(path, token() || (await open()));
  const answer = first.statusCode === 401 ? await attempt(path, await open()) : first;
  if (answer.statusCode === 200) return answer.tempFilePath;
  if (answer.statusCode === 404) throw new Failure('not_found', '这份文件已经取不到了，请重新申请一份。', {}, 404);
  throw new Failure('unreadable', '服务正在恢复，请过几分钟再试。', {}, answer.statusCode);
}

function attempt(path: string, bearer: string): Promise<{ statusCode: number; tempFilePath: string }> {
  return new Promise((resolve, reject) =>
    wx.downloadFile({
      url: `${server()}/api/v1${path}`,
      header: { Authorization: `Bearer ${bearer}` },
      timeout: PATIENCE,
      success: resolve,
      fail: (error) =>
        reject(
          /timeout/i.test(error.errMsg)
            ? new Failure('timeout', '等了很久没有下载完，请换个信号好的地方再试。')
            : new Failure('offline', '没有下载成功，请检查网络后再试。'),
        ),
    }),
  );
}
