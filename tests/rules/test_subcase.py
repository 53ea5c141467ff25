"""Pieces of a case: who may say what in which state, objections, plans, results, and two who press at once."""

from datetime import timedelta

import pytest

from app.rules import push, subcase, subcase_ask, subcase_move
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import database, now, write
from models.case import Case, Step
from models.letter import Letter
from models.lifecycle import SUBCASE, SUBCASE_STATES, find
from models.place import Place
from models.role import Role
from models.subcase import Subcase, SubcaseStep
from models.task import Task
from models.unit import Unit, UnitContact
from tests.rules.cases import newest, report
from tests.rules.pieces import HELPER, LEAD, blow, call_of, contact, holder, say, unit
from tests.rules.together import at_once

#: What each of them is to a call of 市政养护所: "link" holds its link, "other" the link of another unit.
PARTS = {
    None: {"system"}, "link": {"unit"}, "other": set(), "chenjing": {"community_admin"}, "dengwei": {"arbiter"},
    "wangdashan": set(), "zhanglan": set(), "hefang": set(),
}  # fmt: skip
VERBS = sorted({move.verb for move in SUBCASE})
#: What brings a call into each state, by whom.
PATHS = {
    "asked": (), "accepted": ("accept",), "arrived": ("arrive",), "done": ("accept", "finish"),
    "refused": ("refuse",), "dropped": ("drop",),
}  # fmt: skip


def in_state(town, state):
    row = call_of(blow(town), town)
    for verb in PATHS[state]:
        with write():
            actor = town.actor("chenjing") if verb == "drop" else holder(row)
            subcase_move.move(Subcase.get_by_id(row.id), verb, actor, "理由")
    return Subcase.get_by_id(row.id)


@pytest.mark.parametrize("state", SUBCASE_STATES)
def test_every_verb_by_everybody_in_this_state(sqlite_town, state):
    town, row = sqlite_town, in_state(sqlite_town, state)
    other = call_of(row.whistle, town, HELPER)
    for verb in VERBS:
        step = find(SUBCASE, state, verb)
        for who, parts in PARTS.items():
            actors = {None: lambda: None, "link": lambda: holder(row), "other": lambda: holder(other)}
            actor = actors.get(who, lambda who=who: town.actor(who))()
            with database.atomic() as deed:
                fresh = Subcase.get_by_id(row.id)
                if step and step.who & parts:
                    subcase_move.move(fresh, verb, actor, "说明", who="老周")
                    written = newest(SubcaseStep, 1)[0]
                    assert (fresh.state, fresh.version) == (step.target, row.version + 1)
                    assert (written.verb, written.from_state, written.to_state) == (verb, state, step.target)
                    assert written.who == "老周"
                    assert newest(Step, 1)[0].verb == "subcase"
                    assert newest(Audit, 1)[0].action == f"subcase.{verb}"
                else:
                    with pytest.raises(Forbidden if step else Conflict):
                        subcase_move.move(fresh, verb, actor, "说明")
                deed.rollback()


def test_a_called_unit_reports_in_plans_and_finishes(town):
    row = call_of(blow(town), town)
    row = say(row, subcase.accept, actor=holder(row), who="老周")
    row = say(row, subcase.arrive, actor=holder(row), who="老周", mode="onsite")
    assert (row.state, row.arrived_who, row.arrived_mode) == ("arrived", "老周", "onsite")
    until = now() + timedelta(hours=3)
    row = say(row, subcase.plan, actor=holder(row), words="先围挡再换井盖", until=until, who="老周")
    assert (row.state, row.plan, row.planned_until) == ("arrived", "先围挡再换井盖", until)
    row = say(row, subcase.finish, actor=holder(row), result="换了新井盖", who="老周")
    assert (row.state, row.result) == ("done", "换了新井盖") and row.done_at
    told = newest(Letter, 1)[0]
    assert told.person == town.person("chenjing") and "市政养护所已办完：换了新井盖" in told.content["text"]
    row = say(row, subcase.redo, actor=town.actor("chenjing"), note="井盖还晃")
    assert (row.state, row.done_at) == ("accepted", None)


def test_an_objection_goes_to_the_street_once(town):
    row = call_of(blow(town), town)
    due = row.due_at
    row = say(row, subcase.refuse, actor=holder(row), note="这口井归电信公司", who="老周")
    assert newest(Letter, 1)[0].person == town.person("dengwei")
    with pytest.raises(Forbidden):
        say(row, subcase.insist, actor=town.actor("chenjing"))
    row = say(row, subcase.insist, actor=town.actor("dengwei"), note="按属地先抢修")
    assert (row.state, row.fixed) == ("asked", True) and row.due_at > due
    with pytest.raises(Refusal) as refused:
        say(row, subcase.refuse, actor=holder(row), note="还是不归我们")
    assert refused.value.code == "refusal_final"


def test_where_the_street_has_nobody_the_community_decides(sqlite_town):
    town = sqlite_town
    Role.update(ends_at=now()).where(Role.kind == "subdistrict_admin").execute()
    row = call_of(blow(town), town)
    say(row, subcase.refuse, actor=holder(row), note="不归我们")
    assert newest(Letter, 1)[0].person == town.person("chenjing")
    assert say(row, subcase.insist, actor=town.actor("chenjing")).fixed


def test_two_who_finish_at_once(town):
    row = call_of(blow(town), town)
    say(row, subcase.accept, actor=holder(row))
    who = [holder(row), holder(row)]
    stale = [Subcase.get_by_id(row.id), Subcase.get_by_id(row.id)]

    def finish(number):
        with write():
            subcase.finish(stale[number], actor=who[number], result=f"办好了{number}")

    answers = at_once(lambda: finish(0), lambda: finish(1))
    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "NoneType"]
    assert SubcaseStep.select().where(SubcaseStep.verb == "finish").count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "call"}, "kind_unknown"), ({"words": "  "}, "words_missing"), ({"unit": None}, "party_missing"),
        ({"due_at": -1}, "due_wrong"), ({"due_at": 9999}, "due_wrong"), ({"unit": "left"}, "unit_left"),
        ({"unit": "elsewhere"}, "unit_unknown"), ({"unit": "about"}, "complained_about"),
        ({"worker": "wangdashan"}, "one_party"), ({"unit": None, "worker": "hefang"}, "not_a_worker"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_off(sqlite_town, more, code):
    town, case = sqlite_town, report(sqlite_town)
    units = {
        "left": Unit.create(community=town.community(), name="旧物业", kind="co_unit", left_at=now()),
        "elsewhere": Unit.get(Unit.community == town.community("liuyin")), "about": unit(town, LEAD), None: None,
    }  # fmt: skip
    Case.update(about_unit=units["about"]).where(Case.id == case.id).execute()
    if "unit" in more:
        more = more | {"unit": units[more["unit"]]}
    if "due_at" in more:
        more = more | {"due_at": now() + timedelta(days=more["due_at"])}
    if "worker" in more:
        more = more | {"worker": town.person(more["worker"])}
    said = {"kind": "share", "words": "清淤", "unit": unit(town)} | more
    with pytest.raises(Refusal) as refused, write():
        subcase_ask.split(Case.get_by_id(case.id), actor=town.actor("chenjing"), **said)
    assert refused.value.code == code


def split(town, case, **more):
    said = {"kind": "share", "words": "清淤", "unit": None, "worker": None} | more
    with write():
        return subcase_ask.split(Case.get_by_id(case.id), actor=town.actor("chenjing"), **said)


def test_a_split_case_has_exactly_one_lead_and_the_next_takes_over(town):
    case = report(town)
    first = split(town, case, unit=unit(town, LEAD))
    second = split(town, case, worker=town.person("liuyang"))
    assert (first.lead, second.lead) == (True, False)
    with pytest.raises(Refusal) as refused:
        split(town, case, unit=unit(town), lead=True)
    assert refused.value.code == "lead_taken"
    say(first, subcase.drop, actor=town.actor("chenjing"), note="改由网格员办")
    assert (Subcase.get_by_id(first.id).state, Subcase.get_by_id(second.id).lead) == ("dropped", True)


def test_a_committee_never_leads_a_duty_of_the_government(sqlite_town):
    town, case = sqlite_town, report(sqlite_town, category="street_light")
    committee = Unit.create(community=town.community(), name="居委会", kind="residents_committee")
    type(case.category).update(government=True).where(type(case.category).id == case.category_id).execute()
    with pytest.raises(Refusal) as refused:
        split(town, case, unit=committee)
    assert refused.value.code == "not_committee_duty"
    lead = split(town, case, unit=unit(town))
    assert not split(town, case, unit=committee).lead
    say(lead, subcase.drop, actor=town.actor("chenjing"), note="算了")
    assert not Subcase.get(Subcase.unit == committee).lead


@pytest.mark.parametrize(("who", "kind"), [("wangdashan", Forbidden), ("hefang", NotFound), ("zhanglan", Forbidden)])
def test_who_does_not_decide_splits_nothing(sqlite_town, who, kind):
    case = report(sqlite_town)
    with pytest.raises(kind):
        subcase_ask.split(case, actor=sqlite_town.actor(who), kind="share", words="清淤", unit=unit(sqlite_town))


def test_reminders_go_to_unit_and_community_and_when_late_to_the_street(sqlite_town):
    town = sqlite_town
    liaison = contact(town, LEAD)
    row = call_of(blow(town, kind="emergency"), town)
    tasks = [task for task in Task.select().where(Task.kind == "call_due") if task.payload["subcase"] == row.id]
    assert [task.payload["percent"] for task in tasks] == [50, 80, 100]

    def told(percent, level=0):
        before = Letter.select().count()
        with write():
            fresh = Subcase.get_by_id(row.id)
            subcase.subcase_letters.call_due(fresh, percent=percent, level=level, due=fresh.due_at.isoformat())
        return {one.person.name for one in newest(Letter, Letter.select().count() - before)} if (
            Letter.select().count() > before
        ) else set()  # fmt: skip

    assert told(50) == {liaison.name, "陈静"}
    assert told(100) == {liaison.name, "陈静", "邓伟"}
    sent = Letter.select().where(Letter.content["subcase"] == row.key)
    assert [push.may_get(one) for one in sent] == [True] * 6
    UnitContact.update(ends_at=now()).execute()
    assert {one.person.name for one in sent if not push.may_get(one)} == {liaison.name}
    UnitContact.update(ends_at=None).execute()
    assert Task.select().where(Task.kind == "call_due", Task.key.endswith(":100:1")).count() == 1
    say(row, subcase.arrive, actor=holder(row), who="老周")
    assert told(80) == set()


def test_a_letter_to_a_unit_holds_neither_reporter_nor_telephone(sqlite_town):
    town = sqlite_town
    contact(town, LEAD)
    case = report(town, words="我是张兰，电话13812345678，井盖坏了", place_words="找13812345678")
    blow(town, case)
    letter = Letter.select().where(Letter.content["subcase"].is_null(False)).order_by(Letter.id.desc()).first()
    said = str(letter.content)
    assert "13812345678" not in said and "张兰" not in said and "＊＊＊" in said
    assert Place.get(Place.name == "3号楼").name in said


def test_both_sides_rate_once(town):
    row = call_of(blow(town), town)
    with pytest.raises(Conflict):
        say(row, subcase.rate, actor=holder(row), rating=4)
    say(row, subcase.arrive, actor=holder(row), who="老周")
    row = say(row, subcase.rate, actor=holder(row), rating=4, note="叫得及时", who="老周")
    row = say(row, subcase.rate, actor=town.actor("chenjing"), rating=5)
    assert (row.call_rating, row.call_rating_note, row.unit_rating) == (4, "叫得及时", 5)
    for actor in (holder(row), town.actor("chenjing")):
        with pytest.raises(Conflict):
            say(row, subcase.rate, actor=actor, rating=1)
    with pytest.raises(Forbidden):
        say(row, subcase.rate, actor=town.actor("wangdashan"), rating=1)
