"""The home page: 张兰 comes home, 王大山 begins his day, 赵强 is new here. Each asks once."""

from datetime import UTC, datetime, timedelta

import pytest

from app.context import database_open
from app.rules import door as rule
from app.rules import notice, setting
from models.base import now, write
from models.case import Case
from models.follow import Follow
from models.notice import Notice
from models.person import Person

PHONES = [{"name": "报警", "phone": "110"}, {"name": "火警", "phone": "119"}, {"name": "急救", "phone": "120"}]


@pytest.fixture
def send(client):
    def publish(title: str, **more) -> Notice:
        with database_open(), write():
            town = client.town
            told = {"kind": "life", "body": "请大家看一看。"} | more
            return notice.publish(actor=town.actor("chenjing"), place=town.community(), title=title, **told)

    return publish


def home(door, who: str) -> dict:
    status, said = door(who).get("/door")
    assert status == 200, said
    return said


def test_a_resident_comes_home(door, send, key_of):
    send("周六开门")
    zhanglan = door("zhanglan")
    case = zhanglan.report(place=key_of("building"))
    said = home(door, "zhanglan")
    assert (said["place"]["label"], said["community"]["name"]) == ("幸福家园 3号楼 2单元 501", "惠民社区")
    assert said["greeting"].endswith("好，张兰")
    assert [one["title"] for one in said["notices"]] == ["周六开门"]
    assert [one["key"] for one in said["cases"]] == [case["key"]]
    assert {name: said[name] for name in ("judge", "follows", "tasks", "staff")} == {
        "judge": 0, "follows": 0, "tasks": 0, "staff": False,
    }  # fmt: skip
    assert said["phone_110"] == PHONES
    assert said["hotline"] == {"name": "惠民社区居委会", "phone": "0371-00000001"}


def test_a_worker_begins_the_day(door, key_of):
    door("zhanglan").report(place=key_of("building"))
    said = home(door, "wangdashan")
    assert (said["place"]["name"], said["staff"], said["tasks"], said["cases"]) == ("惠民社区", True, 1, [])
    tasks = door("wangdashan").get("/tasks")[1]
    assert said["tasks"] == len(tasks[next(iter(tasks))])
    assert home(door, "liuyang")["tasks"] == 0


def test_somebody_who_is_new_here(door, send):
    send("周六开门")
    said = home(door, "zhaoqiang")
    assert (said["place"], said["community"], said["notices"], said["hotline"]) == (None, None, [], None)
    assert said["phone_110"] == PHONES
    assert door().refused(401, "GET", "/door")["code"] == "unauthorized"


def test_what_waits_for_my_judgement_comes_first(door, key_of):
    zhanglan, wangdashan = door("zhanglan"), door("wangdashan")
    cases = [zhanglan.report(f"3号楼路灯不亮，第{number}盏", place=key_of("building")) for number in range(4)]
    wangdashan.act(cases[1], "accept")
    wangdashan.act(cases[1], "handle", photos=[wangdashan.add_photo()["key"]])
    zhanglan.act(cases[3], "withdraw")
    said = home(door, "zhanglan")
    assert [one["key"] for one in said["cases"]] == [cases[1]["key"], cases[2]["key"], cases[0]["key"]]
    assert said["judge"] == 1


def test_cases_of_others_are_not_among_mine(door, key_of):
    door("sunmei").report("路灯不亮", place=key_of("building"))
    assert home(door, "zhanglan")["cases"] == []


def test_what_is_unread_stands_first_the_urgent_before_the_rest(door, send):
    rows = [send(f"公告 {number}", urgent=number == 0) for number in range(5)]
    zhanglan = door("zhanglan")
    assert [one["title"] for one in home(door, "zhanglan")["notices"]] == ["公告 0", "公告 4", "公告 3"]
    for row in (rows[0], rows[4]):
        zhanglan.get(f"/notices/{row.key}")
    shown = home(door, "zhanglan")["notices"]
    assert [(one["title"], one["read"]) for one in shown] == [("公告 3", False), ("公告 2", False), ("公告 1", False)]
    with database_open(), write():
        Notice.update(published_at=now() - timedelta(days=15)).where(Notice.id == rows[3].id).execute()
    assert [one["title"] for one in home(door, "zhanglan")["notices"]] == ["公告 2", "公告 1", "公告 4"]


def test_what_was_taken_back_stands_at_no_door(client, door, send):
    row = send("停水")
    with database_open(), write():
        notice.withdraw(row, actor=client.town.actor("chenjing"), reason="施工改期")
    assert home(door, "zhanglan")["notices"] == []


@pytest.mark.parametrize("who", ["zhanglan", "wangdashan"])
def test_the_page_costs_the_same_for_one_and_for_three(door, send, key_of, count_queries, who):
    """Session, roles, homes, ties; the community, its settings; notices, cases, counts."""
    found = []
    for new in (1, 2):
        for number in range(new):
            send(f"公告 {number}")
            door("zhanglan").report(f"3号楼路灯不亮，第{number}盏", place=key_of("building"))
        phone = door(who)
        setting.forget()
        with count_queries() as statements:
            assert phone.get("/door")[0] == 200
        found.append(len(statements))
    assert found == [9, 9]


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "晚上好"), (5, "早上好"), (9, "上午好"), (12, "中午好"), (14, "下午好"), (17, "下午好"), (18, "晚上好")],
)
def test_the_greeting_goes_by_the_clock_of_shanghai(hour, words):
    moment = datetime(2026, 11, 24, hour, 30, tzinfo=UTC) - timedelta(hours=8)
    assert rule.greeting(Person(name="张兰"), moment) == f"{words}，张兰"
    assert rule.greeting(Person(name=""), moment) == words


def test_following_a_case_is_counted_while_it_is_open(client, door, key_of):
    case = door("sunmei").report("3号楼路灯不亮", place=key_of("building"))
    with database_open(), write():
        Follow.create(case=Case.get(Case.key == case["key"]), person=client.town.person("zhanglan"))
    assert home(door, "zhanglan")["follows"] == 1
    door("sunmei").act(case, "withdraw")
    assert home(door, "zhanglan")["follows"] == 0
