"""Silence moves a case on: to another worker, to the community, to the street; then it is told daily and never lost."""

from datetime import timedelta

import pytest

from app.jobs import clocks, tasks
from app.rules import case as cases
from app.rules import escalation, setting, veil
from models.audit import Audit
from models.base import now, write
from models.case import Case, Step
from models.letter import Letter
from models.place import Grid
from models.role import Role
from models.setting import Setting
from models.task import Task
from tests.rules.cases import add_photo, do, report
from tests.rules.together import at_once

SECOND = timedelta(seconds=1)


def time_passes(town, case, kind="silence"):
    """The limit of the case is over, and what was planned for it is done."""
    if kind == "silence":
        Case.update(accept_due=now() - SECOND).where(Case.id == case.id).execute()
    Task.update(run_at=now() - SECOND).where(Task.kind == kind, Task.state == "ready").execute()
    while tasks.next_task(town.context):
        pass
    return Case.get_by_id(case.id)


def at(case):
    """How far it went and who has it."""
    return case.escalated, case.state, case.handler.name if case.handler_id else None


def told(case, kind, since=0):
    """To whom letters of a kind about a case went, after the letter with that id."""
    rows = Letter.select().where(Letter.case == case, Letter.kind == kind, Letter.id > since).order_by(Letter.id)
    return [row.person.name for row in rows]


def newest_letter():
    return Letter.select().order_by(Letter.id.desc()).first().id


def test_three_days_of_silence(town):
    """Nobody takes it: 王大山, then 刘洋 of the next grid, then 陈静 of the community, then 邓伟 of the street."""
    case = report(town)
    assert at(case) == (0, "dispatched", "王大山")
    since = newest_letter()

    case = time_passes(town, case)
    assert at(case) == (1, "dispatched", "刘洋")
    assert (told(case, "case_assigned", since), told(case, "case_progress", since)) == (["刘洋"], ["张兰"])
    assert "王大山" in told(case, "case_reminder", since)
    texts = [row.content["text"] for row in Letter.select().where(Letter.id > since)]
    assert f"#{case.number} 还没有人接单，已改派给另一位网格员，有进展会在这里告诉您。" in texts
    assert f"#{case.number} 到时限没有接单，已改派给别人，您不用去了。" in texts
    assert timedelta(minutes=29) < case.accept_due - now() <= timedelta(minutes=30)  # the same limit again

    since = newest_letter()
    case = time_passes(town, case)
    assert at(case) == (2, "dispatched", "陈静")
    assert told(case, "case_assigned", since) == ["陈静"]

    since = newest_letter()
    case = time_passes(town, case)
    assert at(case) == (3, "dispatched", "陈静")
    assert told(case, "case_assigned", since) == ["邓伟"]
    assert [step.verb for step in Step.select().where(Step.case == case).order_by(Step.id)] == [
        "report", "dispatch", "escalate", "escalate", "escalate",
    ]  # fmt: skip
    assert {step.actor_role for step in Step.select().where(Step.verb == "escalate")} == {"system"}
    assert Audit.select().where(Audit.action == "case.escalate", Audit.subject == case.key).count() == 3

    assert at(time_passes(town, case)) == (3, "dispatched", "陈静")  # it does not go round
    since = newest_letter()
    for _ in range(12):
        case = time_passes(town, case, "remind")
    assert told(case, "case_reminder", since)[-1] == "邓伟"  # but it is told again, every day
    assert Task.select().where(Task.kind == "remind", Task.state == "ready").count() > 0
    case = do(town, case, "dispatch", "dengwei", worker="liuyang")
    assert at(do(town, case, "accept", "liuyang")) == (3, "handling", "刘洋")


def test_who_takes_it_in_time_is_left_alone(sqlite_town):
    case = report(sqlite_town)
    do(sqlite_town, case, "accept", "wangdashan")
    assert at(time_passes(sqlite_town, case)) == (0, "handling", "王大山")


def test_somebody_sent_by_hand_has_the_whole_time(sqlite_town):
    """陈静 sends 刘洋 after the limit: the old task finds another handler, a new one is planned for him."""
    case = report(sqlite_town)
    Case.update(accept_due=now() - SECOND).where(Case.id == case.id).execute()
    do(sqlite_town, case, "dispatch", "chenjing", worker="liuyang")
    old, new = Task.select().where(Task.kind == "silence").order_by(Task.id)
    assert (old.payload["handler"], new.payload["handler"]) == (
        sqlite_town.person("wangdashan").id, sqlite_town.person("liuyang").id,
    )  # fmt: skip
    assert timedelta(minutes=29) < new.run_at - now() <= timedelta(minutes=30)
    Task.update(run_at=now() - SECOND).where(Task.id == old.id).execute()
    while tasks.next_task(sqlite_town.context):
        pass
    assert at(Case.get_by_id(case.id)) == (0, "dispatched", "刘洋")
    assert at(time_passes(sqlite_town, case)) == (1, "dispatched", "王大山")


def test_what_was_given_back_goes_to_the_community(sqlite_town):
    """王大山 gave it back and 陈静 does nothing: it is hers now, by name."""
    case = report(sqlite_town)
    case = do(sqlite_town, case, "return_back", "wangdashan")
    assert at(case) == (0, "reported", None)
    since = newest_letter()
    case = time_passes(sqlite_town, case)
    assert at(case) == (2, "dispatched", "陈静")
    assert told(case, "case_assigned", since) == ["陈静"]
    assert Step.select().order_by(Step.id.desc()).get().note == "到时限没有人接单，交给社区负责人"


def test_where_there_is_nobody_the_street_is_told_and_it_stays_visible(sqlite_town):
    town = sqlite_town
    for who in ("wangdashan", "liuyang", "chenjing"):
        Role.update(ends_at=now()).where(Role.person == town.person(who)).execute()
    case = report(town)
    assert at(case) == (0, "reported", None)
    since = newest_letter()
    case = time_passes(town, case)
    assert (at(case), told(case, "case_assigned", since)) == ((3, "reported", None), ["邓伟"])
    Role.update(ends_at=now()).where(Role.person == town.person("dengwei")).execute()
    Case.update(escalated=0, accept_due=now() - SECOND).where(Case.id == case.id).execute()
    with write():
        escalation.silence(Case.get_by_id(case.id), level=0, handler=None, reopened=0)
    assert Audit.select().where(Audit.action == "case.unheard", Audit.subject == case.key).exists()


def test_a_complaint_never_comes_to_whom_it_is_about(sqlite_town):
    """A complaint about 王大山 skips all workers; one about 陈静 goes to the street."""
    case = report(sqlite_town, words="我要投诉王大山，态度恶劣不管事")
    assert case.about == sqlite_town.person("wangdashan")
    since = newest_letter()
    case = time_passes(sqlite_town, case)
    assert at(case) == (2, "dispatched", "陈静")
    assert set(told(case, "case_assigned", since) + told(case, "case_reminder", since)) == {"陈静"}

    other = report(sqlite_town, words="我要投诉社区的陈静，灯坏了不管")
    since = newest_letter()
    other = time_passes(sqlite_town, other)
    assert at(other) == (3, "reported", None)
    assert told(other, "case_assigned", since) == ["邓伟"]


def test_nobody_is_sent_to_the_own_anonymous_report(sqlite_town):
    """刘洋 reports anonymously in the grid of 王大山: the next is the community, and it never says why."""
    town = sqlite_town
    with write():
        case = cases.report(
            actor=veil.put_on(town.actor("liuyang")), community=town.community(), place=town.building(),
            category=town.category("missing_manhole_cover"), words="井盖没了", channel="api",
        )  # fmt: skip
    case = time_passes(town, case)
    assert at(case) == (2, "dispatched", "陈静")
    assert "刘洋" not in told(case, "case_assigned")


def test_the_next_of_the_grid_comes_before_the_next_grid(sqlite_town):
    town = sqlite_town
    grid = Grid.get(Grid.code == "huimin-1")
    Role.create(person=town.person("zhaoqiang"), place=town.community(), kind="grid_worker", grid=grid, rank=5)
    assert at(time_passes(town, report(town))) == (1, "dispatched", "赵强")


def test_of_the_other_grids_who_has_least_to_do(sqlite_town):
    town = sqlite_town
    grid = Grid.get(Grid.code == "huimin-2")
    Role.create(person=town.person("zhaoqiang"), place=town.community(), kind="grid_worker", grid=grid, rank=5)
    busy = report(town)
    do(town, busy, "dispatch", "chenjing", worker="liuyang")
    assert at(time_passes(town, report(town, words="另一个井盖也坏了"))) == (1, "dispatched", "赵强")


def test_a_community_that_wants_reminders_only(sqlite_town):
    Setting.create(community=sqlite_town.community(), name="escalate", value=False)
    setting.forget()
    case = report(sqlite_town)
    assert at(time_passes(sqlite_town, case)) == (0, "dispatched", "王大山")


@pytest.mark.parametrize("moment", ["early", "again", "reopened"])
def test_what_is_not_as_it_was_planned_moves_nothing(sqlite_town, moment):
    """The clock was set back, the task ran twice, or the case began anew."""
    case = report(sqlite_town)
    planned = {"level": 0, "handler": case.handler_id, "reopened": 0}
    if moment != "early":
        Case.update(accept_due=now() - SECOND, reopened=moment == "reopened").where(Case.id == case.id).execute()
    with write():
        first = escalation.silence(Case.get_by_id(case.id), **planned)
    with write():
        assert escalation.silence(Case.get_by_id(case.id), **planned) is False
    assert (first, Case.get_by_id(case.id).escalated) == ((moment == "again"), int(moment == "again"))


def test_two_workers_of_the_same_task_at_once_move_it_once(town):
    case = report(town)
    Case.update(accept_due=now() - SECOND).where(Case.id == case.id).execute()
    payload = Task.get(Task.kind == "silence").payload
    assert at_once(*[lambda: clocks.silence(town.context, payload)] * 4) == [None] * 4
    assert Case.get_by_id(case.id).escalated == 1
    assert Step.select().where(Step.verb == "escalate").count() == 1


def test_a_reopened_case_begins_at_its_worker_again(sqlite_town):
    """What silence did in the first round does not count in the second."""
    town, case = sqlite_town, report(sqlite_town)
    case = time_passes(town, case)
    add_photo(town, case, "liuyang")
    do(town, case, "accept", "liuyang")
    add_photo(town, case, "liuyang")
    do(town, case, "handle", "liuyang")
    case = do(town, case, "reopen", "zhanglan")
    assert at(case) == (0, "dispatched", "刘洋")
    assert Task.select().where(Task.kind == "silence", Task.state == "ready").exists()
