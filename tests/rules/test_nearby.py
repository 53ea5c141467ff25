"""Is it known already? 孙梅 stands before the hole that 张兰 reported; nobody learns of anybody's home or quarrel."""

from app.rules import nearby
from handlers.api.case import with_labels
from tests.everybody import door
from tests.rules.cases import case_in, report

HERE = (34.7965, 114.3654)


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
    assert sorted(number for number, _ in found(sqlite_town, place=sqlite_town.building())) == [1004, 1005]


def test_never_one_about_a_person_or_a_home(sqlite_town):
    town = sqlite_town
    report(town, words="网格员王大山态度恶劣，不作为，我要投诉他", category="street_light")
    for code in sorted(nearby.NEVER - {"other"}) + ["water_leak", "illegal_construction", "other"]:
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
