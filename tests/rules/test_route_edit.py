"""Routing rules are written by the community itself, strictly read, in an order; and tried on past cases first."""

from datetime import timedelta

import pytest

from app.rules import case as cases
from app.rules import route, route_edit, route_trial, veil
from app.rules.refusal import Conflict, Forbidden, Refusal
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.place import Grid, Place
from models.route import Route
from tests.handlers.console.conftest import queries
from tests.rules.cases import report
from tests.rules.test_dispatch import another_worker, lamp
from tests.rules.test_route import rule

# -- writing them ------------------------------------------------------------------------------------------------------


def test_order_is_what_one_makes_it_and_each_change_is_written_down(town):
    chenjing = town.actor("chenjing")
    rows = [rule(town, name, worker="liuyang") for name in ("一", "二", "三")]
    with write():
        route_edit.move(rows[2], actor=chenjing, up=True)
        route_edit.move(rows[0], actor=chenjing, up=True)
    names = [one.name for one in route.routes_of(town.community())]
    assert names == ["一", "三", "二"]
    with write():
        edited = route_edit.edit(
            Route.get_by_id(rows[0].id), actor=chenjing, name=" 新 名 ", conditions={"hazard": True},
            target={"role": "community_admin"},
        )  # fmt: skip
        route_edit.delete(rows[1], actor=chenjing)
    assert (edited.name, [one.name for one in route.routes_of(town.community())]) == ("新 名", ["新 名", "三"])
    whats = [one.detail["what"] for one in Audit.select().where(Audit.action == "route.write").order_by(Audit.id)]
    assert whats == ["add", "add", "add", "move", "edit", "delete"]
    note = Audit.select().where(Audit.action == "route.write").order_by(Audit.id.desc())[1]
    assert (note.before["target"], note.after["target"]) == (rows[0].target, {"role": "community_admin"})


def test_a_slow_screen_does_not_overwrite_a_rule(sqlite_town):
    row = rule(sqlite_town, worker="liuyang")
    old, chenjing = Route.get_by_id(row.id), sqlite_town.actor("chenjing")
    Route.update(updated_at=now() + timedelta(seconds=1)).where(Route.id == row.id).execute()
    with pytest.raises(Conflict):
        route_edit.switch(old, actor=chenjing, active=False)


@pytest.mark.parametrize("who", ["zhanglan", "wangdashan", "hefang", "dengwei"])
def test_only_the_community_itself_writes_its_rules(sqlite_town, who):
    with pytest.raises(Forbidden):
        rule(sqlite_town, who=who, worker="liuyang")
    assert not Route.select().exists()


def test_there_is_an_end_to_rules(sqlite_town):
    key = sqlite_town.person("liuyang").key
    Route.insert_many([
        {"community": sqlite_town.community().id, "position": at, "name": "多", "target": {"worker": key}}
        for at in range(route_edit.MOST)
    ]).execute()  # fmt: skip
    with pytest.raises(Refusal) as said:
        rule(sqlite_town, worker="liuyang")
    assert said.value.code == "too_many_routes"


DEEP: object = []
for _ in range(500):
    DEEP = [DEEP]
BAD_CONDITIONS = [
    None, [], "all", 7, {"moon": "full"}, {"categories": "street_light"}, {"categories": []}, {"categories": ["none"]},
    {"categories": ["street_light"] * 50 + ["x"]}, {"categories": [None]}, {"categories": [["street_light"]]},
    {"categories": ["x" * 100_000]}, {"categories": ["\x00"]}, {"categories": ["street_light' OR 1=1"]},
    {"zone": "moon"}, {"zone": None}, {"zone": ["public_area"]}, {"grids": ["none"]}, {"grids": [1]},
    {"compounds": ["none"]}, {"compounds": {"a": 1}}, {"compounds": DEEP}, {"hours": "always"}, {"hours": 22},
    {"weekdays": [0]}, {"weekdays": [8]}, {"weekdays": ["1"]}, {"weekdays": [True]}, {"weekdays": 1},
    {"weekdays": [1.0]},
    {"hazard": "yes"}, {"hazard": 1}, {"hazard": None}, {"priority": "p9"}, {"priority": ["p1"]}, {"channel": "fax"},
    {"keywords": []}, {"keywords": [""]}, {"keywords": [" "]}, {"keywords": ["\u200b"]}, {"keywords": ["字" * 21]},
    {"keywords": ["字" * 1_000_000]}, {"keywords": [str(one) for one in range(41)]}, {"keywords": "灯"},
    {"keywords": [1]},
]  # fmt: skip
BAD_TARGETS = [
    None, [], "wangdashan", {}, {"worker": ""}, {"worker": None}, {"worker": "none"}, {"worker": ["a"]},
    {"grid": "none"},
    {"role": "operator"}, {"role": "grid_worker"}, {"unit": "none"}, {"mode": "fastest"}, {"moon": "x"},
    {"worker": "a", "grid": "b"}, {"grid": "a", "mode": "grab"}, {"unit": "a", "mode": "grab"},
    {"worker": "a" * 100_000}, {"unit": "\x00"}, {"mode": DEEP},
]  # fmt: skip


@pytest.mark.parametrize("conditions", BAD_CONDITIONS, ids=lambda one: repr(one)[:40])
def test_conditions_that_say_nothing_we_know_are_refused(sqlite_town, conditions):
    with pytest.raises(Refusal) as said:
        route_edit.read(sqlite_town.community(), "名", conditions, {"mode": "rotate"})
    assert (said.value.code, len(said.value.message) < 200) == ("route_invalid", True)


@pytest.mark.parametrize("target", BAD_TARGETS, ids=lambda one: repr(one)[:40])
def test_targets_that_are_not_there_are_refused(sqlite_town, target):
    with pytest.raises(Refusal) as said:
        route_edit.read(sqlite_town.community(), "名", {}, target)
    assert said.value.code == "route_invalid"


@pytest.mark.parametrize("name", ["", " ", None, 7, "名" * 41, "\u202e"])
def test_a_rule_has_a_name(sqlite_town, name):
    with pytest.raises(Refusal) as said:
        route_edit.read(sqlite_town.community(), name, {}, {"mode": "rotate"})
    assert set(said.value.fields) == {"name"}


def test_what_lies_in_the_next_community_is_not_there(sqlite_town):
    town = sqlite_town
    there = town.community("liuyin")
    grid, compound = (
        Grid.get(Grid.code == "liuyin-1").key,
        Place.get(Place.community == there, Place.kind == "compound").key,
    )
    for conditions, target in (
        ({"grids": [grid]}, {"mode": "rotate"}), ({"compounds": [compound]}, {"mode": "rotate"}), ({}, {"grid": grid}),
        ({}, {"worker": town.person("guoliang").key}), ({}, {"worker": town.person("zhanglan").key}),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            route_edit.read(town.community(), "名", conditions, target)


# -- tried on past cases -----------------------------------------------------------------------------------------------


def test_tried_on_past_cases_it_says_what_would_change_and_changes_nothing(town):
    mine, other = lamp(town), report(town)
    rule(town, "路灯归刘洋", {"categories": ["street_light"]}, worker="liuyang")
    before = [(one.id, one.version, one.handler_id) for one in Case.select().order_by(Case.id)]
    trial = route_trial.tried(town.community(), actor=town.actor("chenjing"))
    assert [(row.case.id, row.to, row.worker.name, row.changed) for row in trial.rows] == [
        (other.id, "王大山", "王大山", False), (mine.id, "刘洋", "王大山", True),
    ]  # fmt: skip
    assert (trial.changed, list(trial.by_route.values())) == (1, [1])
    assert [(one.id, one.version, one.handler_id) for one in Case.select().order_by(Case.id)] == before


def test_a_trial_costs_the_same_for_one_case_and_for_many_and_has_an_end(sqlite_town):
    town = sqlite_town
    rule(town, "路灯归二网格", {"categories": ["street_light"]}, grid="huimin-2", mode="rotate")
    found, chenjing, huimin = [], town.actor("chenjing"), town.community()
    for count in (1, 5, 5):
        for _ in range(count):
            lamp(town)
        with queries() as asked:
            trial = route_trial.tried(huimin, actor=chenjing)
        found.append(len(asked))
    # The first time the calendar and the settings are read as well.
    assert (found[1:], len(trial.rows)) == ([6, 6], 11)
    assert len(route_trial.tried(town.community(), actor=town.actor("chenjing"), limit=2).rows) == 2


def test_a_trial_tells_nothing_of_complaints_nor_who_hides_behind_a_name(sqlite_town):
    town = sqlite_town
    another_worker(town)
    lamp(town, words="投诉王大山态度恶劣")
    with write():
        cases.report(
            actor=veil.put_on(town.actor("liuyang")), community=town.community(), words="路灯不亮", channel="chat",
            category=town.category("street_light"), place=town.building(),
        )  # fmt: skip
    rule(town, worker="liuyang")
    (row,) = route_trial.tried(town.community(), actor=town.actor("chenjing")).rows
    assert row.to == "刘洋"
    for who in ("hefang", "wangdashan", "zhanglan"):
        with pytest.raises(Forbidden):
            route_trial.tried(town.community(), actor=town.actor(who))
