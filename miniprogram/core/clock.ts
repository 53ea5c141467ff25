/**
 * What time it is. A phone's clock may be wrong by a day, the service's is not: every answer tells it (RFC 9110, Date),
 * and the difference is remembered, so that a patrol walked without network is still told with the right hours.
 */
const AHEAD = 'clock-ahead';
/** Below this it is the line that was slow, not the clock that is wrong. Milliseconds. */
const SLACK = 60_000;

/** Milliseconds since 1970, by the service's clock as far as it is known. */
export function now(): number {
  return Date.now() - (wx.getStorageSync<number>(AHEAD) || 0);
}

/** Learn from an answer: `header` is its headers, in whatever case the phone writes their names. */
export function learn(header: Record<string, unknown> | undefined): void {
  const name = Object.keys(header ?? {}).find((one) => one.toLowerCase() === 'date');
  const told = name === undefined ? NaN : Date.parse(String(header![name]));
  if (Number.isNaN(told)) return;
  const ahead = Date.now() - told;
  const kept = Math.abs(ahead) < SLACK ? 0 : ahead;
  const held = wx.getStorageSync<number>(AHEAD) || 0;
  if (Math.abs(kept - held) >= SLACK) wx.setStorageSync(AHEAD, kept);
}
