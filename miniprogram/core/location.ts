/** Where this phone is, as far as its owner lets us know. Nothing works worse than "a little less handy" without it. */
import type { Point } from './coordinates';

/** yes: we may ask; no: it was refused, only the settings change that; unasked: WeChat will ask when we do. */
export type Leave = 'yes' | 'no' | 'unasked';

/** Whether we may know; asks nobody. */
export function leave(): Promise<Leave> {
  return new Promise((resolve) =>
    wx.getSetting({
      success: ({ authSetting }) => resolve(({ true: 'yes', false: 'no' } as const)[String(authSetting['scope.userLocation'])] ?? 'unasked'),
      fail: () => resolve('unasked'),
    }),
  );
}

/** Where this phone is in WGS-84; null when it is not allowed or not known. WeChat asks the first time. */
export function here(): Promise<Point | null> {
  return new Promise((resolve) =>
    wx.getLocation({
      type: 'wgs84',
      success: ({ latitude, longitude }) => resolve({ lat: latitude, lng: longitude }),
      fail: () => resolve(null),
    }),
  );
}
