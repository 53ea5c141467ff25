/**
 * Asking for one message at the tap where it makes sense: "办好了告诉我". WeChat lets the service send one message for one
 * yes, asks only inside a tap (wx.requestSubscribeMessage), and tells the service by an event of its own, so nothing is
 * counted here: GET /subscriptions is the service's own count.
 */
import { get } from './http';
import type { SubscriptionsOut, SubscriptionsOutLeftOut } from '../types/api';

/** WeChat takes up to five templates at once; more than three in one dialog nobody reads. */
const AT_ONCE = 3;
/** A no holds for this long on this phone: nobody is asked twice a day. Milliseconds. */
const NO_HOLDS = 24 * 3600 * 1000;
const NO = 'asked-no';
/** The main switch of all messages is off (wx.requestSubscribeMessage, errCode). */
const SWITCHED_OFF = 20004;

/** A yes reaches the service by an event of WeChat's; until then this phone's own count holds, so long. Milliseconds. */
const ON_THE_WAY = 30 * 1000;
/** What to say when somebody taps before the templates are at hand. */
export const NOT_YET = '还没准备好，请稍等一下再点一次。';

let known: SubscriptionsOutLeftOut[] = [];
/** When this phone heard the last yes. */
let heard = -Infinity;

/** The templates and how many messages are left of each; kept at hand for `askToTell`. Throws Failure. */
export async function readLeft(): Promise<SubscriptionsOutLeftOut[]> {
  const { subscriptions } = await get<SubscriptionsOut>('/subscriptions');
  const mine = Date.now() - heard < ON_THE_WAY ? left : () => 0;
  known = subscriptions.map((row) => ({ ...row, remaining: Math.max(row.remaining, mine(row.kind)) }));
  return known;
}

/** Fetch the templates, so that they are at hand when somebody taps: WeChat asks only inside the tap itself. */
export async function prefetch(): Promise<void> {
  try {
    await readLeft();
  } catch {
    // Without them nobody is asked now; the next page that opens tries again.
  }
}

/** How many messages of a kind the service may still send. */
export function left(kind: string): number {
  return known.find((one) => one.kind === kind)?.remaining ?? 0;
}

/** What there is to ask for now: of these kinds those the service cannot send any more and nobody said no to today. */
export function toAsk(kinds: string[], rows: SubscriptionsOutLeftOut[], said: Record<string, number>, at: number): string[] {
  const open = kinds.map((kind) => rows.find((row) => row.kind === kind));
  return open
    .filter((row) => row !== undefined && row.remaining === 0 && !(at - (said[row.kind] ?? 0) < NO_HOLDS))
    .map((row) => row!.template_id)
    .slice(0, AT_ONCE);
}

/** Ask, in a tap, for messages of these kinds. Never throws; done when the dialog is closed or none was needed. */
export async function askToTell(kinds: string[]): Promise<void> {
  const said = wx.getStorageSync<Record<string, number>>(NO) || {};
  const ids = toAsk(kinds, known, said, Date.now());
  if (ids.length > 0) await ask(ids, said);
}

/**
 * The same where somebody asks for it by name (我的 → 消息): an earlier no does not count. Gives whether the answer was
 * yes; null when nobody was asked, because the templates are not at hand yet.
 */
export async function askAgain(kind: string): Promise<boolean | null> {
  const row = known.find((one) => one.kind === kind);
  if (row === undefined) {
    await prefetch();
    return null;
  }
  return ask([row.template_id], {});
}

/** Gives whether any answer was yes. */
function ask(ids: string[], said: Record<string, number>): Promise<boolean> {
  let yes = false;
  return new Promise((resolve) =>
    wx.requestSubscribeMessage({
      tmplIds: ids,
      success: (answer) => {
        const at = Date.now();
        for (const row of known.filter((one) => ids.includes(one.template_id))) {
          if (answer[row.template_id] === 'accept') {
            row.remaining += 1;
            heard = at;
            yes = true;
          } else said[row.kind] = at;
        }
        wx.setStorageSync(NO, said);
      },
      // Switched off in WeChat's settings is a no; without network nothing was asked at all.
      fail: (error) => {
        if ((error as { errCode?: number }).errCode !== SWITCHED_OFF) return;
        const at = Date.now();
        for (const row of known.filter((one) => ids.includes(one.template_id))) said[row.kind] = at;
        wx.setStorageSync(NO, said);
      },
      complete: () => resolve(yes),
    }),
  );
}
