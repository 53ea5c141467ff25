"""Finished work is looked at by another pair of eyes, where the community wants it, before the resident is asked."""

from datetime import timedelta

import pytest

from app.jobs import tasks, waiting
from app.rules import setting
from app.rules.actor import actor_of
from app.rules.deed import buttons
from app.rules.refusal import Forbidden, Refusal
from models.audit import Audit
from models.base import database, now
from models.case import Case, Step
from models.letter import Letter
from models.person import Person
from models.place import Grid
from models.role import Role
from models.setting import Setting
from models.task import Task
from tests.rules.cases import add_photo, case_in, do, owed, report


@pytest.fixture
def checking(town):
    """惠民社区 checks what is dangerous; 王大山 says that the cover is done."""
    return handed_in(town)


@pytest.fixture
def one_checking(sqlite_town):
    return handed_in(sqlite_town)


def handed_in(town, **more):
    Setting.create(community=town.community(), name="check", value=["p0", "p1"])
    setting.forget()
    case = report(town, **more)
    add_photo(town, case)
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    return do(town, case, "handle", "wangdashan", note="换了新井盖")


def letters(case, kind):
    return [row for row in Letter.select().where(Letter.case == case, Letter.kind == kind).order_by(Letter.id)]


def test_the_resident_is_asked_only_after_the_check(checking, town):
    assert (checking.state, letters(checking, "judge_please")) == ("checking", [])
    assert not Task.select().where(Task.kind == "lapse").exists()
    (letter,) = letters(checking, "case_reminder")
    assert letter.person.name == "陈静" and "换了新井盖" in letter.content["text"]
    done = do(town, checking, "pass_check", "chenjing")
    assert (done.state, done.checked_by.name, done.checked_at is None) == ("handled", "陈静", False)
    (asked,) = letters(done, "judge_please")
    assert "换了新井盖" in asked.content["text"]
    assert Task.select().where(Task.kind == "lapse").count() == 1


def test_what_is_not_good_goes_back_and_wants_a_new_photo(checking, town):
    with pytest.raises(Refusal) as refused, database.atomic():
        do(town, checking, "rework", "chenjing", note=" ")
    assert refused.value.code == "note_missing"
    again = do(town, checking, "rework", "chenjing", note="盖子没放平")
    assert (again.state, again.reworked, again.handled_at) == ("handling", 1, None)
    said = letters(again, "case_reminder")[-1]
    assert said.person.name == "王大山" and "盖子没放平" in said.content["text"]
    with pytest.raises(Refusal) as refused, database.atomic():
        do(town, again, "handle", "wangdashan")
    assert refused.value.code == "after_photo_missing"
    add_photo(town, again)
    assert do(town, again, "handle", "wangdashan").state == "checking"


@pytest.mark.parametrize("verb", ["pass_check", "rework"])
def test_nobody_checks_the_own_work(one_checking, sqlite_town, verb):
    """Neither 王大山, nor 张兰 who asked for it, were she an admin; the street has no hand in it either."""
    Role.create(person=sqlite_town.person("zhanglan"), place=sqlite_town.community(), kind="community_admin")
    for who in ("wangdashan", "zhanglan", "liuyang", "dengwei"):
        with pytest.raises(Forbidden), database.atomic():
            do(sqlite_town, one_checking, verb, who, note="看过")
        assert verb not in buttons(one_checking, sqlite_town.actor(who))
    assert verb in buttons(one_checking, sqlite_town.actor("chenjing"))


def test_a_colleague_of_the_grid_is_asked_too_and_may_check(sqlite_town):
    colleague = Person.create(name="周敏", phone="13700000001")
    grid = Grid.get(Grid.code == "huimin-1")
    Role.create(person=colleague, place=sqlite_town.community(), kind="grid_worker", grid=grid)
    case = handed_in(sqlite_town)
    assert owed(2) == [("周敏", "case_reminder"), ("陈静", "case_reminder")]
    assert "pass_check" in buttons(case, actor_of(colleague))


def test_where_nobody_else_is_the_resident_is_asked_at_once_and_it_is_written_down(sqlite_town):
    Role.update(ends_at=now()).where(Role.person == sqlite_town.person("chenjing")).execute()
    case = handed_in(sqlite_town)
    assert case.state == "handled" and len(letters(case, "judge_please")) == 1
    assert Audit.get(Audit.action == "case.unchecked").result == "nobody"


def test_what_needs_no_check_is_not_checked(sqlite_town):
    assert handed_in(sqlite_town, category="street_light").state == "handled"


def test_silence_of_the_checkers_does_not_keep_the_resident_waiting(checking, town):
    task = Task.get(Task.kind == "skip_check")
    assert timedelta(hours=23) < task.run_at - now() < timedelta(hours=25)
    waiting.skip_check(None, task.payload)
    case = Case.get_by_id(checking.id)
    assert (case.state, case.checked_by, len(letters(case, "judge_please"))) == ("handled", None, 1)
    waiting.skip_check(None, task.payload)  # once is enough
    assert Step.select().where(Step.verb == "skip_check").count() == 1


def test_the_task_of_an_earlier_check_leaves_the_later_one_alone(one_checking, sqlite_town):
    first = Task.get(Task.kind == "skip_check")
    case = do(sqlite_town, one_checking, "rework", "chenjing", note="没放平")
    add_photo(sqlite_town, case)
    do(sqlite_town, case, "handle", "wangdashan")
    waiting.skip_check(None, first.payload)
    assert Case.get_by_id(case.id).state == "checking"


def test_a_note_on_a_handled_case_does_not_stop_its_lapse(sqlite_town):
    """What was amended after the work was done is no new round."""
    case = case_in(sqlite_town, "handled")
    Case.update(version=Case.version + 1).where(Case.id == case.id).execute()
    task = Task.get(Task.kind == "lapse")
    Task.update(run_at=now() - timedelta(seconds=1), state="ready").where(Task.id == task.id).execute()
    tasks.lapse(None, task.payload)
    assert Case.get_by_id(case.id).state == "closed_no_feedback"
