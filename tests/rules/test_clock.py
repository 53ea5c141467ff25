"""When something is due, with the vectors C1 to C7 of the field, and how we say it.

The slow oracle at the end knows no arithmetic of hours: it walks through a calendar of minutes and counts.
"""

import random
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.clock import MAX_AMOUNT, ZONE, Calendar, due, due_in, left, near, remaining, used

HOURS = [(time(8, 30), time(12, 0)), (time(14, 30), time(17, 30))]
ROOT = Path(__file__).parents[2]
HOLIDAYS = tomllib.loads((ROOT / "app/demo/holidays.toml").read_text(encoding="utf-8"))
CALENDAR = Calendar.from_days(
    [row["day"] for row in HOLIDAYS["rest"]], [row["day"] for row in HOLIDAYS["work"]], HOURS
)
CLOCKS = ("urgent_minute", "urgent_hour", "work_hour", "work_day", "natural_day")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


VECTORS = {
    "C1 a missing cover on Friday night": ("2026-11-20 22:36", 2, "urgent_hour", "2026-11-21 00:36"),
    "somebody in danger": ("2026-11-20 23:55", 10, "urgent_minute", "2026-11-21 00:05"),
    "C2 over the weekend": ("2026-11-20 16:30", 4, "work_hour", "2026-11-23 11:30"),
    "C3 over the noon break": ("2026-11-20 11:00", 4, "work_hour", "2026-11-20 17:30"),
    "C4 reported on Sunday": ("2026-11-22 10:00", 2, "work_hour", "2026-11-23 10:30"),
    "C5 over the October holiday": ("2024-09-26 10:00", 5, "work_day", "2024-10-09 17:30"),
    "C7 fifteen days": ("2026-11-20 22:36", 15, "natural_day", "2026-12-05 22:36"),
    "a make-up Sunday counts": ("2026-09-18 17:30", 1, "work_day", "2026-09-20 17:30"),
    "a make-up Saturday has office hours": ("2026-10-09 17:00", 1, "work_hour", "2026-10-10 09:00"),
    "Spring Festival 2026": ("2026-02-14 16:30", 2, "work_hour", "2026-02-24 09:30"),
    "2025's long October": ("2025-09-30 08:00", 1, "work_day", "2025-10-09 17:30"),
    "at the stroke of closing": ("2026-11-20 17:30", 1, "work_hour", "2026-11-23 09:30"),
    "in the noon break": ("2026-11-20 13:00", 1, "work_hour", "2026-11-20 15:30"),
    "on Saturday the first day is Monday": ("2026-11-21 10:00", 1, "work_day", "2026-11-23 17:30"),
    "through New Year": ("2026-12-31 10:00", 2, "natural_day", "2027-01-02 10:00"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_when_it_is_due(name):
    start, amount, clock, expected = VECTORS[name]

    assert due(local(start), amount, clock, CALENDAR) == local(expected)


def test_the_answer_is_in_utc_whatever_the_question():
    moment = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # 16:30 in Kaifeng

    assert due(moment, 4, "work_hour", CALENDAR) == datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    assert due(local("2026-11-20 16:30"), 4, "work_hour", CALENDAR).tzinfo is UTC


def test_c6_a_hold_stops_the_clock():
    """Monday 09:00, four working hours, held at 10:00 for ten days: one hour is used, three are left on resuming."""
    start, held = local("2026-11-23 09:00"), local("2026-11-23 10:00")
    resumed = held + timedelta(days=10)

    assert used(start, held, "work_hour", CALENDAR) == timedelta(hours=1)
    assert remaining(start, 4, "work_hour", held, CALENDAR) == timedelta(hours=3)
    assert due_in(resumed, timedelta(hours=3), "work_hour", CALENDAR) == local("2026-12-03 15:30")


def test_every_vector_of_the_field_is_here_by_its_number():
    """C6 is the hold above, the others are deadlines."""
    numbers = {name.split(" ")[0] for name in VECTORS if name[0] == "C" and name[1].isdigit()}
    assert numbers | {"C6"} == {f"C{number}" for number in range(1, 8)}


STATUTORY = {
    # Art. 203: the fifteenth day is a Saturday, a Sunday, a holiday, a make-up Sunday, an ordinary Friday.
    "2026-11-20 22:36": "2026-12-07 17:30",
    "2026-11-21 09:00": "2026-12-07 17:30",
    "2026-09-20 10:00": "2026-10-08 17:30",
    "2026-09-05 10:00": "2026-09-20 17:30",
    "2026-11-19 08:00": "2026-12-04 17:30",
}


@pytest.mark.parametrize("start", STATUTORY)
def test_a_period_set_by_law_ends_on_a_working_day(start):
    assert due(local(start), 15, "natural_day", CALENDAR, statutory=True) == local(STATUTORY[start])


def test_hours_and_working_days_set_by_law_are_counted_like_ours():
    start = local("2026-11-20 16:30")
    for clock in ("urgent_minute", "urgent_hour", "work_hour", "work_day"):
        assert due(start, 4, clock, CALENDAR, statutory=True) == due(start, 4, clock, CALENDAR)


def test_a_hold_costs_the_working_days_that_pass():
    start = local("2026-11-23 09:00")

    for held, days in (("2026-11-23 17:30", 0), ("2026-11-24 00:00", 1), ("2026-11-29 12:00", 4)):
        assert used(start, local(held), "work_day", CALENDAR) == timedelta(days=days)
    assert remaining(start, 5, "work_day", local("2026-11-29 12:00"), CALENDAR) == timedelta(days=1)
    assert due_in(local("2026-12-04 09:00"), timedelta(days=1), "work_day", CALENDAR) == local("2026-12-07 17:30")


def test_a_hold_on_the_last_day_leaves_the_day_of_resuming():
    start, last = local("2026-11-23 09:00"), local("2026-11-24 10:00")

    assert remaining(start, 1, "work_day", last, CALENDAR) == timedelta(0)
    assert due_in(local("2026-12-01 09:00"), timedelta(0), "work_day", CALENDAR) == local("2026-12-01 17:30")
    assert due_in(local("2026-12-05 09:00"), timedelta(0), "work_day", CALENDAR) == local("2026-12-07 17:30")


def test_nothing_is_left_of_a_limit_that_has_passed_and_nothing_runs_backwards():
    start = local("2026-11-23 09:00")

    assert remaining(start, 1, "urgent_hour", start + timedelta(hours=9), CALENDAR) == timedelta(0)
    assert used(start, start - timedelta(days=1), "urgent_hour", CALENDAR) == timedelta(0)
    assert due_in(start, timedelta(0), "work_hour", CALENDAR) == start


def test_the_holidays_are_those_of_the_notices():
    """Counted by hand: 28 days off in 2024, 28 in 2025, 33 in 2026; each make-up workday is a weekend day."""
    off = [row["day"].year for row in HOLIDAYS["rest"]]
    made_up = [row["day"] for row in HOLIDAYS["work"]]

    assert [off.count(year) for year in (2024, 2025, 2026)] == [28, 28, 33]
    assert [sum(day.year == year for day in made_up) for year in (2024, 2025, 2026)] == [8, 5, 6]
    assert [day for day in made_up if day.weekday() < 5] == []
    assert len(set(made_up) | {row["day"] for row in HOLIDAYS["rest"]}) == len(made_up) + len(off)
    assert CALENDAR.works_on(date(2024, 9, 29)) is True
    assert CALENDAR.works_on(date(2024, 10, 7)) is False


@pytest.mark.parametrize(
    "hours",
    [[], [(time(12), time(8))], [(time(8), time(8))], [(time(8), time(12)), (time(11), time(17))]],
)
def test_office_hours_that_make_no_sense_are_refused(hours):
    with pytest.raises(ValueError, match="office hours"):
        Calendar.from_days([], [], hours)


def test_a_day_cannot_be_two_things():
    with pytest.raises(ValueError, match="both"):
        Calendar.from_days([date(2026, 10, 1)], [date(2026, 10, 1)], HOURS)


def test_limits_that_make_no_sense_are_refused():
    start = local("2026-11-23 09:00")
    for amount in (0, -1, MAX_AMOUNT + 1):
        with pytest.raises(ValueError, match="a limit is"):
            due(start, amount, "work_day", CALENDAR)
    with pytest.raises(ValueError, match="the clock is"):
        due(start, 1, "fortnight", CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 11, 23), 1, "work_day", CALENDAR)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=ZONE))
amounts = st.integers(1, 60)
clocks = st.sampled_from(CLOCKS)


@settings(deadline=None)
@given(moments, st.timedeltas(timedelta(0), timedelta(days=20)), amounts, clocks)
def test_a_later_start_is_never_due_earlier(start, later, amount, clock):
    assert due(start + later, amount, clock, CALENDAR) >= due(start, amount, clock, CALENDAR)


@settings(deadline=None)
@given(moments, amounts, clocks)
def test_a_longer_limit_is_due_later_and_always_after_the_start(start, amount, clock):
    assert start < due(start, amount, clock, CALENDAR) < due(start, amount + 1, clock, CALENDAR)


@settings(deadline=None)
@given(moments, amounts, st.sampled_from(["work_hour", "work_day"]))
def test_working_limits_end_while_somebody_is_there(start, amount, clock):
    end = due(start, amount, clock, CALENDAR).astimezone(ZONE)

    assert CALENDAR.works_on(end.date()) is True
    assert any(opens <= end.time() <= closes for opens, closes in HOURS)


@settings(deadline=None)
@given(moments, amounts, clocks)
def test_at_its_deadline_a_limit_is_used_up(start, amount, clock):
    end = due(start, amount, clock, CALENDAR)

    assert remaining(start, amount, clock, end, CALENDAR) == timedelta(0)
    assert clock == "work_day" or remaining(start, amount, clock, end - timedelta(seconds=1), CALENDAR) > timedelta(0)


@settings(deadline=None)
@given(moments, amounts, clocks, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_hold_of_no_time_changes_nothing(start, amount, clock, later):
    held = start + later
    if held < due(start, amount, clock, CALENDAR):
        time_left = remaining(start, amount, clock, held, CALENDAR)
        assert due_in(held, time_left, clock, CALENDAR) == due(start, amount, clock, CALENDAR)


NOW = local("2026-11-23 16:50")
SAID = {
    "2026-11-23 17:30": ("今天 17:30", "还剩 40 分钟"),
    "2026-11-23 18:55": ("今天 18:55", "还剩 2 小时 5 分"),
    "2026-11-23 18:50": ("今天 18:50", "还剩 2 小时"),
    "2026-11-24 09:00": ("明天 09:00", "还剩 16 小时 10 分"),
    "2026-11-25 17:30": ("11月25日 17:30", "还剩 2 天"),
    "2026-11-26 20:00": ("11月26日 20:00", "还剩 3 天 3 小时"),
    "2027-01-03 09:05": ("2027年1月3日 09:05", "还剩 40 天 16 小时"),
    "2026-11-23 16:35": ("今天 16:35", "已超时 15 分钟"),
    "2026-11-22 15:50": ("昨天 15:50", "已超时 1 天 1 小时"),
    "2026-11-21 16:50": ("11月21日 16:50", "已超时 2 天"),
    "2026-11-23 16:50": ("今天 16:50", "刚到时限"),
}


@pytest.mark.parametrize("moment", SAID)
def test_how_we_say_it(moment):
    assert (near(local(moment), NOW), left(local(moment), NOW)) == SAID[moment]


def test_less_than_a_minute():
    assert left(NOW + timedelta(seconds=59), NOW) == "还剩不到 1 分钟"
    assert left(NOW - timedelta(seconds=59), NOW) == "刚到时限"
    assert left(NOW + timedelta(seconds=60), NOW) == "还剩 1 分钟"


def test_the_day_is_that_of_the_people_not_of_the_server():
    """Half past midnight in Kaifeng is still yesterday in UTC."""
    now = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)

    assert near(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), now) == "昨天 23:59"
    assert near(datetime(2026, 11, 22, 17, 0, tzinfo=UTC), now) == "今天 01:00"


# -- the slow oracle: minute by minute ---------------------------------------------------------------------------------

MINUTE = timedelta(minutes=1)


class Minutes:
    """Every minute of 2024 to the middle of 2027 in order, with whether the office is open in it; no clever step."""

    def __init__(self, rest, work, hours):
        self.first = local("2024-01-01 00:00")
        self.works = {}
        self.open = bytearray()
        open_at = [any(opens <= time(n // 60, n % 60) < closes for opens, closes in hours) for n in range(24 * 60)]
        day = self.first.date()
        while day < date(2027, 7, 1):
            works = day in work or (day.isoweekday() not in (6, 7) and day not in rest)
            self.works[day] = works
            self.open += bytes(works and is_open for is_open in open_at)
            day += timedelta(days=1)
        self.closes = max(closes for _, closes in hours)

    def at(self, moment):
        return int((moment - self.first) // MINUTE)

    def due(self, start, amount, clock):
        """Count until so much has passed."""
        if clock in ("urgent_minute", "urgent_hour", "natural_day"):
            left = amount * {"urgent_minute": 1, "urgent_hour": 60, "natural_day": 1440}[clock]
            return start + left * MINUTE
        if clock == "work_hour":
            here, left = self.at(start), amount * 60
            while left:
                left -= self.open[here]
                here += 1
            return self.first + here * MINUTE
        day, left = start.date(), amount
        while left:
            day += timedelta(days=1)
            left -= self.works[day]
        return datetime.combine(day, self.closes, ZONE)

    def used(self, start, until, clock):
        """Count what has passed: minutes of the clock, or days that have begun."""
        if clock == "work_hour":
            return sum(self.open[self.at(start) : self.at(until)]) * MINUTE
        if clock == "work_day":
            day, days = start.date(), 0
            while day < until.date():
                day += timedelta(days=1)
                days += self.works[day]
            return timedelta(days=days)
        return max(until - start, timedelta(0))


OFFICES = (
    HOURS,
    [(time(9, 0), time(12, 0)), (time(13, 30), time(18, 0))],
    [(time(8, 15), time(11, 45)), (time(14, 0), time(17, 10)), (time(19, 0), time(20, 30))],
    [(time(0, 0), time(23, 59))],
)
#: Where mistakes sit: in the noon break, at midnight, at the edges of the day, on make-up days, at the year's end.
CORNERS = (
    "2024-09-29 12:30", "2024-10-12 00:00", "2024-12-31 23:59", "2025-01-01 00:00", "2025-01-26 17:30",
    "2025-01-27 17:29", "2025-09-28 08:30", "2025-10-08 14:30", "2025-12-31 17:30", "2026-02-14 12:00",
    "2026-02-15 00:00", "2026-02-28 13:15", "2026-05-09 08:29", "2026-09-20 17:31", "2026-10-10 14:29",
    "2026-12-31 17:30",
)
UNITS = {
    "urgent_minute": MINUTE, "urgent_hour": 60 * MINUTE, "work_hour": 60 * MINUTE, "work_day": timedelta(days=1),
    "natural_day": timedelta(days=1),
}  # fmt: skip


def test_every_clock_agrees_with_counting_minute_by_minute():
    """Hundreds of starts drawn with a fixed seed, and the corners, by four kinds of office hours and five clocks."""
    rest, work = {row["day"] for row in HOLIDAYS["rest"]}, {row["day"] for row in HOLIDAYS["work"]}
    draw, cases = random.Random(20261124), 0
    for hours in OFFICES:
        slow, quick = Minutes(rest, work, hours), Calendar.from_days(rest, work, hours)
        drawn = [slow.first + draw.randrange(3 * 365 * 1440) * MINUTE for _ in range(60)]
        for start in (*drawn, *(local(corner) for corner in CORNERS)):
            clock, amount = draw.choice(CLOCKS), draw.choice((1, 1, 2, 3, 4, 5, 8, 15, 24, 40))
            held = start + draw.randrange(20 * 1440) * MINUTE
            facts = (str(start), amount, clock, str(held), hours)
            end = slow.due(start, amount, clock)
            assert due(start, amount, clock, quick) == end, facts
            gone = slow.used(start, held, clock)
            assert used(start, held, clock, quick) == gone, facts
            left_over = max(amount * UNITS[clock] - gone, timedelta(0))
            assert remaining(start, amount, clock, held, quick) == left_over, facts
            if held < end:
                assert due_in(held, left_over, clock, quick) == end, facts
            cases += 1
    assert cases == 4 * (60 + len(CORNERS))


def test_the_oracle_itself_counts_the_vectors():
    slow = Minutes({row["day"] for row in HOLIDAYS["rest"]}, {row["day"] for row in HOLIDAYS["work"]}, HOURS)
    for start, amount, clock, expected in VECTORS.values():
        assert slow.due(local(start), amount, clock) == local(expected)
