/** Files of this phone that must outlive the moment: a temporary file of WeChat may be gone tomorrow. */
import { newKey } from './keys';

/** Keep a photo or a recording until `drop`; gives its new path. Throws what WeChat says when there is no room. */
export function keep(temporary: string): Promise<string> {
  const tail = /\.[A-Za-z0-9]{1,5}$/.exec(temporary)?.[0] ?? '';
  const path = `${wx.env.USER_DATA_PATH}/kept-${newKey()}${tail}`;
  return new Promise((resolve, reject) =>
    wx.getFileSystemManager().copyFile({
      srcPath: temporary,
      destPath: path,
      success: () => resolve(path),
      fail: (error) => reject(new Error(error.errMsg)),
    }),
  );
}

/** Let a kept file go; one that is gone already is as well. */
export function drop(path: string): void {
  if (!path.startsWith(`${wx.env.USER_DATA_PATH}/kept-`)) return;
  wx.getFileSystemManager().unlink({ filePath: path, fail: () => undefined });
}
