"""Frequent problems on the phone: staff read them, the community decides, nobody else learns of them."""

import pytest

from app.context import database_open
from app.rules import setting, topic
from models.base import now, write
from models.case import Case
from models.place import Place
from tests.rules import cases


@pytest.fixture
def proposed(client):
    """Three heaps in the stairwells of 幸福家园."""
    town = client.town
    setting.forget()
    with database_open():
        for _ in range(3):
            case = cases.report(town, category="corridor_clutter", words="楼道堆物")
            Case.update(same_as=None).where(Case.id == case.id).execute()
        with write():
            (row,) = topic.propose(town.community(), now())
        return row.key


@pytest.fixture
def path(client):
    with database_open():
        return f"/communities/{client.town.community().key}/topics"


def test_read_by_staff_of_the_community_and_by_nobody_else(door, proposed, path):
    (row,) = door("wangdashan").get(path)[1]["topics"]
    assert (row["key"], row["state_words"], row["times"], row["place"]["label"]) == (
        proposed, "建议专题研究", 3, "幸福家园",
    )  # fmt: skip
    assert row["verbs"] == [] and row["words"] == f"幸福家园 第 3 次报“{row['category']}”"
    assert [one["verb"] for one in door("chenjing").get(path)[1]["topics"][0]["verbs"]] == ["take", "dismiss"]
    assert len(door("dengwei").get(path)[1]["topics"]) == 1
    for who, status in (("zhanglan", 403), ("hefang", 404)):
        door(who).refused(status, "GET", path)


def test_taken_and_settled(door, proposed, path):
    chenjing = door("chenjing")
    assert chenjing.post(f"/topics/{proposed}/take")[1]["state_words"] == "已列入议题"
    assert chenjing.refused(422, "POST", f"/topics/{proposed}/settle", {})["fields"] == {"note": "必填"}
    said = chenjing.post(f"/topics/{proposed}/settle", {"note": "每月清理一次"})[1]
    assert (said["state_words"], said["note"], said["decided_by"]) == ("已有结果", "每月清理一次", "陈静")
    assert said["verbs"] == []
    assert chenjing.refused(409, "POST", f"/topics/{proposed}/take", {})["code"] == "state_forbids"
    assert [row["key"] for row in chenjing.get(f"{path}?state=settled")[1]["topics"]] == [proposed]
    assert chenjing.get(f"{path}?state=proposed")[1] == {"topics": []}


def test_who_may_not_decide(door, proposed):
    for who, status in (("wangdashan", 403), ("zhanglan", 403), ("dengwei", 403), ("hefang", 404)):
        door(who).refused(status, "POST", f"/topics/{proposed}/take", {})
    door("chenjing").refused(404, "POST", f"/topics/{proposed}/explode", {})
    door("chenjing").refused(404, "POST", "/topics/abcdefghijklmnop/take", {})


@pytest.mark.parametrize("kinds", [1, 3])
def test_the_list_takes_as_many_statements_whatever_it_shows(door, client, path, count_queries, kinds):
    with database_open():
        for code in ("corridor_clutter", "cleaning", "street_light")[:kinds]:
            for _ in range(3):
                case = cases.report(client.town, category=code, words="又来了")
                Case.update(same_as=None).where(Case.id == case.id).execute()
        with write():
            topic.propose(Place.get(Place.code == "huimin"), now())
    chenjing = door("chenjing")
    chenjing.get(path)
    with count_queries() as statements:
        assert len(chenjing.get(path)[1]["topics"]) == kinds
    assert len(statements) == TOPIC_QUERIES


TOPIC_QUERIES = 6
