"""王大山 goes round his grid and sends what he found when he is back in the net; 陈静 reads it, nobody else does."""

from datetime import timedelta

import pytest

from app.context import database_open
from models.audit import Audit
from models.base import now
from models.case import Photo
from models.patrol import Patrol, PatrolCheck
from models.place import Grid
from models.setting import Setting


@pytest.fixture
def grid(client):
    with database_open():
        return {code: Grid.get(Grid.code == code).key for code in ("huimin-1", "huimin-2", "liuyin-1")}


def at(**ago):
    return (now() - timedelta(**ago)).isoformat()


def made(grids, **more):
    checks = [{"item": "manhole", "ok": True}, {"item": "charging", "ok": False, "note": "2号楼2单元有飞线"}]
    return {"grid": grids["huimin-1"], "started_at": at(hours=2), "ended_at": at(hours=1), "checks": checks} | more


def test_what_is_looked_at_is_the_communitys_own(door, key_of, client):
    path = f"/patrols/items?community={key_of('community')}"
    items = door("wangdashan").get(path)[1]["items"]
    assert [item["name"] for item in items[:5]] == ["消防通道", "井盖", "路灯", "楼道堆物", "飞线充电"]
    with database_open():
        Setting.create(community=client.town.community(), name="patrol_items", value=[["pond", "池塘", "护栏在不在"]])
    assert door("hefang").refused(404, "GET", path)["code"] == "not_found"
    assert door("zhanglan").refused(403, "GET", path)["code"] == "forbidden"


def test_a_round_is_kept_whole_and_read_by_whom_it_concerns(door, grid, key_of):
    worker = door("wangdashan")
    photo, case = worker.add_photo()["key"], worker.report("井盖松动了", place=key_of("building"))
    checks = [
        {"item": "manhole", "ok": False, "photos": [photo], "case": case["key"]}, {"item": "street_light", "ok": True},
    ]  # fmt: skip
    status, told = worker.post("/patrols", made(grid, checks=checks, note="  南门\u202e那边好多车 "))
    assert (status, told["note"], told["problems"], told["mine"]) == (201, "南门那边好多车", 1, True)
    assert [(one["name"], one["ok"], one["case"]) for one in told["checks"]] == [
        ("井盖", False, case["key"]), ("路灯", True, None),
    ]  # fmt: skip
    assert worker.get("/patrols")[1]["patrols"] == [told]
    seen = door("chenjing").get("/patrols")[1]["patrols"]
    assert [(one["key"], one["mine"], one["worker"]["name"]) for one in seen] == [(told["key"], False, "王大山")]
    link = seen[0]["checks"][0]["photos"][0]["links"]["full"]
    assert worker.client.get(link).status_code == 200
    for other in ("liuyang", "hefang", "guoliang"):
        assert door(other).get("/patrols")[1] == {"patrols": [], "next": None}
    for other in ("zhanglan", "dengwei"):
        assert door(other).refused(403, "GET", "/patrols")["code"] == "forbidden"


def test_the_picture_of_a_round_is_for_nothing_else(door, grid, client, key_of):
    worker = door("wangdashan")
    photo = worker.add_photo()["key"]
    one = {"checks": [{"item": "manhole", "ok": False, "photos": [photo]}]}
    assert worker.post("/patrols", made(grid, **one))[0] == 201
    assert worker.refused(422, "POST", "/patrols", made(grid, **one))["code"] == "photo_taken"
    report = {"words": "灯坏了", "place": key_of("building"), "photos": [photo]}
    assert worker.refused(422, "POST", "/cases", report)["code"] == "photo_taken"
    with database_open():
        stolen = Photo.get(Photo.key == photo)
        assert (stolen.kind, stolen.case, Patrol.select().count()) == ("patrol", None, 1)


def test_sent_twice_it_is_one_round(door, grid):
    worker, body = door("wangdashan"), made(grid)
    first = worker.post("/patrols", body, once="round-number-one")
    assert worker.post("/patrols", body, once="round-number-one") == first
    assert len(worker.get("/patrols")[1]["patrols"]) == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"started_at": at(hours=14)}, "time_wrong"), ({"ended_at": at(hours=3)}, "time_wrong"),
        ({"ended_at": at(hours=-1)}, "time_wrong"),
        ({"started_at": at(days=32), "ended_at": at(days=32)}, "time_wrong"),
        ({"checks": [{"item": "moon", "ok": True}]}, "item_unknown"),
        ({"checks": [{"item": "manhole", "ok": True}] * 2}, "item_twice"),
        ({"checks": [{"item": "manhole", "ok": False}]}, "problem_unsaid"),
        ({"checks": [{"item": "manhole", "ok": False, "case": "abc"}]}, "case_unknown"),
        ({"checks": []}, "invalid"), ({"started_at": "2026-11-24T09:00:00"}, "invalid"),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, "invalid"), ({"started_at": 5}, "invalid"),
        ({"started_at": "yesterday"}, "invalid"), ({"grid": "abc"}, "grid_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_have_been_is_refused_and_leaves_nothing(door, grid, client, more, code):
    assert door("wangdashan").refused(422, "POST", "/patrols", made(grid, **more))["code"] == code
    with database_open():
        assert (Patrol.select().count(), PatrolCheck.select().count()) == (0, 0)


def test_the_clock_of_a_phone_may_be_some_minutes_ahead(door, grid):
    assert door("wangdashan").post("/patrols", made(grid, ended_at=at(minutes=-9)))[0] == 201


def test_only_in_ones_own_grid(door, grid):
    worker = door("wangdashan")
    for code in ("huimin-2", "liuyin-1"):
        assert worker.refused(422, "POST", "/patrols", made(grid, grid=grid[code]))["code"] == "grid_unknown"
    assert door("chenjing").refused(403, "POST", "/patrols", made(grid))["code"] == "forbidden"


def test_rounds_cost_the_same_for_one_and_for_three_and_come_in_pages(door, grid, count_queries, client):
    worker, found = door("wangdashan"), []
    for new in (1, 2):
        for _ in range(new):
            worker.post("/patrols", made(grid))
        with count_queries() as statements:
            worker.get("/patrols")
        found.append(len(statements))
    assert found[0] == found[1]
    first = worker.get("/patrols?limit=2")[1]
    second = worker.get(f"/patrols?limit=2&cursor={first['next']}")[1]
    assert (len(first["patrols"]), len(second["patrols"]), second["next"]) == (2, 1, None)
    with database_open():
        rows = list(Audit.select().where(Audit.action == "patrol.make"))
        assert [row.detail for row in rows] == [{"checks": 2, "problems": 1}] * 3
