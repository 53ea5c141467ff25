"""Is it known already? 孙梅 stands before the hole that 张兰 reported; nobody learns of anybody's home or quarrel."""

import pytest

from app.rules import nearby, setting
from handlers.api.case import with_labels
from models.base import database
from models.case import Case
from models.category import Category
from tests.everybody import door
from tests.rules import cases
from tests.rules.cases import case_in

HERE = (34.7965, 114.3654)


#: What may be about how somebody behaves or lives, or is no state of a place: neighbours are shown none of it.
UNSHOWN = ("noise", "pets", "neighbour_dispute", "property_service", "consult", "suggestion", "other")


@pytest.fixture(autouse=True)
def fresh_settings():
    setting.forget()
    yield
    setting.forget()


def report(town, *args, **more):
    """A report that stands for itself, and of a kind that reaches fifty metres."""
    Category.update(near_metres=50).execute()
    setting.forget()
    case = cases.report(town, *args, **more)
    Case.update(same_as=None).where(Case.id == case.id).execute()
    return Case.get_by_id(case.id)


def away(metres):
    return HERE[0] + metres / 111_132, HERE[1]


def found(town, who="sunmei", code="huimin", **where):
    near = nearby.nearby(with_labels(), actor=town.actor(who), community=town.community(code), **where)
    return [(one.case.number, one.words) for one in near]


def test_within_fifty_metres_the_nearest_first(town):
    for far in (30, 12, 51):
        report(town, place=None, point=away(far))
    assert found(town, point=HERE) == [(1002, "约 10 米"), (1001, "约 30 米")]
    assert found(town, point=(34.9, 114.9)) == []


def test_of_two_as_near_the_own_kind_goes_first(town):
    report(town, point=away(11), category="street_light", words="路灯不亮")
    report(town, point=away(14))
    assert found(town, point=HERE)[0] == (1002, "约 10 米")
    assert found(town, point=HERE, category="street_light")[0] == (1001, "约 10 米")


def test_the_same_building_and_of_the_compound_only_the_same_kind(town):
    report(town)
    report(town, place=town.building("5号楼"), category="street_light", words="路灯不亮")
    household = door(town, "幸福家园", "3号楼", "1单元", "101")
    assert found(town, place=household) == [(1001, "同一栋楼")]
    assert found(town, place=household, category="street_light") == [(1001, "同一栋楼"), (1002, "同一个小区")]
    assert found(town, place=town.building("5号楼")) == [(1002, "同一栋楼")]
    assert found(town, place=town.building().parent) == []


def test_at_most_five(sqlite_town):
    for turn in range(7):
        report(sqlite_town, words=f"井盖坏了 {turn}")
    assert [number for number, _ in found(sqlite_town, place=sqlite_town.building())] == [1007, 1006, 1005, 1004, 1003]


def test_only_what_is_open(sqlite_town):
    for state in ("closed", "withdrawn", "rejected", "handling", "handled"):
        case_in(sqlite_town, state)
    Case.update(same_as=None).execute()
    assert sorted(number for number, _ in found(sqlite_town, place=sqlite_town.building())) == [1004, 1005]


def test_never_one_about_a_person_or_a_home(sqlite_town):
    town = sqlite_town
    report(town, words="网格员王大山态度恶劣，不作为，我要投诉他", category="street_light")
    assert {row.code for row in Category.select().where(~Category.public)} >= set(UNSHOWN)
    for code in [*UNSHOWN, "water_leak", "illegal_construction"]:
        report(town, words="楼上的事", category=code)
    assert found(town, place=town.building()) == []


def test_whoever_has_no_part_there_is_shown_nothing(sqlite_town):
    report(sqlite_town, point=HERE)
    for who in ("zhaoqiang", "masuhua", "hefang"):
        assert found(sqlite_town, who, place=sqlite_town.building(), point=HERE) == []
    assert found(sqlite_town, "chenjing", point=HERE) == [(1001, "约 10 米")]


def test_the_words_say_no_more_than_ten_metres(sqlite_town):
    """What is said of a distance is one of five sentences, whatever the point."""
    report(sqlite_town, point=HERE)
    said = {words for step in range(0, 51) for _, words in found(sqlite_town, point=away(step))}
    assert said == {f"约 {ten} 米" for ten in (10, 20, 30, 40, 50)}


def test_how_far_is_near_is_each_kinds_own(town):
    """A broken road is the same hole within ten metres, a lamp that is out the same lamp within eighty."""
    for code, metres in (("road_damage", 10), ("street_light", 80)):
        Category.update(near_metres=metres).where(Category.code == code).execute()
    setting.forget()
    for code in ("road_damage", "street_light", "missing_manhole_cover"):
        for far in (8, 40, 70):
            report(town, place=None, point=away(far), category=code, words="这里坏了")
    for code, metres in (("road_damage", 10), ("street_light", 80)):
        Category.update(near_metres=metres).where(Category.code == code).execute()
    setting.forget()
    codes = {case.number: case.category.code for case in Case.select()}
    kinds = [(codes[number], words) for number, words in found(town, point=HERE)]
    assert kinds == [
        ("missing_manhole_cover", "约 10 米"), ("street_light", "约 10 米"), ("road_damage", "约 10 米"),
        ("missing_manhole_cover", "约 40 米"), ("street_light", "约 40 米"),
    ]  # fmt: skip


def test_what_is_probably_one_of_them_or_lies_in_somebodys_home_is_not_shown(town):
    first, again, inside = (report(town, point=HERE, words=f"井盖坏了 {turn}") for turn in range(3))
    Case.update(same_as=first).where(Case.id == again.id).execute()
    Case.update(zone="private_exclusive", same_as=None).where(Case.id == inside.id).execute()
    assert found(town, point=HERE, place=town.building()) == [(first.number, "约 10 米")]


@pytest.mark.parametrize("rows", [1, 3])
def test_so_many_queries_whatever_is_there(town, rows):
    """What the place lies in (2), the doors of the building, a look each at point, building, compound, and the rows."""
    for turn in range(rows):
        report(town, point=HERE, words=f"井盖坏了 {turn}")
    Case.update(same_as=None).execute()
    actor, community = town.actor("sunmei"), town.community()
    household = door(town, "幸福家园", "3号楼", "1单元", "101")
    query, seen, execute = with_labels(), [], database.obj.execute_sql
    nearby.nearby(query, actor=actor, community=community, point=HERE)  # what is kept some seconds is read
    database.obj.execute_sql = lambda sql, *args, **more: (seen.append(sql), execute(sql, *args, **more))[1]
    near = nearby.nearby(
        query, actor=actor, community=community, place=household, point=HERE, category="missing_manhole_cover"
    )
    database.obj.execute_sql = execute
    assert (len(near), len(seen)) == (rows, 7)
