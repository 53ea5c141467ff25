/** What pages do alike: fill themselves, and do what was tapped, one deed at a time, saying what came of it. */
import { sentence } from './errors';

/** A page with the data that `fill` and `act` write: `said` is good news, `trouble` what went wrong and what to do. */
export interface Acting {
  data: { state: string; busy: boolean };
  setData(news: Record<string, unknown>): void;
}

/** What such a page begins with. */
export const BLANK = { state: 'loading', message: '', said: '', trouble: '', busy: false };

/** Read what the page shows. What is there already stays when it cannot be read anew. Gives whether it could. */
export async function fill(page: Acting, read: () => Promise<object>): Promise<boolean> {
  try {
    page.setData({ ...(await read()), state: 'ready', message: '' });
    return true;
  } catch (error) {
    const shown = page.data.state === 'ready';
    page.setData(shown ? { trouble: sentence(error) } : { state: 'failed', message: sentence(error) });
    return false;
  }
}

/** Do one thing; a second tap meanwhile does nothing. `deed` gives what to say of it. Gives whether it was done. */
export async function act(page: Acting, deed: () => Promise<string>): Promise<boolean> {
  if (page.data.busy) return false;
  page.setData({ busy: true, said: '', trouble: '' });
  try {
    page.setData({ busy: false, said: await deed() });
    return true;
  } catch (error) {
    page.setData({ busy: false, trouble: sentence(error) });
    return false;
  }
}

/** The same after one pulled the page down. */
export async function pulled(load: () => Promise<unknown>): Promise<void> {
  await load();
  wx.stopPullDownRefresh();
}
