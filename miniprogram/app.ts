import { watchPrivacy } from './core/privacy';
import { flush } from './core/queue';
import { prefetch } from './core/subscribe';

App({
  onLaunch() {
    watchPrivacy();
    wx.onNetworkStatusChange(({ isConnected }) => {
      if (isConnected) void flush();
    });
  },
  onShow() {
    void flush();
    void prefetch();
  },
});
