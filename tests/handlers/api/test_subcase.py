"""Pieces of a case through the API: 吴经理 of 市政养护所 answers from the own mini-program; 何芳 sees nothing."""

import pytest

from app.context import database_open
from models.unit import Unit
from tests.rules.pieces import LEAD, contact


@pytest.fixture
def case(door, key_of):
    return door("zhanglan").report(
        words="我是张兰13812345678，3号楼门口井盖没了", place=key_of("building"), category="missing_manhole_cover"
    )


@pytest.fixture
def liaison(client, door):
    """The contact of 市政养护所, in the own mini-program."""
    with database_open():
        contact(client.town, LEAD, "liaison")
    return door("liaison")


def key(client, name=LEAD) -> str:
    with database_open():
        return Unit.get(Unit.community == client.town.community(), Unit.name == name).key


def blow(door, client, case, *names, who="chenjing", **more):
    units = [{"unit": key(client, name), "lead": name == names[0], "words": "请带抽水泵"} for name in names]
    return door(who).post(
        f"/cases/{case['key']}/whistles", {"kind": "enforcement", "reason": "断路抢修", "units": units} | more
    )


def test_a_whistle_is_answered_to_the_end(client, door, case, liaison):
    status, whistle = blow(door, client, case, LEAD, "安居物业")
    assert (status, whistle["state_words"], len(whistle["calls"])) == (201, "已吹哨，等单位报到", 2)
    (mine,) = liaison.get("/subcases")[1]["subcases"]
    assert (mine["title"], mine["lead"], mine["party"]) == ("综合执法吹哨", True, LEAD)
    assert [one["verb"] for one in mine["verbs"]] == ["accept", "refuse", "arrive"]
    path = f"/subcases/{mine['key']}"
    assert "张兰" not in str(liaison.get(path)) and "13812345678" not in str(liaison.get(path))
    photo = liaison.add_photo()
    status, seen = liaison.post(f"{path}/arrive", {"who": "老周", "photos": [photo["key"]]})
    assert (status, seen["arrived_who"], [one["key"] for one in seen["photos"]]) == (200, "老周", [photo["key"]])
    assert liaison.post(f"{path}/plan", {"note": "换新盖", "until": "2099-01-01T00:00:00+08:00"})[0] == 422
    assert liaison.post(f"{path}/finish", {"note": "换好了"})[1]["state"] == "done"
    assert liaison.post(f"{path}/rate", {"rating": 5})[1]["call_rating"] == 5
    close = f"/whistles/{whistle['key']}/close"
    assert door("chenjing").refused(422, "POST", close, {"result": "修好了"})["code"] == "rating_missing"
    ratings = [{"subcase": one["key"], "rating": 4} for one in whistle["calls"]]
    status, closed = door("chenjing").post(close, {"result": "修好了", "ratings": ratings})
    assert (status, closed["state"], closed["result"]) == (200, "closed", "修好了")
    assert liaison.get("/subcases")[1]["subcases"] == []
    assert len(liaison.get("/subcases?state=all")[1]["subcases"]) == 1


def test_staff_see_the_pieces_in_the_case_and_the_reporter_does_not(client, door, case):
    blow(door, client, case, LEAD)
    seen = door("chenjing").see(case)
    assert [one["kind"] for one in seen["subcases"]] == ["safety_action", "call"]
    assert [one["calls"][0]["party"] for one in seen["whistles"]] == [LEAD]
    own = door("zhanglan").see(case)
    assert (own["subcases"], own["whistles"]) == ([], [])
    assert {step["note"] for step in own["steps"] if step["verb"] in ("blow", "subcase")} == {""}


def test_the_stranger_and_the_reporter_find_nothing(client, door, case):
    whistle = blow(door, client, case, LEAD)[1]
    call = whistle["calls"][0]["key"]
    for who, status in (("hefang", 404), ("zhanglan", 403)):
        door(who).refused(status, "GET", f"/subcases/{call}")
        door(who).refused(status, "POST", f"/subcases/{call}/accept", {})
        door(who).refused(status, "POST", f"/whistles/{whistle['key']}/cancel", {"note": "不要了"})
        assert blow(door, client, case, "安居物业", who=who)[0] == status
        door(who).refused(status, "GET", f"/cases/{case['key']}/evidence")
    assert door("hefang").get("/whistles")[1]["whistles"] == []
    assert len(door("dengwei").get("/whistles")[1]["whistles"]) == 1
    door("wangdashan").refused(403, "POST", f"/subcases/{call}/accept", {})


def test_a_case_is_split_and_a_colleague_answers(client, door, case):
    with database_open():
        worker = client.town.person("liuyang").key
    path = f"/cases/{case['key']}/subcases"
    status, row = door("chenjing").post(path, {"kind": "share", "words": "清淤", "worker": worker})
    assert (status, row["lead"], row["party"]) == (201, True, "刘洋")
    (mine,) = door("liuyang").get("/subcases")[1]["subcases"]
    assert door("liuyang").post(f"/subcases/{mine['key']}/accept")[1]["state"] == "accepted"
    assert door("liuyang").post(f"/subcases/{mine['key']}/finish", {"note": "清好了"})[1]["state"] == "done"
    assert door("chenjing").post(f"/subcases/{mine['key']}/redo", {"note": "还堵"})[1]["state"] == "accepted"
    door("liuyang").refused(403, "POST", f"/subcases/{mine['key']}/drop", {"note": "不办了"})
    status, row = door("chenjing").post(path, {"kind": "decision", "words": "开业主会"})
    assert (status, row["party"]) == (201, "社区")


def test_the_evidence_of_a_danger(client, door, case):
    door("wangdashan").act(case, "accept")
    photo = door("wangdashan").add_photo()
    door("wangdashan").act(case, "make_safe", photos=[photo["key"]])
    lines = door("chenjing").get(f"/cases/{case['key']}/evidence")[1]["lines"]
    assert "现场已安全" in [one["words"] for one in lines]
    assert [one["photos"][0]["key"] for one in lines if one["photos"]] == [photo["key"]]


def test_lists_are_paged_and_cost_the_same(client, door, key_of, count_queries):
    for number in (1, 2, 3):
        place = key_of("building", f"{number}号楼")
        other = door("zhanglan").report(words="路灯不亮", category="street_light", place=place)
        assert blow(door, client, other, LEAD)[0] == 201
    first = door("chenjing").get("/whistles?limit=2")[1]
    assert len(first["whistles"]) == 2 and first["next"]
    assert len(door("chenjing").get(f"/whistles?limit=2&cursor={first['next']}")[1]["whistles"]) == 1
    admin, counts = door("chenjing"), []
    for path in ("/whistles?limit=1", "/whistles?limit=3"):
        with count_queries() as statements:
            admin.get(path)
        counts.append(len(statements))
    assert counts[0] == counts[1]
