"""Three days pass in a demo: what was due is overdue, and nothing else has changed."""

from datetime import timedelta

import pytest

from app.demo_time import pass_time, span_of
from models.audit import Audit
from models.base import now
from models.case import Case, Step
from models.category import CalendarDay
from models.task import Task
from tests.rules.cases import report

DAYS = timedelta(days=3)


SPANS = {"3d": DAYS, "90m": timedelta(minutes=90), "12h": timedelta(hours=12)}


@pytest.mark.parametrize(("words", "span"), SPANS.items())
def test_a_span_is_said_in_days_hours_or_minutes(words, span):
    assert span_of(words) == span


@pytest.mark.parametrize("words", ["", "3", "d", "-3d", "0d", "3w", "401d", "9999999m", "３d", "3d "])
def test_nothing_else_is_a_span(words):
    assert span_of(words) is None


def test_what_was_due_tomorrow_is_two_days_late(town):
    case = report(town)
    days, log = CalendarDay.select().count(), list(Audit.select(Audit.id, Audit.at).tuples())
    tasks = dict(Task.select(Task.key, Task.run_at).tuples())
    assert case.resolve_due > now()
    assert pass_time(DAYS) > 3
    later = Case.get_by_id(case.id)
    assert (later.resolve_due, later.created_at) == (case.resolve_due - DAYS, case.created_at - DAYS)
    assert later.resolve_due < now()
    assert {key: at - DAYS for key, at in tasks.items()} == dict(Task.select(Task.key, Task.run_at).tuples())
    assert Step.get(Step.case == case).at < now() - DAYS
    assert list(Audit.select(Audit.id, Audit.at).tuples()) == log
    assert (CalendarDay.select().count(), later.closed_at, later.words) == (days, None, case.words)


def test_the_command_says_what_it_needs(type_in, monkeypatch):
    wrong = "请写明过多久，例如：python -m app.cli pass-time 3d（也可以 90m、12h，最多 400d）。"
    assert type_in("pass-time") == (2, "", wrong)
    assert type_in("pass-time", "三天") == (2, "", wrong)
    monkeypatch.setenv("DOORSTEP_SANDBOX__ENABLED", "false")
    assert type_in("pass-time", "3d") == (2, "", "只有演示（打开了模拟微信）才能让时间过得快些，正式服务不改时间。")
    monkeypatch.setenv("DOORSTEP_SANDBOX__ENABLED", "true")
    assert type_in("migrate")[0] == 0
    code, said, _ = type_in("pass-time", "3d")
    assert (code, said.partition("：")[0]) == (0, "过去了 3d")
