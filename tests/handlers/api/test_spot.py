"""王大山 puts a cover back and writes it down with his phone; and the doors of passing a case on and of the rules."""

import pytest

from app.context import database_open
from app.rules import route_edit
from app.rules.setting import forget
from models.base import write
from models.setting import Setting


def test_on_the_spot(door, key_of):
    wangdashan = door("wangdashan")
    before, after = (wangdashan.add_photo()["key"] for _ in range(2))
    body = {"words": "3号楼门口井盖翘起来，已盖好", "place": key_of("building"), "before": [before], "after": [after],
            "note": "盖好踩实了"}  # fmt: skip
    status, said = wangdashan.post("/cases/spot", body)
    assert (status, said["state"], said["on_the_spot"], said["mine"]) == (201, "handled", True, True)
    assert [one["kind"] for one in said["photos"]] == ["before", "after"]
    assert "confirm" not in [one["verb"] for one in said["verbs"]]
    error = wangdashan.refused(422, "POST", f"/cases/{said['key']}/confirm", {"satisfaction": "satisfied"})
    assert error["code"] == "own_work"


def test_a_second_time_with_the_same_key_is_the_same_case(door, key_of):
    wangdashan = door("wangdashan")
    body = {"words": "井盖翘起来，已盖好", "place": key_of("building"), "after": [wangdashan.add_photo()["key"]]}
    first, second = (wangdashan.post("/cases/spot", body, once="spot-0001") for _ in range(2))
    assert first == second
    assert len(wangdashan.get("/cases?mine=reported")[1]["cases"]) == 1


@pytest.mark.parametrize(
    "body, field",
    [({"after": []}, "after"), ({}, "after"), ({"words": ""}, "words"), ({"words": 7}, "words"), ({"moon": 1}, "moon"),
     ({"before": ["a"] * 10}, "before"), ({"place": "no place"}, "place"), ({"words": "字" * 2001}, "words")],
)  # fmt: skip
def test_what_cannot_be_written_down(door, body, field):
    given = {"words": "已盖好", "after": ["abcdefgh"]} | body
    if not body:
        given.pop("after")
    assert field in door("wangdashan").refused(422, "POST", "/cases/spot", given)["fields"]


def test_not_by_who_is_no_worker_there(door, key_of):
    body = {"words": "已盖好", "place": key_of("building"), "after": ["abcdefgh"]}
    for who in ("zhanglan", "chenjing", "guoliang"):
        assert door(who).refused(403, "POST", "/cases/spot", body)["code"] == "forbidden"


def test_what_is_offered_stands_among_the_tasks_until_somebody_has_it(door, key_of, client):
    with database_open(), write():
        Setting.create(community=client.town.community(), name="dispatch_mode", value="grab")
    forget()
    case = door("zhanglan").report("路灯不亮", place=key_of("building"))
    (task,) = door("wangdashan").get("/tasks")[1]["cases"]
    assert (task["key"], task["verbs"][0]) == (case["key"], "grab")
    assert door("liuyang").get("/tasks")[1]["cases"] == []
    assert door("wangdashan").act(case, "grab")["state"] == "handling"
    # One who is quicker is named to colleagues only.
    assert door("chenjing").refused(409, "POST", f"/cases/{case['key']}/grab", {})["code"] == "taken"
    (task,) = door("wangdashan").get("/tasks")[1]["cases"]
    assert "grab" not in task["verbs"]


def test_the_load_of_each_worker(door, key_of):
    door("zhanglan").report("路灯不亮", place=key_of("building"))
    path = f"/communities/{key_of('community')}/workers"
    found = door("chenjing").get(path)[1]["workers"]
    assert [(one["name"], one["open_cases"]) for one in found] == [("王大山", 1), ("刘洋", 0)]


def test_to_a_colleague(door, key_of):
    case = door("zhanglan").report("路灯不亮", place=key_of("building"))
    wangdashan = door("wangdashan")
    (liuyang,) = wangdashan.get(f"/cases/{case['key']}/colleagues")[1]["workers"]
    assert wangdashan.refused(422, "POST", f"/cases/{case['key']}/transfer", {"note": "近"})["code"] == "not_a_worker"
    passed = wangdashan.act(case, "transfer", worker=liuyang["key"], note="离他近")
    assert (passed["state"], passed["handler"]["name"], passed["convener"]["community"]) == (
        "dispatched", "刘洋", "惠民社区",
    )  # fmt: skip
    # What colleagues write to each other is not for the reporter, nor who it is.
    seen = door("zhanglan").see(case)
    assert [one["note"] for one in seen["steps"] if one["verb"] == "transfer"] == [""]
    assert (seen["convener"]["worker"], "惠民社区" in seen["convener"]["words"]) == (None, True)
    assert door("zhanglan").refused(403, "GET", f"/cases/{case['key']}/colleagues")["code"] == "forbidden"
    assert door("hefang").refused(404, "GET", f"/cases/{case['key']}/colleagues")["code"] == "not_found"


def test_the_rules_can_be_read_in_chinese(door, key_of, client):
    with database_open(), write():
        route_edit.add(
            client.town.community(), actor=client.town.actor("chenjing"), name="夜间电线",
            conditions={"categories": ["exposed_wire"], "hours": "night"},
            target={"worker": client.town.person("wangdashan").key},
        )  # fmt: skip
    path = f"/communities/{key_of('community')}/routes"
    found = door("chenjing").get(path)[1]
    assert found["mode_words"] == "派给排在第一的网格员"
    (rule,) = found["routes"]
    assert rule["target_words"] == "派给王大山"
    assert rule["conditions_words"].startswith("类别是") and rule["conditions_words"].endswith("夜间（22 点到 6 点）")
    assert len(door("dengwei").get(path)[1]["routes"]) == 1
    assert door("hefang").refused(404, "GET", path)["code"] == "not_found"
    assert door("wangdashan").refused(403, "GET", path)["code"] == "forbidden"
