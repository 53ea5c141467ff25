"""The span of time a figure is about: whole days of Asia/Shanghai, from the first to the last, both counted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.rules.clock import ZONE
from app.rules.refusal import Refusal

#: The longest span one may ask for, in days.
MOST_DAYS = 366
#: No case is older.
FIRST_DAY = date(2020, 1, 1)
UNITS = {"week": "本周", "month": "本月", "last_month": "上月", "quarter": "本季度", "year": "今年"}


@dataclass(frozen=True)
class Period:
    """From the first day to the last; `start` and `stop` are its bounds as moments, the second not in it."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def stop(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))

    @property
    def words(self) -> str:
        """ "2026 年 11 月 1 日至 30 日"."""
        first, last = self.first, self.last
        begin = f"{first.year} 年 {first.month} 月 {first.day} 日"
        if first == last:
            return begin
        year = "" if first.year == last.year else f"{last.year} 年 "
        month = "" if not year and first.month == last.month else f"{last.month} 月 "
        return f"{begin}至 {year}{month}{last.day} 日"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE).astimezone(UTC)


def today(moment: datetime) -> date:
    """The day it is in Shanghai."""
    return moment.astimezone(ZONE).date()


def named(unit: str, moment: datetime) -> Period:
    """The week (from Monday), month, quarter or year that a moment lies in, or the month before; see UNITS."""
    day = today(moment)
    month = day.replace(day=1)
    if unit == "week":
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6))
    if unit == "last_month":
        return Period((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1))
    if unit == "quarter":
        first = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        return Period(first, _after(first, 3) - timedelta(days=1))
    if unit == "year":
        return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))
    return Period(month, _after(month, 1) - timedelta(days=1))


def _after(first: date, months: int) -> date:
    count = first.month - 1 + months
    return date(first.year + count // 12, count % 12 + 1, 1)


def between(first: date | None, last: date | None, moment: datetime) -> Period:
    """The span between two days; one that is missing is the begin or end of this month, or of the other's.

    Raises Refusal `period_invalid` for a span that is backwards, longer than 366 days or out of this world.
    """
    if first is None:
        first = (last or today(moment)).replace(day=1)
    if last is None:
        last = _after(first.replace(day=1), 1) - timedelta(days=1) if first.year < 9999 else first
    if first < FIRST_DAY or last > today(moment) + timedelta(days=MOST_DAYS):
        raise Refusal("period_invalid", "日期超出了范围，请重新选择。", {"from": "日期超出了范围"})
    if last < first:
        raise Refusal("period_invalid", "结束日期不能早于开始日期。", {"to": "早于开始日期"})
    if (last - first).days >= MOST_DAYS:
        raise Refusal("period_invalid", f"一次最多看 {MOST_DAYS} 天，请缩短时间。", {"to": "时间太长"})
    return Period(first, last)


def is_past_month(period: Period, moment: datetime) -> bool:
    """Whether it is one whole calendar month that is over.

    Only such spans are shown to those who may see sums alone: two spans that overlap would tell by subtraction what
    happened on the days in which they differ.
    """
    whole = period.first.day == 1 and period.last == _after(period.first, 1) - timedelta(days=1)
    return whole and period.last < today(moment)
