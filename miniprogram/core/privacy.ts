/**
 * WeChat's privacy agreement: before the first call that touches photos, place, microphone or phone number WeChat asks the
 * mini-program to show its own sheet with a button of WeChat (`open-type="agreePrivacyAuthorization"`); the call waits for
 * the answer (platform page 小程序隐私协议开发指南, enforced since 2023-10-17).
 *
 * The sheet is in components/screen, so every page has it; the one on top shows it.
 */
type Answer = (said: { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }) => void;

interface Sheet {
  show(): void;
  hide(): void;
}

/** The button of the sheet, as WeChat wants to know it. */
export const AGREE = 'agree-privacy';

const sheets: Sheet[] = [];
let asked: Answer[] = [];

/** Once, when the mini-program starts. */
export function watchPrivacy(): void {
  wx.onNeedPrivacyAuthorization((resolve) => {
    asked.push(resolve as unknown as Answer);
    const sheet = sheets[sheets.length - 1];
    if (sheet === undefined) return answer('disagree'); // no page can show it: the call fails, as after a no
    sheet.show();
    (resolve as unknown as Answer)({ event: 'exposureAuthorization' });
  });
}

/** A sheet that can be shown now; the last one is that of the page on top. */
export function enter(sheet: Sheet): void {
  leave(sheet);
  sheets.push(sheet);
}

/** A sheet whose page is left. */
export function leave(sheet: Sheet): void {
  const at = sheets.indexOf(sheet);
  if (at >= 0) sheets.splice(at, 1);
}

/** What the person said, for every call that waits. */
export function answer(event: 'agree' | 'disagree'): void {
  const waiting = asked;
  asked = [];
  sheets.forEach((sheet) => sheet.hide());
  waiting.forEach((resolve) => resolve(event === 'agree' ? { event, buttonId: AGREE } : { event }));
}
