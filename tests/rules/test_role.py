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
            actor=town.actor(by), person=town.person(who), place=town.community(place), kind=kind, **more
        )


def test_an_appointment_is_in_force_and_written_down(town):
    made = appoint(town)
    assert [one.kind for one in roles_of(town.person("zhaoqiang"))] == ["community_admin"]
    audit = Audit.get(Audit.action == "role.appoint")
    assert (audit.person, audit.subject, audit.after["kind"]) == (town.person("dengwei"), made.key, "community_admin")


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


def test_a_place_has_its_own_part_only(town):
    for place, kind in (("huimin", "district_admin"), ("gutai", "community_admin"), ("gutai", "grid_worker")):
        grid = Grid.get(Grid.code == "huimin-1")
        with pytest.raises(Refusal) as refused:
            appoint(town, by=operator(town), place=place, kind=kind, grid=grid)
        assert refused.value.code == ("role_unknown")


def operator(town) -> str:
    """孙梅 runs the system of the district."""
    Role.create(person=town.person("sunmei"), place=town.community("yutai"), kind="operator")
    return "sunmei"


def test_the_operator_appoints_every_level_and_each_appoints_the_next(town):
    assert appoint(town, "hefang", operator(town), "district_admin", "yutai").kind == "district_admin"
    assert appoint(town, "zhaoqiang", "hefang", "subdistrict_admin", "liutang").place == town.community("liutang")
    assert appoint(town, "zhanglan", "zhaoqiang", "community_admin", "liuyin").appointed_by == town.person("zhaoqiang")
    assert Audit.select().where(Audit.action == "role.appoint").count() == 3


@pytest.mark.parametrize(("place", "kind"), [("gutai", "subdistrict_admin"), ("yutai", "district_admin")])
def test_a_subdistrict_appoints_nobody_at_its_own_level_or_above(town, place, kind):
    with pytest.raises(Forbidden):
        appoint(town, place=place, kind=kind)


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


def test_a_part_of_ones_own_level_is_ended_from_above_only(town):
    held = Role.create(person=town.person("zhaoqiang"), place=town.community("gutai"), kind="subdistrict_admin")
    with pytest.raises(Forbidden), write():
        role.end(held, actor=town.actor("dengwei"))
    operator(town)
    with write():
        role.end(held, actor=town.actor("sunmei"))
    assert roles_of(town.person("zhaoqiang")) == []


def test_an_operator_is_not_ended_at_the_desk(town):
    operator(town)
    Role.create(person=town.person("hefang"), place=town.community("yutai"), kind="district_admin")
    with pytest.raises(NotFound), write():
        role.end(Role.get(Role.kind == "operator"), actor=town.actor("hefang"))
