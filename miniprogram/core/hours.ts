/** Moments of the service as one reads them, in Asia/Shanghai whatever this phone thinks. */
import { now as clock } from './clock';
const SHIFT = 8 * 3600_000;
const DAY = 24 * 3600_000;

/** "今天 17:30", "明天 09:00", "11月23日 17:30", "2025年11月23日 17:30". `moment` is ISO 8601 with its zone. */
export function near(moment: string, now = clock()): string {
  const at = Date.parse(moment);
  if (Number.isNaN(at)) return '';
  const [there, here] = [new Date(at + SHIFT), new Date(now + SHIFT)];
  const days = Math.floor((at + SHIFT) / DAY) - Math.floor((now + SHIFT) / DAY);
  const clock = `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`;
  const word = { '-1': '昨天', '0': '今天', '1': '明天' }[String(days)];
  if (word) return `${word} ${clock}`;
  const date = `${there.getUTCMonth() + 1}月${there.getUTCDate()}日 ${clock}`;
  return there.getUTCFullYear() === here.getUTCFullYear() ? date : `${there.getUTCFullYear()}年${date}`;
}

/** How long until a moment: "22 小时 40 分钟", "40 分钟"; empty when it is past. */
export function left(moment: string, now = clock()): string {
  const minutes = Math.floor((Date.parse(moment) - now) / 60_000);
  if (!(minutes >= 0)) return '';
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} 小时 ${minutes % 60} 分钟` : `${Math.max(minutes, 1)} 分钟`;
}

const two = (number: number) => String(number).padStart(2, '0');
