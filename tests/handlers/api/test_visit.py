"""王大山 knocks at the doors of his grid; what he hears there is for him and for 陈静, and 张兰 can read who looked."""

from datetime import timedelta

import pytest

from app.context import database_open
from app.rules.setting import forget
from models.audit import Audit
from models.base import now
from models.person import home_of
from models.place import Place
from models.setting import Setting
from models.visit import Visit


@pytest.fixture
def home(client):
    """The key of 张兰's door."""
    with database_open():
        return home_of(client.town.person("zhanglan")).key


def made(household, **more):
    at = (now() - timedelta(hours=1)).isoformat()
    body = {"household": household, "kind": "care", "met": True, "at": at}
    return body | {"note": "老人一个人在家", "needs": ["想要助餐"]} | more


def test_the_visitor_reads_all_the_admin_a_masked_line(door, home):
    status, told = door("wangdashan").post("/visits", made(home))
    assert (status, told["kind_words"]) == (201, "关爱走访")
    assert (told["note"], told["needs"]) == ("老人一个人在家", ["想要助餐"])
    assert door("wangdashan").get("/visits")[1]["visits"] == [told]
    line = door("chenjing").get("/visits")[1]["visits"][0]
    assert (line["household"]["name"], line["household"]["label"][-1], line["note"]) == ("＊", "＊", "")
    assert (line["needs"], line["needs_count"], line["visitor"]["name"]) == ([], 1, "王大山")
    for other in ("liuyang", "hefang"):
        assert door(other).get("/visits")[1] == {"visits": [], "next": None}
    assert door("zhanglan").refused(403, "GET", "/visits")["code"] == "forbidden"


def test_one_door_is_read_whole_and_its_people_can_see_who_looked(door, home, client):
    door("wangdashan").post("/visits", made(home))
    told = door("chenjing").get(f"/visits?household={home}")[1]["visits"]
    assert [(one["note"], one["needs"]) for one in told] == [("老人一个人在家", ["想要助餐"])]
    with database_open():
        row = Audit.get(Audit.action == "visit.read")
        assert (row.person, row.about) == (client.town.person("chenjing"), client.town.person("zhanglan"))
    assert "查看一户的走访记录" in str(door("zhanglan").get("/me/readers")[1])
    for other in ("hefang", "liuyang", "guoliang"):
        assert door(other).refused(404, "GET", f"/visits?household={home}")["code"] == "not_found"


def test_who_has_looked_at_enough_people_today_reads_no_more(door, home, client):
    door("wangdashan").post("/visits", made(home))
    with database_open():
        Setting.create(community=client.town.community(), name="people_per_day", value=0)
        forget()
    assert door("chenjing").refused(403, "GET", f"/visits?household={home}")["code"] == "budget_spent"


def test_only_at_the_doors_of_ones_own_grid_or_community(door, home, client, key_of):
    for other in ("liuyang", "hefang", "guoliang"):
        assert door(other).refused(422, "POST", "/visits", made(home))["code"] == "household_unknown"
    assert door("wangdashan").refused(422, "POST", "/visits", made(key_of("building")))["code"] == "household_unknown"
    assert door("zhanglan").refused(403, "POST", "/visits", made(home))["code"] == "forbidden"
    assert door("chenjing").post("/visits", made(home))[0] == 201
    with database_open():
        assert Visit.select().count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "party"}, "invalid"), ({"at": (now() + timedelta(hours=1)).isoformat()}, "time_wrong"),
        ({"at": (now() - timedelta(days=32)).isoformat()}, "time_wrong"), ({"needs": ["甲"] * 6}, "invalid"),
        ({"needs": ["长" * 201]}, "invalid"), ({"note": "长" * 501}, "invalid"), ({"name": "张兰"}, "invalid"),
    ],
)  # fmt: skip
def test_what_is_too_much_or_cannot_have_been_is_refused(door, home, more, code):
    assert door("wangdashan").refused(422, "POST", "/visits", made(home, **more))["code"] == code


def test_sent_twice_it_is_one_visit(door, home):
    body = made(home)
    first = door("wangdashan").post("/visits", body, once="visit-number-one")
    assert door("wangdashan").post("/visits", body, once="visit-number-one") == first
    assert len(door("wangdashan").get("/visits")[1]["visits"]) == 1


def test_the_words_for_a_door_are_clean(door, home):
    told = door("wangdashan").post("/visits", made(home, note="\u202e好\x00的", needs=["\u200b", "修灯"]))[1]
    assert (told["note"], told["needs"]) == ("好的", ["修灯"])


def test_visits_cost_the_same_for_one_and_for_three(door, client, count_queries):
    with database_open():
        building = client.town.building()
        homes = Place.select().where(Place.kind == "household", Place.above.contains(f"/{building.id}/")).limit(3)
        keys = [one.key for one in homes]
    found = []
    for part in (keys[:1], keys[1:]):
        for key in part:
            door("wangdashan").post("/visits", made(key))
        worker = door("wangdashan")
        with count_queries() as statements:
            assert worker.get("/visits")[0] == 200
        found.append(len(statements))
    assert found[0] == found[1]
