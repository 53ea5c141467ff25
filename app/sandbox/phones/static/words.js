/** Times and short forms, as the whole of 家门口 says them. */

const ZONE = "Asia/Shanghai";
const parts = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, hourCycle: "h23",
  year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
});
const whole = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, dateStyle: "full", timeStyle: "medium" });
const DAY = 86_400_000;

const read = (ms) => Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, value]));
const sameDay = (a, b) => a.year === b.year && a.month === b.month && a.day === b.day;

/** "17:30" today, "昨天 17:30", "5月3日 17:30", with the year when it is another one. Seconds since 1970 go in. */
export function near(seconds, today = Date.now()) {
  const [then, now] = [read(seconds * 1000), read(today)];
  const time = `${then.hour}:${then.minute}`;
  if (sameDay(then, now)) return time;
  if (sameDay(then, read(today - DAY))) return `昨天 ${time}`;
  const day = `${then.month}月${then.day}日 ${time}`;
  return then.year === now.year ? day : `${then.year}年${day}`;
}

export const full = (seconds) => whole.format(seconds * 1000);

/** "30 秒", "10 分钟", "2 小时", "30 天": the largest unit that fits. */
export function span(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} 秒`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} 分钟`;
  if (seconds < 86400) return `${Math.round(seconds / 3600)} 小时`;
  return `${Math.round(seconds / 86400)} 天`;
}

const SHORT = {
  image: () => "[照片]",
  voice: (item) => `[语音] ${item.recognition ?? ""}`,
  location: (item) => `[位置] ${item.label ?? ""}`,
  link: (item) => `[链接] ${item.title ?? ""}`,
  news: (item) => `[图文] ${item.title ?? ""}`,
  miniprogrampage: (item) => `[小程序] ${item.title ?? ""}`,
};

/** One line that stands for the item in the list of chats and in a banner. */
export function brief(item) {
  const text = SHORT[item.kind]?.(item) ?? item.title ?? item.text ?? "";
  return text.replace(/<\/?a\b[^<>]*>/gi, "").replace(/\s+/g, " ").trim();
}
