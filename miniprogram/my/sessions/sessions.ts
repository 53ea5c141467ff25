import { BLANK, act, fill, pulled } from '../../core/acting';
import { near } from '../../core/hours';
import { look } from '../../core/look';
import { endSession, logOut, readSessions, where } from '../../services/session';

type Row = { key: string; words: string; times: string; current: boolean };

Page({
  behaviors: [look],
  data: { ...BLANK, rows: [] as Row[], asking: '' },

  onLoad() {
    return this.load();
  },

  onPullDownRefresh() {
    return pulled(() => this.load());
  },

  load() {
    return fill(this, async () => ({ rows: await rows() }));
  },

  think(event: WechatMiniprogram.TouchEvent) {
    this.setData({ asking: event.currentTarget.dataset.key as string, said: '', trouble: '' });
  },

  leave() {
    this.setData({ asking: '' });
  },

  end() {
    const asked = this.data.rows.find((one) => one.key === this.data.asking);
    return act(this, async () => {
      if (asked?.current) {
        await logOut();
        this.setData({ asking: '' });
        void wx.reLaunch({ url: '/pages/home/home' });
        return '';
      }
      await endSession(this.data.asking);
      this.setData({ asking: '', rows: await rows() });
      return '那里已经退出，要再用得重新登录。';
    });
  },
});

async function rows(): Promise<Row[]> {
  return (await readSessions()).map((one) => ({
    key: one.key,
    words: where(one),
    times: one.current ? '就是这里' : `最近用过：${near(one.seen_at)}，登录于${near(one.created_at)}`,
    current: one.current,
  }));
}
