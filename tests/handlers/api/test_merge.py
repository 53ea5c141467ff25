"""Merged from the phone: what it may be the same as, the verbs, and what everybody sees of it afterwards."""

import pytest

from app.context import database_open
from models.case import Case


@pytest.fixture
def two(door, key_of):
    """张兰's hole #1001 and 孙梅's #1002 at the same door."""
    return [door(who).report(place=key_of("building")) for who in ("zhanglan", "sunmei")]


def test_staff_see_what_it_may_be_and_why(door, two):
    main, other = two
    status, said = door("wangdashan").get(f"/cases/{other['key']}/same")
    (one,) = said["cases"]
    assert (status, one["number"], one["score"], one["score_words"]) == (200, 1001, 95, "很可能是同一件")
    assert one["reasons"] == "同一栋楼，都说到“井盖坏了”，相隔 1 分钟"
    assert (said["bundle"], said["kept"], said["may_merge"]) == (0, False, True)
    assert door("chenjing").get(f"/cases/{main['key']}/same")[1]["bundle"] == 1
    assert door("sunmei").refused(403, "GET", f"/cases/{other['key']}/same")["code"] == "forbidden"
    for stranger in ("hefang", "zhaoqiang", "liuyang"):
        door(stranger).refused(404, "GET", f"/cases/{other['key']}/same")


@pytest.mark.parametrize("others", [1, 3])
def test_the_list_takes_as_many_statements_whatever_it_shows(door, key_of, count_queries, others):
    place = key_of("building")
    rows = [door(who).report(place=place) for who in ("zhanglan", "sunmei", "masuhua", "zhaoqiang")[: others + 1]]
    with database_open():
        Case.update(same_as=None).execute()
    chenjing = door("chenjing")
    chenjing.get(f"/cases/{rows[-1]['key']}/same")
    with count_queries() as statements:
        assert len(chenjing.get(f"/cases/{rows[-1]['key']}/same")[1]["cases"]) == others
    assert len(statements) == SAME_QUERIES


SAME_QUERIES = 16


def test_merged_by_its_number_and_what_each_sees(door, two):
    main, other = two
    shown = door("chenjing").see(other)
    assert shown["same_as"]["number"] == 1001 and {"merge", "apart"} <= {one["verb"] for one in shown["verbs"]}
    merged = door("chenjing").act(other, "merge", into="#1001", note="同一个井盖")
    assert (merged["state"], merged["state_words"]) == ("merged", "与另一件合并办理")
    assert merged["merged_into"] == {"key": main["key"], "number": 1001, "state_words": "已派给网格员，等待接单"}
    own = door("sunmei").see(other)
    assert own["merged_into"]["key"] is None and own["merged_into"]["number"] == 1001
    assert [one["verb"] for one in own["verbs"]] == ["object"]
    assert door("chenjing").see(main)["merged"] == 1 and door("zhanglan").see(main)["merged"] == 0
    assert door("zhanglan").see(main)["followers"] == 1


def test_what_is_named_wrongly_says_so_beside_its_field(door, two):
    path = f"/cases/{two[1]['key']}/merge"
    chenjing = door("chenjing")
    for into in ("", "#9999", "abcdefghijklmnop", two[1]["key"]):
        error = chenjing.refused(422, "POST", path, {"into": into})
        assert list(error["fields"]) == ["into"]
    door("sunmei").refused(403, "POST", path, {"into": "#1001"})
    door("hefang").refused(404, "POST", path, {"into": "#1001"})


def test_the_reporter_objects_and_the_desk_takes_it_apart(door, two):
    chenjing, sunmei, other = door("chenjing"), door("sunmei"), two[1]
    chenjing.act(other, "merge", into=two[0]["key"])
    assert sunmei.refused(422, "POST", f"/cases/{other['key']}/object", {})["fields"] == {"note": "必填"}
    steps = sunmei.act(other, "object", note="我说的是东门的")["steps"]
    assert (steps[-1]["verb_words"], steps[-1]["note"]) == ("不同意合并", "我说的是东门的")
    assert chenjing.act(other, "unmerge")["state"] == "dispatched"
    assert sunmei.refused(409, "POST", f"/cases/{other['key']}/object", {"note": "还是"})["code"] == "state_forbids"


def test_a_whole_bundle_by_one_word(door, key_of):
    rows = [door(who).report(place=key_of("building")) for who in ("zhanglan", "sunmei", "masuhua") * 2]
    path = f"/cases/{rows[0]['key']}/bundle"
    door("zhanglan").refused(403, "POST", path)
    assert door("wangdashan").post(path) == (200, {"merged": 5, "left": 0})
    assert door("chenjing").see(rows[0])["merged"] == 5
    with database_open():
        assert Case.select().where(Case.state == "merged").count() == 5


def test_not_the_same_says_the_worker_and_it_goes_on(door, two):
    shown = door("wangdashan").act(two[1], "apart")
    assert (shown["same_as"], shown["state"]) == (None, "dispatched")
    assert door("wangdashan").refused(409, "POST", f"/cases/{two[1]['key']}/apart", {})["code"] == "not_alike"
