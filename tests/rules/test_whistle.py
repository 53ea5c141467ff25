"""社区吹哨、部门报到: 王大山 wishes, 陈静 blows, 邓伟 confirms where so set; the units answer, both sides are rated."""

from datetime import datetime, timedelta

import pytest

from app.rules import handling, party, subcase, unit, whistle, whistle_move
from app.rules import setting as settings
from app.rules.clock import ZONE
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.alert import Alert
from models.audit import Audit
from models.base import database, now, write
from models.case import Case, Step
from models.letter import Letter
from models.lifecycle import SUBCASE_STATES, WHISTLE, WHISTLE_STATES, find
from models.role import Role
from models.setting import Setting
from models.subcase import Subcase
from models.unit import Unit, UnitContact
from models.whistle import Whistle
from tests.rules.cases import add_photo, do, newest, report
from tests.rules.pieces import CLINIC, HELPER, LEAD, blow, call_of, contact, holder, say
from tests.rules.pieces import unit as unit_of

PARTS = {
    None: {"system"}, "chenjing": {"community_admin"}, "dengwei": {"subdistrict_admin"}, "wangdashan": set(),
    "zhanglan": set(), "hefang": set(),
}  # fmt: skip
VERBS = sorted({move.verb for move in WHISTLE})


def confirming(town, wanted=True):
    Setting.create(community=town.community(), name="whistle_confirm", value=wanted)
    settings.forget()


def in_state(town, state):
    case = report(town)
    if state == "wished":
        return wish(town, case)
    confirming(town)
    row = blow(town, case)
    verb = {"blown": "confirm", "refused": "refuse", "cancelled": "cancel"}.get(state)
    with write():
        if verb:
            whistle_move.move(row, verb, town.actor("chenjing" if verb == "cancel" else "dengwei"))
        elif state == "closed":
            whistle_move.move(whistle_move.move(row, "confirm", None), "close", town.actor("chenjing"))
    return Whistle.get_by_id(row.id)


def wish(town, case, who="wangdashan", **more):
    with write():
        return whistle.wish(Case.get_by_id(case.id), actor=town.actor(who), note="要断路抢修", **more)


@pytest.mark.parametrize("state", WHISTLE_STATES)
def test_every_verb_by_everybody_in_this_state(sqlite_town, state):
    town, row = sqlite_town, in_state(sqlite_town, state)
    for verb in VERBS:
        step = find(WHISTLE, state, verb)
        for who, parts in PARTS.items():
            actor = town.actor(who) if who else None
            with database.atomic() as deed:
                fresh = Whistle.get_by_id(row.id)
                if step and step.who & parts:
                    whistle_move.move(fresh, verb, actor)
                    assert (fresh.state, fresh.version) == (step.target, row.version + 1)
                    assert newest(Audit, 1)[0].action == f"whistle.{verb}"
                else:
                    with pytest.raises(Forbidden if step else Conflict):
                        whistle_move.move(fresh, verb, actor)
                deed.rollback()


def test_a_whistle_is_blown_at_once_and_every_unit_has_its_letter_and_deadline(town):
    liaison = contact(town, LEAD)
    row = blow(town, kind="emergency")
    assert (row.state, row.kind) == ("blown", "emergency")
    assert timedelta(minutes=29) < row.due_at - now() <= timedelta(minutes=30)
    calls = whistle.calls_of(row)
    assert [(one.unit.name, one.lead, one.state) for one in calls] == [(LEAD, True, "asked"), (HELPER, False, "asked")]
    assert {one.due_at for one in calls} == {row.due_at}
    told = newest(Letter, 1)[0]
    assert (told.person, told.kind, told.urgent) == (liaison, "case_assigned", True)
    assert "【应急处置吹哨】惠民社区请市政养护所协助，由贵单位牵头" in told.content["text"]
    assert newest(Step, 1)[0].note == "市政养护所（牵头）、安居物业：下水井塌陷，要断路抢修"


def test_the_street_confirms_first_where_it_is_so_set(town):
    confirming(town)
    contact(town, LEAD)
    row = blow(town, within=None)
    asked = newest(Letter, 1)[0]
    assert (row.state, asked.person) == ("asked", town.person("dengwei"))
    call = call_of(row, town)
    assert call.due_at is None and Letter.select().where(Letter.kind == "case_assigned").count() == 1  # 王大山's task
    with pytest.raises(Forbidden):
        confirm(town, row, "chenjing")
    row = confirm(town, row)
    assert (row.state, row.decided_by) == ("blown", town.person("dengwei"))
    assert call_of(row, town).due_at == row.due_at
    assert Letter.select().where(Letter.content["subcase"] == call.key).count() >= 1


def confirm(town, row, who="dengwei", **more):
    with write():
        return whistle.confirm(Whistle.get_by_id(row.id), actor=town.actor(who), **more)


def test_what_the_street_refuses_calls_nobody_and_tells_no_unit(sqlite_town):
    town = sqlite_town
    confirming(town)
    liaison = contact(town, LEAD)
    row = blow(town)
    with write():
        whistle.refuse(Whistle.get_by_id(row.id), actor=town.actor("dengwei"), note="请先协调物业")
    assert {one.state for one in whistle.calls_of(row)} == {"dropped"}
    assert not Letter.select().where(Letter.person == liaison).exists()
    assert newest(Letter, 1)[0].content["text"].endswith("街道没有同意这次吹哨：请先协调物业")


def test_a_sooner_deadline_is_asked_for_and_a_later_one_is_not(sqlite_town):
    town = sqlite_town
    row = blow(town, kind="public_appeal", within=4)
    assert timedelta(hours=3, minutes=59) < row.due_at - now() <= timedelta(hours=4)
    for within in (0, 24 * 30):
        with pytest.raises(Refusal) as refused:
            blow(town, kind="public_appeal", within=within)
        assert refused.value.code == "within_wrong"


def test_deadlines_follow_the_calendar_of_the_community(sqlite_town):
    """On a Friday afternoon two working days end on Tuesday."""
    case = report(sqlite_town)
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=ZONE)
    due = whistle._deadline(case, "public_appeal", None, friday).astimezone(ZONE)
    assert due == datetime(2026, 11, 24, 17, 30, tzinfo=ZONE)
    due = whistle._deadline(case, "enforcement", None, datetime(2026, 11, 20, 16, 30, tzinfo=ZONE)).astimezone(ZONE)
    assert due == datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)


def test_whom_one_cannot_call(sqlite_town):
    town, case = sqlite_town, report(sqlite_town)
    elsewhere = Unit.get(Unit.community == town.community("liuyin"))
    left = Unit.create(community=town.community(), name="旧物业", kind="co_unit", left_at=now())
    Case.update(about_unit=unit_of(town)).where(Case.id == case.id).execute()
    lead = whistle.Call(unit_of(town, LEAD), lead=True)
    for calls, code in (
        ([], "units_missing"), ([lead, lead], "unit_twice"), ([whistle.Call(unit_of(town, LEAD))], "lead_wrong"),
        ([lead, whistle.Call(unit_of(town, CLINIC), lead=True)], "lead_wrong"),
        ([lead, whistle.Call(elsewhere)], "unit_unknown"), ([lead, whistle.Call(left)], "unit_left"),
        ([lead, whistle.Call(unit_of(town))], "complained_about"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused, write():
            whistle.blow(
                Case.get_by_id(case.id), actor=town.actor("chenjing"), kind="enforcement", reason="抢修", calls=calls
            )
        assert refused.value.code == code
    assert not Whistle.select().exists()


@pytest.mark.parametrize(("who", "kind"), [("wangdashan", Forbidden), ("hefang", NotFound), ("dengwei", Forbidden)])
def test_only_the_community_blows(sqlite_town, who, kind):
    with pytest.raises(kind):
        blow(sqlite_town, who=who)


def test_a_wish_is_answered_by_blowing_or_by_asking_one_unit_or_none(town):
    case = report(town)
    row = wish(town, case, unit=unit_of(town))
    with pytest.raises(Conflict):
        wish(town, case)
    blown = blow(town, case)
    assert (blown.id, blown.state) == (row.id, "blown")
    told = Letter.select().where(Letter.person == town.person("wangdashan")).order_by(Letter.id.desc()).first()
    assert "社区已经吹哨，请了市政养护所（牵头）、安居物业" in told.content["text"]
    for named, state in (({"unit": unit_of(town, CLINIC)}, "closed"), ({}, "refused")):
        row = wish(town, case)
        with write():
            party.involve(Case.get_by_id(case.id), actor=town.actor("chenjing"), **named)
        assert Whistle.get_by_id(row.id).state == state


def test_a_unit_that_leaves_is_called_off_with_an_alert_and_the_next_leads(town):
    contact(town, LEAD)
    row = blow(town)
    with write():
        unit.leave(unit_of(town, LEAD), actor=town.actor("chenjing"))
    assert (call_of(row, town).state, call_of(row, town, HELPER).lead) == ("dropped", True)
    assert Alert.get(Alert.kind == "unit_left").words.startswith("市政养护所退出了，#")
    assert not UnitContact.select().where(UnitContact.ends_at.is_null()).exists()
    with pytest.raises(Refusal) as refused:
        blow(town)
    assert refused.value.code == "unit_left"


def test_a_unit_found_to_be_complained_about_is_called_off(sqlite_town):
    town = sqlite_town
    row = blow(town)
    with write():
        party.involve(Case.get_by_id(row.case_id), actor=town.actor("chenjing"), about_unit=unit_of(town))
    assert call_of(row, town, HELPER).state == "dropped"


def finished(town, row, name=LEAD):
    call = call_of(row, town, name)
    say(call, subcase.arrive, actor=holder(call), who="老周")
    return say(call, subcase.finish, actor=holder(call), result="换好了")


def close(town, row, **more):
    with write():
        return whistle.close(Whistle.get_by_id(row.id), actor=town.actor("chenjing"), **more)


def test_it_is_closed_with_a_joint_result_when_the_lead_is_done_and_every_unit_is_rated(town):
    row = blow(town)
    lead, helper = call_of(row, town), call_of(row, town, HELPER)
    for more, code in (({"result": " "}, "result_missing"), ({"result": "修好了"}, "lead_open")):
        with pytest.raises(Refusal) as refused:
            close(town, row, **more)
        assert refused.value.code == code
    finished(town, row)
    with pytest.raises(Refusal) as refused:
        close(town, row, result="修好了", ratings={lead.key: 5})
    assert refused.value.code == "rating_missing"
    row = close(town, row, result="修好了", ratings={lead.key: 5, helper.key: 1})
    assert (row.state, row.result) == ("closed", "修好了")
    helper = Subcase.get_by_id(helper.id)
    assert (Subcase.get_by_id(lead.id).unit_rating, helper.unit_rating, helper.state) == (5, 1, "dropped")


def test_where_everybody_was_called_off_it_is_cancelled_not_closed(sqlite_town):
    town = sqlite_town
    row = blow(town)
    for name in (LEAD, HELPER):
        say(call_of(row, town, name), subcase.drop, actor=town.actor("chenjing"), note="不用了")
    with pytest.raises(Refusal) as refused:
        close(town, row, result="没有来")
    assert refused.value.code == "nobody_came"
    with write():
        assert whistle.cancel(Whistle.get_by_id(row.id), actor=town.actor("chenjing"), note="改期").state == "cancelled"


def test_a_case_is_not_handled_while_its_lead_is_at_it(town):
    case = report(town)
    row = blow(town, case)
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    with pytest.raises(Refusal) as refused:
        do(town, case, "handle", "wangdashan")
    assert (refused.value.code, LEAD in refused.value.message) == ("calls_open", True)
    finished(town, row)
    assert do(town, case, "handle", "wangdashan").state in ("handled", "checking")
    assert handling.has_photo(case, "after")


def test_where_the_street_has_nobody_nothing_waits_for_it(sqlite_town):
    town = sqlite_town
    confirming(town)
    Role.update(ends_at=now()).where(Role.kind == "subdistrict_admin").execute()
    assert blow(town).state == "blown"


def test_not_solved_reaches_the_unit_that_had_called_its_piece_done_but_not_what_the_resident_said(town):
    case, liaison = report(town), contact(town, LEAD)
    row = blow(town, case)
    do(town, case, "accept", "wangdashan")
    finished(town, row)
    add_photo(town, case)
    do(town, case, "handle", "wangdashan")
    do(town, case, "reopen", "zhanglan", note="张兰家门口还在响")
    told = Letter.select().where(Letter.person == liaison).order_by(Letter.id.desc()).first().content["text"]
    assert ("还没有解决" in told, "张兰" in told, "还在响" in told) == (True, False, False)
    again = Case.get_by_id(case.id)
    assert again.first_resolve_due == case.first_resolve_due


def test_a_case_that_is_taken_back_calls_everybody_off(sqlite_town):
    town = sqlite_town
    liaison = contact(town, LEAD)
    row = blow(town)
    do(town, Case.get_by_id(row.case_id), "withdraw", "zhanglan")
    assert Whistle.get_by_id(row.id).state == "cancelled"
    assert {one.state for one in whistle.calls_of(row)} == {"dropped"}
    told = Letter.select().where(Letter.person == liaison).order_by(Letter.id.desc()).first()
    assert "这项请求已取消" in told.content["text"] and set(SUBCASE_STATES)
