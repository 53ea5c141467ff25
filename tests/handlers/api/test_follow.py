"""The door of 我也遇到了: suggestions while one types, what is near by, and following it."""

import pytest

from app.context import database_open
from app.rules import case as cases
from models.base import write
from models.follow import Follow


@pytest.fixture
def huimin(key_of):
    return key_of("community")


def test_the_words_suggest_a_category_and_say_why(door, huimin):
    status, said = door("zhanglan").post("/suggestions", {"community": huimin, "words": "3号楼门口井盖坏了"})
    first = said["suggestions"][0]
    assert (status, first["category"]["code"], first["because"]) == (
        200, "missing_manhole_cover", "您说到“井盖”和“坏”",
    )  # fmt: skip
    assert sorted(first["category"]) == ["advice", "code", "emergency", "hazard", "name", "zone"]


def test_suggestions_of_nothing_and_of_nowhere(door, huimin):
    zhanglan = door("zhanglan")
    assert zhanglan.post("/suggestions", {"community": huimin, "words": ""}) == (200, {"suggestions": []})
    assert zhanglan.refused(422, "POST", "/suggestions", {"community": "nowhere", "words": "灯"})["fields"] == {
        "community": "没有这个地点"
    }
    error = zhanglan.refused(422, "POST", "/suggestions", {"community": huimin, "words": "灯" * 2501})
    assert error["fields"] == {"words": "太长了，最多 2500 个字"}
    door().refused(401, "POST", "/suggestions", {"community": huimin, "words": "灯"})


def test_sunmei_finds_what_zhanglan_reported_and_follows_it(door, key_of):
    zhanglan, sunmei = door("zhanglan"), door("sunmei")
    case = zhanglan.report(place=key_of("building"))
    status, said = sunmei.post("/nearby", {"place": key_of("building")})
    assert status == 200
    today = said["cases"][0].pop("created_at")
    assert said == {"cases": [{
        "key": case["key"], "number": 1001, "category": "窨井盖缺失破损", "hazard": True,
        "state_words": "已派给网格员，等待接单", "where": "幸福家园", "near_words": "同一栋楼", "followers": 0,
        "followed": False, "mine": False,
    }]}  # fmt: skip
    assert len(today) == 10
    assert sunmei.post(f"/cases/{case['key']}/follow") == (200, {"followed": True, "followers": 1})
    assert sunmei.post(f"/cases/{case['key']}/follow") == (200, {"followed": True, "followers": 1})
    (line,) = sunmei.get("/follows")[1]["cases"]
    assert (line["key"], line["followed"], line["followers"], line["near_words"]) == (case["key"], True, 1, "")
    assert (zhanglan.see(case)["followers"], sunmei.get(f"/public/cases/{case['key']}")[1]["followers"]) == (1, 1)
    assert [one["followers"] for one in sunmei.get("/public/cases")[1]["cases"]] == [1]
    assert sunmei.ask("DELETE", f"/cases/{case['key']}/follow") == (200, {"followed": False, "followers": 0})
    assert sunmei.get("/follows") == (200, {"cases": []})


def test_one_sees_the_own_near_by_as_the_own(door, key_of):
    zhanglan = door("zhanglan")
    case = zhanglan.report(place=key_of("building"))
    (line,) = zhanglan.post("/nearby", {"place": key_of("building")})[1]["cases"]
    assert (line["key"], line["mine"]) == (case["key"], True)
    assert zhanglan.refused(422, "POST", f"/cases/{case['key']}/follow")["code"] == "own_case"


def test_an_own_anonymous_report_is_not_followed_under_the_own_name(door, key_of):
    zhanglan = door("zhanglan")
    case = zhanglan.report(place=key_of("building"), anonymous=True)
    assert zhanglan.refused(422, "POST", f"/cases/{case['key']}/follow")["code"] == "own_case"
    with database_open():
        assert Follow.select().count() == 0


def test_the_stranger_gets_nothing(door, key_of):
    case = door("zhanglan").report(place=key_of("building"))
    hefang = door("hefang")
    for method in ("POST", "DELETE"):
        assert hefang.refused(404, method, f"/cases/{case['key']}/follow")["code"] == "not_found"
        assert hefang.refused(404, method, "/cases/nothing/follow")["code"] == "not_found"
    assert hefang.post("/nearby", {"place": key_of("building")}) == (200, {"cases": []})
    door("zhaoqiang").refused(403, "POST", f"/cases/{case['key']}/follow")


def test_what_is_done_cannot_be_followed_any_more(door, key_of):
    zhanglan = door("zhanglan")
    case = zhanglan.report(place=key_of("building"))
    zhanglan.act(case, "withdraw")
    door("sunmei").refused(404, "POST", f"/cases/{case['key']}/follow")


def test_where_nothing_says_where(door):
    assert door("zhaoqiang").refused(422, "POST", "/nearby", {})["code"] == "place_unknown"
    assert door("zhanglan").post("/nearby", {}) == (200, {"cases": []})
    door("zhanglan").refused(422, "POST", "/nearby", {"point": {"lat": 99, "lng": 0}})


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_the_database_no_more_for_three_than_for_one(door, key_of, count_queries, count):
    sunmei, town = door("sunmei"), door("sunmei").client.town
    with database_open(), write():
        # Three different things: what is told twice leads to the first of its like.
        for code in ("missing_manhole_cover", "street_light", "road_damage")[:count]:
            case = cases.report(
                actor=town.actor("zhanglan"), community=town.community(), words=town.category(code).name,
                category=town.category(code), place=town.building(), channel="chat",
            )  # fmt: skip
            Follow.create(case=case, person=town.person("sunmei"))
    for ask, queries in (
        (lambda: sunmei.post("/nearby", {"place": key_of("building")}), NEARBY),
        (lambda: sunmei.get("/follows"), FOLLOWS),
    ):
        with count_queries() as statements:
            assert len(ask()[1]["cases"]) == count
        asked = [one for one in statements if one.startswith("SELECT")]
        assert len(asked) == queries, asked


#: The session, roles, homes and ties of whoever asks, and then: places of the request, cases, followers, followed.
NEARBY, FOLLOWS = 14, 7


