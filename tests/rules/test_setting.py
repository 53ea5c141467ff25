"""What a community decides for itself, and the working calendar that its deadlines follow."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.rules.setting import DEFAULTS, calendar_of, deadlines, forget, setting, share
from models.base import now
from models.category import CalendarDay, Category
from models.setting import Setting

SHANGHAI = ZoneInfo("Asia/Shanghai")


def decide(town, name, value, community="huimin"):
    Setting.create(community=town.community(community), name=name, value=value)
    forget()


@pytest.mark.parametrize("name", DEFAULTS)
def test_who_decided_nothing_has_the_default(sqlite_town, name):
    Setting.delete().execute()
    forget()
    assert setting(sqlite_town.community("wenhua"), name) == DEFAULTS[name]


def test_what_a_community_decides_is_its_own(town):
    decide(town, "judge_days", 14)
    assert setting(town.community(), "judge_days") == 14
    assert setting(town.community("liuyin"), "judge_days") == 7


def test_nought_is_a_decision_too(sqlite_town):
    decide(sqlite_town, "questions", 0)
    assert setting(sqlite_town.community(), "questions") == 0


def test_an_unknown_name_is_a_mistake_of_ours(sqlite_town):
    with pytest.raises(KeyError):
        setting(sqlite_town.community(), "colour")


def test_the_calendar_knows_holidays_make_up_days_and_own_hours(sqlite_town):
    CalendarDay.delete().execute()
    CalendarDay.create(day=date(2026, 10, 1), kind="rest", name="国庆节")
    CalendarDay.create(day=date(2026, 10, 10), kind="work", name="国庆节调休")
    decide(sqlite_town, "office_hours", [["09:00", "17:00"]])
    calendar = calendar_of(sqlite_town.community())
    days = {1: False, 2: True, 9: True, 10: True, 11: False}
    assert {day: calendar.works_on(date(2026, 10, day)) for day in days} == days
    assert calendar.hours == ((time(9), time(17)),)
    assert len(calendar_of(sqlite_town.community("liuyin")).hours) == 2


def test_deadlines_follow_their_clocks(sqlite_town):
    """Friday 16:30: a danger runs through the weekend, a lamp waits for Monday."""
    CalendarDay.delete().execute()
    forget()
    start = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)
    cover = deadlines(sqlite_town.category("missing_manhole_cover"), sqlite_town.community(), start)
    assert cover["make_safe"] == datetime(2026, 11, 20, 18, 30, tzinfo=SHANGHAI)
    assert cover["resolve"] == datetime(2026, 11, 21, 16, 30, tzinfo=SHANGHAI)
    lamp = deadlines(sqlite_town.category("street_light"), sqlite_town.community(), start)
    assert lamp["accept"] == datetime(2026, 11, 23, 11, 30, tzinfo=SHANGHAI)
    assert {moment.tzinfo for moment in (*cover.values(), *lamp.values())} == {UTC}


def test_without_limits_nothing_is_due(sqlite_town):
    category = Category(limits={})
    assert deadlines(category, sqlite_town.community(), now()) == {}


def test_a_share_of_a_limit():
    start = now()
    end = start + timedelta(hours=2)
    assert [share(start, end, percent) - start for percent in (0, 50, 100)] == [
        timedelta(0), timedelta(hours=1), timedelta(hours=2),
    ]  # fmt: skip
