"""Appointing and ending: 邓伟 of 古台街道, his communities, and what is refused."""

import pytest

from app.rules import role
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import write
from models.place import Grid
from models.role import Role, roles_of


def appoint(town, who="zhaoqiang", by="dengwei", kind="community_admin", place="huimin", **more) -> Role:
    with write():
        return role.appoint(
            actor=town.actor(by), person=town.person(who), community=town.community(place), kind=kind, **more
        )


def test_an_appointment_is_in_force_and_written_down(town):
    made = appoint(town)
    assert [one.kind for one in roles_of(town.person("zhaoqiang"))] == ["community_admin"]
    audit = Audit.get(Audit.action == "role.appoint")
    assert (audit.person, audit.subject, audit.detail["kind"]) == (town.person("dengwei"), made.key, "community_admin")


def test_a_grid_worker_gets_a_grid_of_that_community(town):
    made = appoint(town, kind="grid_worker", grid=Grid.get(Grid.code == "huimin-2"))
    assert made.grid.code == "huimin-2"
    for grid in (None, Grid.get(Grid.code == "liuyin-1")):
        with pytest.raises(Refusal) as refused:
            appoint(town, "sunmei", kind="grid_worker", grid=grid)
        assert refused.value.code == "grid_missing"


def test_nobody_appoints_himself(town):
    with pytest.raises(Refusal) as refused:
        appoint(town, "dengwei")
    assert refused.value.code == "own_role"


def test_only_the_two_parts_of_a_community_are_appointed(town):
    with pytest.raises(Refusal) as refused:
        appoint(town, kind="district_admin")
    assert refused.value.code == "role_unknown"


def test_nobody_holds_the_same_part_twice(town):
    with pytest.raises(Conflict):
        appoint(town, "chenjing")


@pytest.mark.parametrize(("by", "place"), [("dengwei", "liuyin"), ("chenjing", "huimin"), ("zhanglan", "huimin")])
def test_who_is_not_above_may_not(town, by, place):
    with pytest.raises(Forbidden):
        appoint(town, by=by, place=place)


def test_a_part_ends_once_and_is_written_down(town):
    held = Role.get(Role.person == town.person("wangdashan"))
    with write():
        role.end(held, actor=town.actor("dengwei"))
    assert roles_of(town.person("wangdashan")) == []
    assert Audit.get(Audit.action == "role.end").subject == held.key
    with pytest.raises(Conflict), write():
        role.end(held, actor=town.actor("dengwei"))


def test_the_levels_above_are_not_ended_at_the_desk(town):
    Role.update(place=town.community()).where(Role.person == town.person("dengwei")).execute()
    held = Role.get(Role.person == town.person("dengwei"))
    other = Role.create(person=town.person("zhaoqiang"), place=town.community(), kind="subdistrict_admin")
    with pytest.raises(NotFound), write():
        role.end(other, actor=town.actor("dengwei"))
    with pytest.raises(NotFound), write():
        role.end(held, actor=town.actor("dengwei"))
