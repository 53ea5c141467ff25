"""After the work: the reporter judges, or is silent, or says that it is not solved, and a second round begins."""

from datetime import timedelta

import pytest

from app.rules.refusal import Refusal
from models.base import database, now
from models.case import Case
from models.letter import Letter
from models.role import Role
from models.task import Task
from tests.rules.cases import add_photo, case_in, do, owed


def test_silence_never_counts_as_satisfied(town):
    case = case_in(town, "closed_no_feedback")
    assert (case.state, case.solved, case.satisfaction) == ("closed_no_feedback", None, None)
    judged = do(town, case, "confirm", "zhanglan", satisfaction="dissatisfied")
    assert (judged.state, judged.satisfaction) == ("closed", "dissatisfied")


def test_not_solved_begins_a_new_round(sqlite_town):
    case = case_in(sqlite_town, "closed")
    again = do(sqlite_town, case, "reopen", "zhanglan")
    assert (again.state, again.reopened, again.handler) == ("dispatched", 1, sqlite_town.person("wangdashan"))
    times = (again.closed_at, again.handled_at, again.accepted_at, again.safe_at)
    assert (again.solved, again.satisfaction, times) == (False, None, (None, None, None, None))
    assert again.safe_due > case.safe_due
    assert Task.select().where(Task.key.startswith(f"remind:{case.id}:1:")).count() == 12


def test_the_old_photo_does_not_prove_the_new_round(sqlite_town):
    case = case_in(sqlite_town, "closed")
    do(sqlite_town, case, "reopen", "zhanglan")
    do(sqlite_town, case, "accept", "wangdashan")
    with pytest.raises(Refusal) as said:
        do(sqlite_town, case, "handle", "wangdashan")
    assert said.value.code == "after_photo_missing"


def test_the_second_time_needs_a_reason(sqlite_town):
    case = case_in(sqlite_town, "closed")
    do(sqlite_town, case, "reopen", "zhanglan")
    do(sqlite_town, case, "accept", "wangdashan")
    add_photo(sqlite_town, case)
    do(sqlite_town, case, "handle", "wangdashan")
    with pytest.raises(Refusal) as said:
        do(sqlite_town, case, "reopen", "zhanglan")
    assert said.value.code == "note_missing"
    asked = do(sqlite_town, case, "reopen", "zhanglan", note="井盖还在响")
    assert (asked.state, asked.solved, asked.reopened) == ("closed", False, 1)  # now a person decides
    assert do(sqlite_town, case, "reopen", "chenjing").reopened == 2


def test_after_a_week_it_is_a_new_report(sqlite_town):
    case = case_in(sqlite_town, "closed")
    Case.update(closed_at=now() - timedelta(days=7, seconds=-60)).where(Case.id == case.id).execute()
    with database.atomic() as deed:
        assert do(sqlite_town, case, "reopen", "zhanglan").state == "dispatched"
        deed.rollback()
    Case.update(closed_at=now() - timedelta(days=7, seconds=60)).where(Case.id == case.id).execute()
    with pytest.raises(Refusal) as said:
        do(sqlite_town, case, "reopen", "zhanglan")
    assert said.value.code == "reopen_too_late"


def test_who_left_the_job_is_not_sent_out_again(sqlite_town):
    """王大山 has left: the admin is told instead, and 张兰's words do not reach him any more."""
    case = case_in(sqlite_town, "closed")
    his = Letter.select().where(Letter.person == sqlite_town.person("wangdashan"))
    before = his.count()
    Role.update(ends_at=now()).where(Role.person == sqlite_town.person("wangdashan")).execute()
    again = do(sqlite_town, case, "reopen", "zhanglan")
    assert (again.state, again.handler, his.count()) == ("reported", None, before)
    assert owed(2) == [("张兰", "case_progress"), ("陈静", "case_assigned")]
