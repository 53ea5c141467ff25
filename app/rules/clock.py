"""Deadlines by the four clocks of city management, and how we speak of time.

urgent_hour (紧急工作时) runs day and night, and so does urgent_minute, its small change for limits under an hour;
work_hour (工作时) runs in office hours only; both hours count from the moment itself (Civil Code Art. 201 para. 2).
work_day (工作日) ends with the close of business of the n-th working day after the day of the start.
natural_day (自然日) ends at the same time of day n days later.

The first day: the day of the start is never counted where days are counted (Art. 201 para. 1): a limit of one working
day that begins on Monday at 08:30 or at 23:00 ends on Tuesday; one that begins on a rest day has the next working day
as its first. The last day: our limits are promises of service, so natural days end on a rest day too, and so does what
a resident was told. A period set by law is another thing, and `due(…, statutory=True)` counts it: a last day that is a
rest day moves to the first working day after it, and it ends with the close of business (Art. 203). Working days end
so anyway, and hours are never moved.

Statutory holidays and make-up workdays (调休) come with the Calendar; in a year of which nobody has loaded the
calendar yet a day is what its weekday says (app.rules.holiday tells the desk). Days are those of Asia/Shanghai;
results are in UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Clock = Literal["urgent_minute", "urgent_hour", "work_hour", "work_day", "natural_day"]

ZONE = ZoneInfo("Asia/Shanghai")
MAX_AMOUNT = 3660
_UNIT = {
    "urgent_minute": timedelta(minutes=1),
    "urgent_hour": timedelta(hours=1),
    "work_hour": timedelta(hours=1),
    "work_day": timedelta(days=1),
    "natural_day": timedelta(days=1),
}
_NOTHING = timedelta(0)


@dataclass(frozen=True)
class Calendar:
    """When an office works: hours of a working day, holidays, and make-up workdays on what would be a weekend."""

    rest: frozenset[date]
    work: frozenset[date]
    hours: tuple[tuple[time, time], ...]

    @classmethod
    def from_days(
        cls, rest: Iterable[date], work: Iterable[date], hours: Iterable[tuple[time, time]]
    ) -> "Calendar":
        """rest and work: the days that differ from their weekday; hours: (from, to) in order, without overlap.

        Raises ValueError when there are no hours, or they overlap, or a day is both.
        """
        calendar = cls(frozenset(rest), frozenset(work), tuple(hours))
        edges = [edge for span in calendar.hours for edge in span]
        if not edges or any(later <= earlier for earlier, later in zip(edges, edges[1:], strict=False)):
            raise ValueError("office hours must be given in order and without overlap")
        if calendar.rest & calendar.work:
            raise ValueError("a day cannot be both a rest day and a workday")
        return calendar

    def works_on(self, day: date) -> bool:
        """Whether the office works on a day: Monday to Friday, but for holidays and make-up workdays."""
        return day in self.work or (day.weekday() < 5 and day not in self.rest)

    def spans(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The office hours from a moment on, the first cut to begin at it; endless."""
        day = moment.date()
        while True:
            for opens, closes in self.hours if self.works_on(day) else ():
                start, end = _at(day, opens), _at(day, closes)
                if end > moment:
                    yield max(start, moment), end
            day += timedelta(days=1)

    def closing(self, day: date) -> datetime:
        """The close of business of a day."""
        return _at(day, self.hours[-1][1])


def due(start: datetime, amount: int, clock: Clock, calendar: Calendar, *, statutory: bool = False) -> datetime:
    """The deadline, in UTC, of a limit of so many units of a clock that begins at an aware moment.

    `statutory`: the period is set by law, and natural days end as Civil Code Art. 203 says.
    Raises ValueError for a naive start, an unknown clock or an amount outside 1 to 3660.
    """
    if not 1 <= amount <= MAX_AMOUNT:
        raise ValueError(f"a limit is 1 to {MAX_AMOUNT} units")
    if statutory and clock == "natural_day":
        last = _next_workday(_local(start).date() + timedelta(days=amount), calendar)
        return calendar.closing(last).astimezone(UTC)
    return due_in(start, amount * _unit(clock), clock, calendar)


def due_in(start: datetime, time_left: timedelta, clock: Clock, calendar: Calendar) -> datetime:
    """The deadline, in UTC, when so much of a limit is left; a day of a work_day clock is one working day."""
    begin = _local(start)
    _unit(clock)
    if clock == "work_hour":
        return _after_office_time(begin, time_left, calendar).astimezone(UTC)
    if clock == "work_day":
        return _after_work_days(begin, time_left.days, calendar).astimezone(UTC)
    return start.astimezone(UTC) + time_left  # Asia/Shanghai knows no summer time: a day has 24 hours


def used(start: datetime, until: datetime, clock: Clock, calendar: Calendar) -> timedelta:
    """How much of a clock has run between two moments.

    A working day counts as used from its beginning, the day of the start never: so a hold costs the limit exactly the
    working days that pass until it is resumed.
    """
    begin, end = _local(start), _local(until)
    _unit(clock)
    if end <= begin:
        return _NOTHING
    if clock == "work_hour":
        return _office_time(begin, end, calendar)
    if clock == "work_day":
        days = (begin.date() + timedelta(days=n) for n in range(1, (end.date() - begin.date()).days + 1))
        return timedelta(days=sum(calendar.works_on(day) for day in days))
    return end - begin


def remaining(start: datetime, amount: int, clock: Clock, held: datetime, calendar: Calendar) -> timedelta:
    """What is left of a limit that is put on hold at a moment; due_in() from the day of resuming gives the new end."""
    return max(amount * _unit(clock) - used(start, held, clock, calendar), _NOTHING)


def near(moment: datetime, now: datetime) -> str:
    """A moment as one says it: "今天 17:30", "明天 09:00", "11月25日 17:30", with the year when it is another."""
    there, here = _local(moment), _local(now)
    day = {-1: "昨天", 0: "今天", 1: "明天"}.get((there.date() - here.date()).days)
    if day is None:
        year = "" if there.year == here.year else f"{there.year}年"
        day = f"{year}{there.month}月{there.day}日"
    return f"{day} {there:%H:%M}"


def day(moment: datetime) -> str:
    """The day of a moment, as a plan says it: "2026年12月1日"."""
    there = _local(moment)
    return f"{there.year}年{there.month}月{there.day}日"


def full(moment: datetime) -> str:
    """A moment as a list or a record says it: "2026-11-25 17:30"."""
    return f"{_local(moment):%Y-%m-%d %H:%M}"


def beginning(day: date) -> datetime:
    """When a day begins in Asia/Shanghai."""
    return _at(day, time(0))


def midnight(moment: datetime) -> datetime:
    """When the day of a moment began in Asia/Shanghai."""
    return _local(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def left(moment: datetime, now: datetime) -> str:
    """How long it is to a deadline, or since: "还剩 2 小时 5 分", "已超时 15 分钟"; whole minutes, rounded down."""
    seconds = int(abs((moment - now).total_seconds()))
    if moment > now:
        return f"还剩 {_span(seconds)}" if seconds >= 60 else "还剩不到 1 分钟"
    return f"已超时 {_span(seconds)}" if seconds >= 60 else "刚到时限"


def _span(seconds: int) -> str:
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟"


def _unit(clock: str) -> timedelta:
    if clock not in _UNIT:
        raise ValueError("the clock is urgent_minute, urgent_hour, work_hour, work_day or natural_day")
    return _UNIT[clock]


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(ZONE)


def _at(day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, ZONE)


def _after_office_time(begin: datetime, time_left: timedelta, calendar: Calendar) -> datetime:
    if not time_left:
        return begin
    for opens, closes in calendar.spans(begin):
        if closes - opens >= time_left:
            return opens + time_left
        time_left -= closes - opens
    raise AssertionError("office hours never end")


def _office_time(begin: datetime, end: datetime, calendar: Calendar) -> timedelta:
    total = _NOTHING
    for opens, closes in calendar.spans(begin):
        if opens >= end:
            return total
        total += min(closes, end) - opens
    raise AssertionError("office hours never end")


def _after_work_days(begin: datetime, days: int, calendar: Calendar) -> datetime:
    """The close of business so many working days later; with none left, that of this day or the next working day."""
    day = begin.date()
    for _ in range(days):
        day = _next_workday(day + timedelta(days=1), calendar)
    return calendar.closing(_next_workday(day, calendar) if not days else day)


def _next_workday(day: date, calendar: Calendar) -> date:
    while not calendar.works_on(day):
        day += timedelta(days=1)
    return day
