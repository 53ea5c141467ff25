"""Figures, emergencies, the ledger and the teams through the API, with everything that one may ask for."""

import pytest

from app.context import database_open
from models.approval import Approval
from models.base import write
from models.case import Case, Photo
from models.task_force import TaskForceMember
from tests.rules.cases import case_in
from tests.rules.test_statistics import at as autumn
from tests.rules.test_statistics import case, done, judged, the_world

OCTOBER = "from=2026-10-01&to=2026-10-31"


def lines(row: dict) -> dict[str, str]:
    return {one["code"]: one["text"] for part in ("numbers", "rates", "indicators", "beside") for one in row[part]}


# -- figures -----------------------------------------------------------------------------------------------------------


def test_staff_read_all_of_it(client, door, key_of):
    with database_open(), write():
        the_world(client.town)
    status, said = door("chenjing").get(f"/statistics?place={key_of('community')}&{OCTOBER}&by=grid")
    assert (status, said["sums_only"], said["period_words"], said["by_words"]) == (
        200, False, "2026 年 10 月 1 日至 31 日", "网格"
    )  # fmt: skip
    found = lines(said["total"])
    assert (found["response"], found["solve"], found["satisfaction"], found["composite"]) == (
        "100.00%", "60.00%", "38.00%", "55.20",
    )  # fmt: skip
    rate = next(one for one in said["total"]["rates"] if one["code"] == "satisfaction")
    assert (rate["numerator"], rate["denominator"], rate["basis_points"]) == ("1.9", "5", 3800)
    assert [row["name"] for row in said["rows"]] == ["第一网格", "第二网格", "不在网格里"]
    assert said["excluded"] == [{"reason": "no_cooperation", "words": "本人拒绝配合，经复核属实", "cases": 1}]


def test_a_resident_reads_the_last_month_and_no_small_number(client, door, key_of):
    with database_open(), write():
        for number in range(20):
            row = done(case(client.town, 2, contacted_at=autumn(2) if number < 12 else None), 4)
            judged(row, 5, "satisfied" if number < 9 else "dissatisfied")
    status, said = door("zhanglan").get(f"/statistics?place={key_of('community')}")
    assert (status, said["sums_only"], said["first_day"], said["last_day"]) == (200, True, "2026-10-01", "2026-10-31")
    assert lines(said["total"])["response"] == "60.00%"
    assert lines(said["total"])["reopen"] == "不公布"
    assert (said["units"], said["communities"], said["excluded"]) == ([], [], [])


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("&from=2026-10-02&to=2026-10-31", 422, "period_not_public"), ("&from=2026-1-1", 422, "invalid"),
        ("&from=2026-13-01", 422, "invalid"), ("&by=worker", 422, "invalid"), ("&from=2026-10-01&to=2026-09-01", 422,
                                                                             "period_invalid"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for(door, key_of, query, status, code):
    assert door("zhanglan").refused(status, "GET", f"/statistics?place={key_of('community')}{query}")["code"] == code


@pytest.mark.parametrize(("who", "status"), [("masuhua", 404), ("hefang", 404), ("zhaoqiang", 403)])
def test_of_another_community_there_are_no_figures(door, key_of, who, status):
    door(who).refused(status, "GET", f"/statistics?place={key_of('community')}")


def test_leaving_a_case_out_is_asked_for_and_waits(client, door):
    with database_open():
        row = case_in(client.town, "closed")
    body = {"reason": "withdrawn", "note": "本人电话要求撤回"}
    status, said = door("chenjing").post(f"/cases/{row.key}/exclusion", body)
    assert (status, said["state"], said["excluded"]) == (202, "asked", False)
    door("chenjing").refused(409, "POST", f"/cases/{row.key}/exclusion", body)
    door("chenjing").refused(409, "POST", f"/cases/{row.key}/exclusion", {"reason": None, "note": "恢复考核吧"})
    door("hefang").refused(404, "POST", f"/cases/{row.key}/exclusion", body)
    door("zhanglan").refused(403, "POST", f"/cases/{row.key}/exclusion", body)
    with database_open():
        assert Approval.get().subject == row.key


# -- emergencies -------------------------------------------------------------------------------------------------------


def test_one_tap_without_anything(door):
    status, said = door("zhanglan").post("/incidents", {})
    assert (status, said["category"], said["told"], said["again"]) == (201, "突发事件", 3, False)
    assert said["warning"] == "请先拨打 110/119/120/122。本平台不能代替报警电话。"
    assert said["text"].startswith(said["warning"]) and [one["number"] for one in said["numbers"]] == [
        "110", "119", "120", "122",
    ]  # fmt: skip
    assert door("zhanglan").see(said)["number"] == said["number"]


def test_without_a_key_and_with_things_that_are_gone_it_is_taken(door):
    body = {"kind": "fire", "place": "gone", "community": "nowhere", "photos": ["gone", "../x"], "words": "三楼冒烟"}
    status, said = door("sunmei").post("/incidents", body, once=None)
    assert (status, said["category"], said["where"]) == (201, "起火冒烟", "阳光花苑 1号楼 1单元 202")


def test_who_is_known_nowhere_reaches_the_reception(door):
    assert door("zhaoqiang").post("/incidents", {})[0] == 201


def test_what_one_may_tap_is_told(door):
    said = door("zhaoqiang").get("/incidents/kinds")[1]
    assert [one["code"] for one in said["kinds"]] == ["fire", "gas", "collapse", "person", "water_power", "other"]


# -- the ledger --------------------------------------------------------------------------------------------------------


def test_written_with_photos_read_by_residents_and_taken_back(client, door, key_of):
    ledger, worker = f"/communities/{key_of('community')}/improvements", door("wangdashan")
    with database_open():
        compound = client.town.building().parent.key
    photo = worker.add_photo()["key"]
    body = {"compound": compound, "kind": "public_board", "quantity": 2512, "day": "2026-10-12", "after": photo}
    status, said = worker.post(ledger, body)
    assert (status, said["quantity"], said["unit"], said["recorded_by"], said["verbs"]) == (
        201, 2512, "块", "王大山", ["withdraw"]
    )  # fmt: skip
    assert said["after"]["kind"] == "ledger"
    found = door("zhanglan").get(ledger)[1]
    (row,) = found["improvements"]
    assert (row["after"], row["photos_waiting"], row["recorded_by"], row["verbs"]) == (None, True, "", [])
    assert [one["words"] for one in found["sums"]] == ["公益广告牌 2512 块"]
    with database_open():
        Photo.update(verdict="pass").execute()
    seen = door("zhanglan").get(ledger)[1]["improvements"][0]["after"]
    assert client.get(seen["links"]["thumb"]).status_code == 200
    taken = worker.post(f"/improvements/{said['key']}/withdraw", {"reason": "多写了一位"})[1]
    assert (taken["withdrawn_reason"], taken["verbs"]) == ("多写了一位", [])
    assert door("zhanglan").get(ledger)[1]["improvements"] == []
    worker.refused(409, "POST", f"/improvements/{said['key']}/withdraw", {"reason": "多写了一位"})


@pytest.mark.parametrize(
    "wrong", [{"quantity": 0}, {"quantity": 1.5}, {"quantity": "3"}, {"quantity": 1_000_001}, {"day": "2026-1-1"},
              {"kind": "gold"}, {"compound": "nothing"}, {"unit": "块"}],
)  # fmt: skip
def test_a_line_that_is_wrong(client, door, key_of, wrong):
    with database_open():
        compound = client.town.building().parent.key
    body = {"compound": compound, "kind": "public_board", "quantity": 1, "day": "2026-10-12"} | wrong
    status, said = door("chenjing").post(f"/communities/{key_of('community')}/improvements", body)
    assert (status, said["error"]["code"]) in ((422, "invalid"), (404, "not_found"))


def test_the_ledger_is_paged_and_asks_as_much_for_many_as_for_one(client, door, key_of, count_queries):
    ledger, worker = f"/communities/{key_of('community')}/improvements", door("wangdashan")
    with database_open():
        compound = client.town.building().parent.key
    body = {"compound": compound, "kind": "clutter", "quantity": 1, "day": "2026-10-12"}
    worker.post(ledger, body)
    with count_queries() as one:
        worker.get(ledger)
    for day in ("2026-10-12", "2026-10-11", "2026-10-14"):
        worker.post(ledger, body | {"day": day, "quantity": 2})
    with count_queries() as four:
        worker.get(ledger)
    assert len(one) == len(four)
    first = worker.get(f"{ledger}?limit=3")[1]
    rest = worker.get(f"{ledger}?limit=3&cursor={first['next']}")[1]
    assert [row["day"] for row in first["improvements"] + rest["improvements"]] == [
        "2026-10-14", "2026-10-12", "2026-10-12", "2026-10-11",
    ]  # fmt: skip
    assert (rest["next"], rest["sums"] == first["sums"]) == (None, True)


# -- the teams ---------------------------------------------------------------------------------------------------------


def test_set_up_joined_admitted_and_left(client, door, key_of):
    teams, admin, resident = f"/communities/{key_of('community')}/task_forces", door("chenjing"), door("zhanglan")
    free = admin.get(teams)[1]["free"]
    status, team = admin.post(teams, {"compound": free[0]["key"]})
    assert (status, team["name"], team["verbs"]) == (201, "幸福家园创城专班", ["join", "add_unit", "decide", "end"])
    assert [one["words"] for one in team["rules"]] == ["围着问题转", "现场即时办", "带领居民干", "成效群众判"]
    admin.refused(409, "POST", teams, {"compound": free[0]["key"]})
    page = f"/task_forces/{team['key']}"
    assert resident.get(page)[1]["verbs"] == ["join"]
    asked = resident.post(f"{page}/join", {"kind": "volunteer"})[1]
    assert (asked["mine"], asked["mine_words"], asked["verbs"]) == ("asked", "等社区确认", ["leave"])
    (member,) = admin.get(page)[1]["people"]
    assert (member["name"], member["verbs"]) == ("张兰", ["admit", "refuse"])
    admin.post(f"{page}/members/{member['key']}", {"admitted": True})
    assert [(one["name"], one["mine"]) for one in door("sunmei").get(page)[1]["people"]] == [("张＊", False)]
    assert resident.get(teams)[1]["task_forces"][0]["mine"] == "joined"
    assert resident.post(f"{page}/leave", {})[1]["mine"] == ""
    resident.refused(409, "POST", f"{page}/leave", {})
    resident.refused(403, "POST", f"{page}/end", {})
    door("wangdashan").refused(403, "POST", f"{page}/join", {"kind": "volunteer"})
    for who in ("masuhua", "hefang"):
        door(who).refused(404, "GET", page)
    assert admin.post(f"{page}/end", {})[1]["verbs"] == []
    assert resident.get(teams)[1]["task_forces"] == []


def test_a_team_asks_as_much_for_many_members_as_for_one(client, door, key_of, count_queries):
    teams, admin = f"/communities/{key_of('community')}/task_forces", door("chenjing")
    team = admin.post(teams, {"compound": admin.get(teams)[1]["free"][0]["key"]})[1]
    page = f"/task_forces/{team['key']}"
    door("zhanglan").post(f"{page}/join", {"kind": "volunteer"})
    with database_open(), write():
        for _ in range(2):
            case(client.town, 3, place=client.town.building(), resolve_due=autumn(4))
    with count_queries() as few:
        door_page = admin.get(page)[1]
    assert door_page["overdue"] == 2
    door("sunmei").post(f"{page}/join", {"kind": "enthusiast"})
    with database_open(), write():
        TaskForceMember.update(state="joined").execute()
        case(client.town, 3, place=client.town.building(), resolve_due=autumn(4))
        assert Case.select().count() == 3
    with count_queries() as more:
        admin.get(page)
    assert len(more) == len(few)
