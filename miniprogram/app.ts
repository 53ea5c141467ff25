import { flush } from './core/queue';

App({
  onLaunch() {
    wx.onNetworkStatusChange(({ isConnected }) => {
      if (isConnected) void flush();
    });
  },
  onShow() {
    void flush();
  },
});
