/** Whether this phone is on the net, as WeChat tells it. */
export function online(): Promise<boolean> {
  return new Promise((resolve) =>
    wx.getNetworkType({ success: ({ networkType }) => resolve(networkType !== 'none'), fail: () => resolve(true) }),
  );
}
