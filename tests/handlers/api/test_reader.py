"""张兰 asks who read her data: she is told the part, the community, what and why, and never a name of staff."""

from datetime import timedelta

from app.context import database_open
from app.rules import audit
from models.audit import Audit
from models.base import now, write
from models.person import Person


def look(town, who: str, whom: str = "zhanglan", action: str = "person.reveal", reason: str = "回访核实") -> None:
    with database_open(), write():
        audit.note(
            action, actor=town.actor(who), community=town.community(), subject="s" * 16, about=town.person(whom),
            reason=reason,
        )  # fmt: skip


def test_nobody_has_read_anything(door):
    assert door("zhanglan").get("/me/readers") == (200, {"readers": [], "next": None})


def test_who_read_it_when_as_what_and_why(client, door):
    look(client.town, "wangdashan")
    status, said = door("zhanglan").get("/me/readers")
    assert status == 200
    (row,) = said["readers"]
    moment, near = row.pop("at"), row.pop("near")
    assert (moment.startswith(f"{now():%Y-%m-%dT}"), near.startswith("今天")) == (True, True)
    assert row == {
        "part": "网格员", "community": "惠民社区", "action": "person.reveal", "deed": "查看完整姓名电话",
        "result": "done", "told": "已办", "reason": "回访核实",
    }  # fmt: skip
    with database_open():
        assert client.town.person("wangdashan").name not in str(said)


def test_what_one_did_oneself_and_what_others_data_is_about_is_not_there(client, door):
    look(client.town, "zhanglan")
    look(client.town, "wangdashan", whom="zhaoqiang")
    assert door("zhanglan").get("/me/readers")[1]["readers"] == []
    assert len(door("zhaoqiang").get("/me/readers")[1]["readers"]) == 1
    assert door("hefang").get("/me/readers")[1]["readers"] == []


def test_the_newest_first_page_by_page_each_once(client, door):
    with database_open(), write():
        person, begin = client.town.person("zhanglan"), now() - timedelta(days=1)
        for number in range(70):
            # Ten rows at a time have the same moment, also over the edge of a page.
            at = begin + timedelta(seconds=number // 10)
            Audit.insert(at=at, action="case.read", about=person, role="grid_worker", reason=str(number)).execute()
    zhanglan, seen, cursor = door("zhanglan"), [], ""
    for _ in range(5):
        status, said = zhanglan.get(f"/me/readers{cursor}")
        assert (status, len(said["readers"]) <= 30) == (200, True)
        seen += [int(row["reason"]) for row in said["readers"]]
        if said["next"] is None:
            break
        cursor = f"?cursor={said['next']}"
    assert seen == list(range(69, -1, -1))


def test_a_page_that_is_none_is_refused(door):
    zhanglan = door("zhanglan")
    for cursor in ("2026-13-99", "T", "9" * 41, "0000", "x", "2026-01-01T00:00:00Z&cursor=2026-01-01T00:00:00Z"):
        error = zhanglan.refused(422, "GET", f"/me/readers?cursor={cursor}")
        assert list(error["fields"]) == ["cursor"]
    assert zhanglan.get("/me/readers?cursor=2020-01-01T00:00:00Z") == (200, {"readers": [], "next": None})


def test_without_a_session_nothing(door):
    door().refused(401, "GET", "/me/readers")


def test_rows_about_who_one_was_before_are_ones_own(client, door):
    """王大山 read the data of a newcomer, who then turned out to be 张兰."""
    with database_open(), write():
        older, newer = Person.create(name="微信用户"), Person.create(name="客人")
        zhanglan = client.town.person("zhanglan")
        wang = client.town.person("wangdashan")
        Audit.insert(action="case.read", about=older, role="grid_worker", person=wang).execute()
        audit.note("person.join", actor=None, community=None, subject=newer.key, newcomer=older.key)
        audit.note("person.join", actor=None, community=None, subject=zhanglan.key, newcomer=newer.key)
    assert [row["action"] for row in door("zhanglan").get("/me/readers")[1]["readers"]] == ["case.read"]
    assert door("zhaoqiang").get("/me/readers")[1]["readers"] == []


def test_a_page_costs_the_same_however_many_rows(client, door, count_queries):
    counts = []
    zhanglan = door("zhanglan")
    for rows in (1, 2):
        for _ in range(rows):
            look(client.town, "wangdashan")
        with count_queries() as statements:
            zhanglan.get("/me/readers")
        counts.append(len(statements))
    assert counts[0] == counts[1]
