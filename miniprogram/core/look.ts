/**
 * How large everything is: WeChat's own font setting, and the senior mode that one turns on in 我的 → 字体大小.
 *
 * A page wears it: `behaviors: [look]`, `<page-meta root-font-size="{{look.root}}" />` as its first node, and the class
 * `{{look.senior ? 'senior' : ''}}` on what holds the rest (the component `screen` does that).
 * Text is sized in rem, so both follow; MIIT《移动互联网应用（APP）适老化通用设计规范》 asks for 18 pt main text and 60 × 60 targets.
 */
export interface Look {
  /** The root font size, as page-meta takes it. */
  root: string;
  senior: boolean;
}

const SENIOR = 'senior';
/** Points of iOS and dp of Android are CSS pixels; 18 typographic points would be 24 of them, which keeps both readings. */
const SENIOR_ROOT = 24;
const LEAST_ROOT = 16;

/** What holds now. */
export function lookNow(): Look {
  const senior = wx.getStorageSync<boolean>(SENIOR) === true;
  const chosen = wx.getAppBaseInfo().fontSizeSetting ?? LEAST_ROOT;
  return { root: `${Math.max(chosen, senior ? SENIOR_ROOT : LEAST_ROOT)}px`, senior };
}

/** Turn the senior mode on or off; pages take it up when they are shown. */
export function setSenior(on: boolean): void {
  wx.setStorageSync(SENIOR, on);
}

export const look = Behavior({
  data: { look: { root: `${LEAST_ROOT}px`, senior: false } as Look },
  lifetimes: {
    attached() {
      this.setData({ look: lookNow() });
    },
  },
  pageLifetimes: {
    show() {
      const now = lookNow();
      if (now.root !== this.data.look.root || now.senior !== this.data.look.senior) this.setData({ look: now });
    },
  },
});
