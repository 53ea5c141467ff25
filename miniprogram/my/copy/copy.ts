import { BLANK, act, fill, pulled } from '../../core/acting';
import { Failure } from '../../core/errors';
import { look } from '../../core/look';
import { type Wish, askCopy, copyState, fetchCopy, readWishes } from '../../services/personal';

/** What WeChat lets one do with a ZIP: on a computer save it, on a phone pass it on to a chat of one's own. */
const onComputer = () => ['windows', 'mac'].includes(wx.getDeviceInfo().platform);
const NAME = '我的数据.zip';

Page({
  behaviors: [look],
  data: { ...BLANK, key: '', words: '', there: false, making: false, file: '', computer: false },

  onShow() {
    this.setData({ computer: onComputer() });
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => this.shown((await readWishes()).find((one) => one.kind === 'export')));
  },

  ask() {
    return act(this, async () => {
      this.setData({ ...this.shown(await askCopy()), file: '' });
      return '已收到。做好以后在这里取，您可以先去忙别的。';
    });
  },

  fetch() {
    return act(this, async () => {
      this.setData({ file: await fetchCopy(this.data.key) });
      return this.data.computer ? '已下载，请点“存到电脑”。' : '已下载到手机，请再点一下“发到我自己的微信”。';
    });
  },

  // WeChat takes both of these only straight from a tap, so the download is a tap of its own.
  pass() {
    const filePath = this.data.file;
    return act(this, () =>
      settled('已发出。在电脑上登录微信打开它，解开压缩包就能看。', (done) =>
        this.data.computer
          ? wx.saveFileToDisk({ filePath, ...done })
          : wx.shareFileMessage({ filePath, fileName: NAME, ...done }),
      ),
    );
  },

  shown(wish: Wish | undefined) {
    return wish === undefined
      ? { key: '', words: '', there: false, making: false }
      : { key: wish.key, ...copyState(wish) };
  },
});

/** A call of WeChat as a promise; somebody who thinks better of it has done nothing wrong. */
function settled(said: string, call: (done: { success: () => void; fail: (e: { errMsg: string }) => void }) => void): Promise<string> {
  return new Promise((resolve, reject) =>
    call({
      success: () => resolve(said),
      fail: ({ errMsg }) =>
        /cancel/i.test(errMsg)
          ? resolve('')
          : reject(new Failure('refused_here', '这台手机上的微信发不出去。请在电脑上的微信里打开“家门口”，到同一个地方下载。')),
    }),
  );
}
