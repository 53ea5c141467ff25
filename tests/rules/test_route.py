"""Routing rules: the first that fits decides who goes; who left is skipped; they are tried on past cases."""

from datetime import UTC, datetime, timedelta

import pytest

from app.rules import case as cases
from app.rules import party, route, route_edit, unit_duty, veil
from app.rules.refusal import Refusal
from app.rules.setting import calendar_of
from models.alert import Alert
from models.base import now, write
from models.case import Case, Step
from models.category import Category
from models.letter import Letter
from models.place import Grid, Place
from models.role import Role
from models.route import Route
from models.unit import Unit
from tests.rules.cases import report
from tests.rules.test_dispatch import lamp

EVERYTHING = {
    "categories": ["street_light"], "zone": "public_area", "hours": "night", "weekdays": [6, 7], "hazard": False,
    "priority": "p3", "channel": "chat", "keywords": ["路灯", "灯"],
}  # fmt: skip


def rule(town, name="夜间电线", conditions=None, who="chenjing", **target) -> Route:
    """A rule of 惠民社区, by default written by 陈静; its target names people and units by what they are called."""
    if "worker" in target:
        target["worker"] = town.person(target["worker"]).key
    if "grid" in target:
        target["grid"] = Grid.get(Grid.code == target["grid"]).key
    if "unit" in target:
        target["unit"] = Unit.get(Unit.community == town.community(), Unit.name == target["unit"]).key
    with write():
        return route_edit.add(
            town.community(), actor=town.actor(who), name=name, conditions=conditions or {}, target=target
        )


def note_of(case) -> str:
    return Step.get(Step.case == case, Step.verb == "dispatch").note


# -- which rule decides ------------------------------------------------------------------------------------------------


def test_the_first_rule_that_fits_sends_and_the_step_says_which(town):
    rule(town, "电线找王大山", {"categories": ["exposed_wire"]}, worker="wangdashan")
    rule(town, "路灯归刘洋", {"categories": ["street_light"]}, worker="liuyang")
    rule(town, "其余归王大山", worker="wangdashan")
    case = lamp(town)
    assert (case.handler.name, note_of(case)) == ("刘洋", "按分派规则“路灯归刘洋”派给刘洋")
    assert report(town).handler.name == "王大山"


def test_without_a_rule_that_fits_the_grid_of_the_place_decides(sqlite_town):
    rule(sqlite_town, "别处", {"keywords": ["漏水"]}, worker="liuyang")
    case = lamp(sqlite_town)
    assert (case.handler.name, note_of(case)) == ("王大山", "")


def test_what_was_switched_off_decides_nothing(sqlite_town):
    row = rule(sqlite_town, worker="liuyang")
    with write():
        route_edit.switch(row, actor=sqlite_town.actor("chenjing"), active=False)
    assert lamp(sqlite_town).handler.name == "王大山"


@pytest.mark.parametrize(
    "target, state, handler",
    [({"grid": "huimin-2"}, "dispatched", "刘洋"), ({"role": "community_admin"}, "dispatched", "陈静"),
     ({"mode": "grab"}, "reported", None), ({"mode": "rotate"}, "dispatched", "王大山"),
     ({"grid": "huimin-2", "mode": "rotate"}, "dispatched", "刘洋"), ({"unit": "安居物业"}, "dispatched", "王大山")],
)  # fmt: skip
def test_where_a_rule_can_send(sqlite_town, target, state, handler):
    rule(sqlite_town, **target)
    case = lamp(sqlite_town)
    assert (case.state, case.handler.name if case.handler else None) == (state, handler)
    assert (case.unit.name if case.unit else None) == target.get("unit")


def test_a_unit_is_asked_and_the_step_says_by_which_rule(sqlite_town):
    rule(sqlite_town, "路灯请物业", unit="安居物业")
    case = lamp(sqlite_town)
    step = Step.get(Step.case == case, Step.verb == "involve")
    assert (step.note, step.actor, case.version) == ("按分派规则“路灯请物业”，请“安居物业”办理", None, 2)


def test_an_offer_by_a_rule_says_which(sqlite_town):
    rule(sqlite_town, "抢单", mode="grab")
    case = lamp(sqlite_town)
    assert Step.get(Step.case == case, Step.verb == "offer").note == "按分派规则“抢单”，请网格员抢单"
    assert [one.person.name for one in Letter.select().where(Letter.case == case)] == ["王大山"]


# -- conditions --------------------------------------------------------------------------------------------------------

#: Beijing time; the 28th of November 2026 is a Saturday.
SATURDAY_NIGHT = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_every_condition_must_hold(sqlite_town):
    town = sqlite_town
    case = lamp(town)
    case.category.priority, case.category.zone = "p3", "public_area"
    board = route.Board((), calendar_of(town.community()))
    assert route.fits(EVERYTHING, board, case, SATURDAY_NIGHT)
    others = {
        "categories": ["garbage"], "zone": "private_exclusive", "hours": "work", "weekdays": [1], "hazard": True,
        "priority": "p0", "channel": "miniprogram", "keywords": ["电梯"],
    }  # fmt: skip
    assert set(others) | {"grids", "compounds"} == route.CONDITIONS
    wrong = [
        name for name, value in others.items() if route.fits(EVERYTHING | {name: value}, board, case, SATURDAY_NIGHT)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "utc, words",
    [("2026-11-30T00:29", "off"), ("2026-11-30T00:30", "work"), ("2026-11-30T03:59", "work"),
     ("2026-11-30T04:00", "off"),
     ("2026-11-30T13:59", "off"), ("2026-11-30T14:00", "off night"), ("2026-11-30T21:59", "off night"),
     ("2026-11-30T22:00", "off"), ("2026-11-28T02:00", "off")],
)  # fmt: skip
def test_hours(sqlite_town, utc, words):
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert route.hours_at(at, calendar_of(sqlite_town.community())) == frozenset(words.split())


def test_places_reach_over_what_lies_below_them(sqlite_town):
    town = sqlite_town
    compound = Place.get(Place.kind == "compound", Place.name == "幸福家园")
    rule(town, "幸福家园", {"compounds": [compound.key]}, worker="liuyang")
    rule(town, "二网格", {"grids": [Grid.get(Grid.code == "huimin-2").key]}, worker="wangdashan")
    assert lamp(town).handler.name == "刘洋"
    assert lamp(town, place=town.building("1号楼", "阳光花苑")).handler.name == "王大山"
    assert lamp(town, place=None).state == "reported"


# -- who is not sent ---------------------------------------------------------------------------------------------------


def test_who_left_is_skipped_and_the_desk_is_told_once_a_day(sqlite_town):
    town = sqlite_town
    row = rule(town, "路灯归刘洋", worker="liuyang")
    Role.update(ends_at=now()).where(Role.person == town.person("liuyang")).execute()
    assert [lamp(town).handler.name for _ in range(2)] == ["王大山"] * 2
    (alert,) = Alert.select()
    assert (alert.kind, alert.subject, "“路灯归刘洋”" in alert.words) == ("route_gone", row.key, True)
    Alert.update(at=now() - timedelta(days=1)).execute()
    lamp(town)
    assert Alert.select().count() == 2


def test_a_unit_that_left_is_skipped_too(sqlite_town):
    rule(sqlite_town, unit="安居物业")
    Unit.update(left_at=now()).where(Unit.name == "安居物业").execute()
    case = lamp(sqlite_town)
    assert (case.unit, case.handler.name, Alert.select().count()) == (None, "王大山", 1)


def test_a_complaint_about_a_colleague_is_never_routed(sqlite_town):
    rule(sqlite_town, worker="liuyang")
    case = lamp(sqlite_town, words="投诉王大山态度恶劣")
    case = Case.get_by_id(case.id)
    assert (case.about.name, case.state, case.handler) == ("王大山", "reported", None)


def test_nobody_is_sent_to_the_own_anonymous_report_and_nothing_tells_why(town):
    """刘洋 reports without his name; the rule that sends everything to 刘洋 is passed over without an alert."""
    rule(town, worker="liuyang")
    with write():
        veiled = veil.put_on(town.actor("liuyang"))
        case = cases.report(
            actor=veiled, community=town.community(), category=town.category("street_light"), words="路灯不亮",
            channel="chat", place=town.building(),
        )  # fmt: skip
    assert (case.handler.name, note_of(case), Alert.select().count()) == ("王大山", "", 0)


def test_not_the_party_of_a_case(sqlite_town):
    town = sqlite_town
    rule(town, unit="安居物业")
    case = lamp(town)
    unit = Unit.get(Unit.name == "安居物业")
    Case.update(about_unit=unit, unit=None).where(Case.id == case.id).execute()
    board = route.board_of(town.community(), now())
    assert route.choose(board, Case.get_by_id(case.id), now(), lambda people: people).unit is None


# -- what may not be pushed to a residents' committee ------------------------------------------------------------------


def committee(town) -> Unit:
    return Unit.create(community=town.community(), kind="residents_committee", name="惠民社区居委会")


def test_a_government_duty_is_not_the_committees(sqlite_town):
    town, unit = sqlite_town, committee(sqlite_town)
    duty = town.category("street_light")
    Category.update(government=True).where(Category.id == duty.id).execute()
    duty = Category.get_by_id(duty.id)
    Unit.update(categories=["street_light"]).where(Unit.name == "安居物业").execute()
    with pytest.raises(Refusal) as said:
        unit_duty.need_not_committee(duty, unit)
    assert (said.value.code, "请改请“安居物业”" in said.value.message) == ("not_committee_duty", True)
    for conditions in ({}, {"categories": ["street_light", "exposed_wire"]}):
        with pytest.raises(Refusal) as said:
            rule(town, "推给居委会", conditions, unit="惠民社区居委会")
        assert said.value.code == "not_committee_duty"
    unit_duty.need_not_committee(duty, Unit.get(Unit.name == "安居物业"))
    unit_duty.need_not_committee(duty, None)


def test_what_became_a_government_duty_later_is_not_sent_there_any_more(sqlite_town):
    town = sqlite_town
    committee(town)
    Category.update(government=False).execute()
    rule(town, "居委会", {"categories": ["street_light"]}, unit="惠民社区居委会")
    assert lamp(town).unit.name == "惠民社区居委会"
    Category.update(government=True).where(Category.code == "street_light").execute()
    case = lamp(town)
    assert (case.unit, Alert.select().count()) == (None, 1)


def test_nor_is_it_pushed_there_by_hand(sqlite_town):
    town, unit, case = sqlite_town, committee(sqlite_town), lamp(sqlite_town)
    Category.update(government=True).where(Category.code == "street_light").execute()
    with pytest.raises(Refusal) as said, write():
        party.involve(Case.get_by_id(case.id), actor=town.actor("chenjing"), unit=unit)
    assert (said.value.code, Case.get_by_id(case.id).unit) == ("not_committee_duty", None)
