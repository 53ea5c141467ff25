import { watchPrivacy } from './core/privacy';
import { flush } from './core/queue';
import { prefetch } from './core/subscribe';

/** While the mini-program is open, what waits is tried again so often: a service that was being renewed is back. */
const AGAIN = 60_000;
let clock = 0;

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
    clearInterval(clock);
    clock = setInterval(() => void flush(), AGAIN) as unknown as number;
  },
  onHide() {
    clearInterval(clock);
  },
});
