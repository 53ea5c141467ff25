"""Hazard first: a missing manhole cover is made safe at once, whatever meeting or repair is needed besides."""

from datetime import timedelta

from app.rules import hazard, subcase_ask
from models.base import now, write
from models.case import Case, Photo
from models.subcase import Subcase, SubcaseStep
from tests.rules.cases import add_photo, do, report
from tests.rules.pieces import LEAD, unit


def safety(case) -> Subcase:
    return Subcase.get(Subcase.case == case, Subcase.kind == "safety_action")


def test_a_danger_becomes_a_safety_action_due_in_two_hours(town):
    case = report(town)
    row = safety(case)
    assert (row.state, row.due_at, row.worker, row.unit) == ("asked", case.safe_due, None, None)
    assert timedelta(minutes=119) < row.due_at - row.created_at <= timedelta(hours=2)
    assert SubcaseStep.get(SubcaseStep.subcase == row).actor_role == "system"


def test_what_endangers_nobody_has_none(sqlite_town):
    case = report(sqlite_town, category="street_light")
    assert not Subcase.select().where(Subcase.case == case).exists()


def test_a_decision_and_a_repair_never_delay_it(town):
    case = report(town)
    for kind, words in (("decision", "开业主会议定更换方案"), ("repair_project", "更换整段管网")):
        with write():
            subcase_ask.split(
                Case.get_by_id(case.id), actor=town.actor("chenjing"), kind=kind, words=words,
                unit=unit(town, LEAD) if kind == "repair_project" else None, due_at=now() + timedelta(days=15),
            )  # fmt: skip
    assert (safety(case).due_at, safety(case).state) == (case.safe_due, "asked")
    do(town, case, "accept", "wangdashan")
    do(town, case, "make_safe", "wangdashan")
    assert safety(case).state == "done"
    assert {one.state for one in Subcase.select().where(Subcase.kind != "safety_action")} == {"asked"}


def test_made_safe_with_a_warning_is_evidence(town):
    case = report(town)
    do(town, case, "accept", "wangdashan")
    photo = add_photo(town, case, kind="safe")
    do(town, case, "make_safe", "wangdashan")
    row, case = safety(case), Case.get_by_id(case.id)
    assert (row.done_at, row.warned_at) == (case.safe_at, Photo.get_by_id(photo.id).created_at)
    lines = hazard.evidence(case)
    assert [one.at for one in lines] == sorted(one.at for one in lines)
    said = [one.words for one in lines]
    assert said[0] == "上报" and "现场已安全" in said and "先保安全：办完" in said
    assert [one.photos for one in lines if one.words == "围护、警示的照片"] == [(photo.key,)]


def test_handled_is_safe_too_and_a_reopened_danger_begins_anew(sqlite_town):
    town, case = sqlite_town, report(sqlite_town)
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    do(town, case, "handle", "wangdashan")
    assert (safety(case).state, safety(case).warned_at) == ("done", None)
    with write():
        again = hazard.begin(Case.get_by_id(case.id))
        assert again is not None and hazard.begin(Case.get_by_id(case.id)) is None


def test_a_danger_taken_back_needs_no_action(sqlite_town):
    town, case = sqlite_town, report(sqlite_town)
    do(town, case, "withdraw", "zhanglan")
    assert safety(case).state == "dropped"
