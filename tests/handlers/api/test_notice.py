"""惠民社区 tells its residents of a water cut: 张兰 reads it, her neighbour shares it, 何芳's people never see it."""

import pytest

from app.context import database_open
from app.rules import notice
from models.base import write
from models.notice import Notice, NoticeReading
from models.place import Place


@pytest.fixture
def send(client):
    """Publish a notice as the admin of its community; its key."""

    def publish(place: Place | None = None, who: str = "chenjing", title: str = "明天停水", **more) -> str:
        with database_open(), write():
            town = client.town
            told = {"kind": "water_power", "body": "明天 8:00 到 12:00 停水，请提前存水。"} | more
            return notice.publish(actor=town.actor(who), place=place or town.community(), title=title, **told).key

    return publish


@pytest.fixture
def place_of(client):
    def find(name: str, compound: str = "") -> Place:
        with database_open():
            return client.town.building(name, compound) if compound else Place.get(Place.name == name)

    return find


def titles(door, who: str, query: str = "") -> list[str]:
    status, said = door(who).get(f"/notices{query}")
    assert status == 200, said
    return [one["title"] for one in said["notices"]]


def test_a_notice_as_it_stands_in_the_list(door, send, place_of):
    key = send(place_of("幸福家园"), title="停水 4 小时", urgent=True, body="第一行\n\n" + "水" * 100)
    [one] = door("zhanglan").get("/notices")[1]["notices"]
    moment, near = one.pop("published_at"), one.pop("near")
    assert (moment.endswith("Z"), near[:2]) == (True, "今天")
    assert one.pop("place") == {"key": place_of("幸福家园").key, "kind": "compound", "name": "幸福家园",
                                "label": "幸福家园"}  # fmt: skip
    assert one == {
        "key": key, "kind": "water_power", "kind_words": "停水停电", "title": "停水 4 小时", "urgent": True,
        "summary": "第一行 " + "水" * 75 + "…", "read": False, "withdrawn": False,
    }  # fmt: skip
    assert len(one["summary"]) == 80


def test_to_whom_it_stands_in_the_list(door, send, place_of):
    send(title="全社区")
    send(place_of("幸福家园"), title="幸福家园")
    send(place_of("3号楼", "幸福家园"), title="3号楼")
    send(place_of("4号楼", "幸福家园"), title="4号楼")
    send(title="柳荫社区", place=place_of("柳荫社区"), who="hefang")
    lists = {who: titles(door, who) for who in ("zhanglan", "sunmei", "masuhua", "wangdashan", "chenjing", "dengwei")}
    everything = ["4号楼", "3号楼", "幸福家园", "全社区"]
    assert lists == {
        "zhanglan": ["3号楼", "幸福家园", "全社区"], "sunmei": ["全社区"], "masuhua": ["柳荫社区"],
        "wangdashan": everything, "chenjing": everything, "dengwei": everything,
    }  # fmt: skip
    assert titles(door, "zhaoqiang") == []


def test_opening_it_marks_it_as_read_once(door, send):
    key, zhanglan = send(), door("zhanglan")
    status, said = zhanglan.get(f"/notices/{key}")
    assert (status, said["read"], said["publisher"]) == (200, True, "惠民社区居委会")
    assert said["body"] == "明天 8:00 到 12:00 停水，请提前存水。"
    assert zhanglan.get(f"/notices/{key}")[1] == said
    with database_open():
        assert NoticeReading.select().count() == 1
    read = {who: door(who).get("/notices")[1]["notices"][0]["read"] for who in ("zhanglan", "sunmei")}
    assert read == {"zhanglan": True, "sunmei": False}


def test_anybody_may_open_what_a_neighbour_shares(door, send, place_of):
    key = send(place_of("3号楼", "幸福家园"))
    for who in ("sunmei", "masuhua", "zhaoqiang"):
        assert titles(door, who) == []
        assert door(who).get(f"/notices/{key}")[1]["title"] == "明天停水"
    assert door().refused(401, "GET", f"/notices/{key}")["code"] == "unauthorized"
    for unknown in ("none", "无", "x" * 40):
        assert door("zhanglan").refused(404, "GET", f"/notices/{unknown}")["code"] == "not_found"
    with database_open():
        assert NoticeReading.select().count() == 3


def test_what_was_taken_back_says_so_and_why(client, door, send):
    key = send()
    with database_open(), write():
        notice.withdraw(Notice.get(), actor=client.town.actor("chenjing"), reason="施工改期，另行通知")
    said = door("zhanglan").get(f"/notices/{key}")[1]
    assert (said["withdrawn"], said["withdrawn_reason"]) == (True, "施工改期，另行通知")
    assert (said["withdrawn_at"] is None, said["body"]) == (False, "明天 8:00 到 12:00 停水，请提前存水。")
    assert [one["withdrawn"] for one in door("zhanglan").get("/notices")[1]["notices"]] == [True]


def test_a_correction_is_another_notice_and_both_point_at_each_other(door, send):
    old = send(body="明天 8:00 停水")
    with database_open():
        wrong = Notice.get()
    new = send(body="后天 8:00 停水", corrects=wrong)
    first, second = (door("zhanglan").get(f"/notices/{key}")[1] for key in (old, new))
    assert (first["withdrawn"], first["corrected_by"], first["body"]) == (True, new, "明天 8:00 停水")
    assert (second["withdrawn"], second["corrects"], second["corrected_by"]) == (False, old, None)


def test_the_board_of_a_community(door, send, place_of, key_of):
    send(title="全社区")
    send(place_of("幸福家园"), title="幸福家园")
    board = f"?community={key_of('community')}"
    found = {who: titles(door, who, board) for who in ("zhanglan", "sunmei", "masuhua", "zhaoqiang", "chenjing")}
    assert found == {
        "zhanglan": ["幸福家园", "全社区"], "chenjing": ["幸福家园", "全社区"],
        "sunmei": ["全社区"], "masuhua": ["全社区"], "zhaoqiang": ["全社区"],
    }  # fmt: skip
    for wrong in (key_of("building"), "none"):
        assert door("zhanglan").refused(404, "GET", f"/notices?community={wrong}")["code"] == "not_found"


def test_page_by_page(door, send):
    for number in range(5):
        send(title=f"公告 {number}")
    zhanglan, found, cursor = door("zhanglan"), [], ""
    while cursor is not None:
        said = zhanglan.get(f"/notices?limit=2{cursor and '&cursor='}{cursor}")[1]
        found.append([one["title"] for one in said["notices"]])
        cursor = said["next"]
    assert found == [["公告 4", "公告 3"], ["公告 2", "公告 1"], ["公告 0"]]


def test_a_cursor_of_elsewhere_is_no_cursor(door, send, place_of):
    foreign = send(place_of("柳荫社区"), who="hefang")
    for cursor in (foreign, "none"):
        assert door("zhanglan").refused(422, "GET", f"/notices?cursor={cursor}")["fields"] == {"cursor": "没有这一页"}


def test_a_list_costs_the_same_for_one_and_for_three(door, send, count_queries):
    zhanglan, found = door("zhanglan"), []
    for new in (1, 2):
        for _ in range(new):
            send()
        with count_queries() as statements:
            assert zhanglan.get("/notices")[0] == 200
        found.append(len(statements))
    assert found == [5, 5]
