"""The own grid: 王大山 sees what lies in it and which door he has not knocked at; 陈静 sees all grids of hers."""

from datetime import timedelta

from app.context import database_open
from models.base import now
from models.place import Grid, GridPlace, Place
from tests.rules.cases import report


def test_each_sees_the_own_grids(door):
    def names(who):
        return [(one["community"]["name"], one["name"]) for one in door(who).get("/me/grids")[1]["grids"]]

    assert names("wangdashan") == [("惠民社区", "第一网格")]
    assert names("chenjing") == [("惠民社区", "第一网格"), ("惠民社区", "第二网格")]
    assert names("hefang") == [("柳荫社区", "第一网格")]
    for other in ("zhanglan", "dengwei"):
        assert door(other).refused(403, "GET", "/me/grids")["code"] == "forbidden"


def test_what_there_is_and_what_is_open(door, client):
    with database_open():
        town = client.town
        report(town)
        report(town, category="street_light", words="路灯不亮")
        # A complaint about the worker is nothing that the worker may count.
        report(town, category="street_light", words="王大山师傅态度很差，我要投诉")
    one, = door("wangdashan").get("/me/grids")[1]["grids"]
    assert [place["name"] for place in one["places"]] == ["幸福家园"]
    assert (one["households"], one["open_cases"], one["hazards"]) == (6 * 3 * 6 * 2, 2, 1)
    assert [(grid["open_cases"], grid["hazards"]) for grid in door("chenjing").get("/me/grids")[1]["grids"]] == [
        (3, 1), (0, 0),
    ]  # fmt: skip


def test_a_building_given_to_another_grid_is_no_part_of_this_one(door, client):
    with database_open():
        GridPlace.create(grid=Grid.get(Grid.code == "huimin-2"), place=client.town.building("6号楼"))
        key, other = (Grid.get(Grid.code == code).key for code in ("huimin-1", "huimin-2"))
    first, second = door("chenjing").get("/me/grids")[1]["grids"]
    assert (first["households"], second["households"]) == (5 * 36, 4 * 2 * 6 * 2 + 36)
    with database_open():
        building = client.town.building("6号楼").key
    assert door("chenjing").get(f"/me/grids/{key}/households?building={building}")[1]["households"] == []
    assert len(door("chenjing").get(f"/me/grids/{other}/households?building={building}")[1]["households"]) == 36


def test_the_doors_come_in_pages_with_the_last_visit(door, client, key_of):
    worker = door("wangdashan")
    with database_open():
        key, foreign = (Grid.get(Grid.code == code).key for code in ("huimin-1", "huimin-2"))
        building = client.town.building()
        first = Place.select().where(Place.kind == "household", Place.above.contains(f"/{building.id}/")).first()
    at = now() - timedelta(hours=3)
    for when in (at - timedelta(days=1), at):
        body = {"household": first.key, "kind": "routine", "met": False, "at": when.isoformat()}
        assert worker.post("/visits", body)[0] == 201
    path = f"/me/grids/{key}/households?building={building.key}&limit=20"
    page = worker.get(path)[1]
    rest = worker.get(f"{path}&cursor={page['next']}")[1]
    doors = page["households"] + rest["households"]
    assert (len(page["households"]), len(doors), len({one["key"] for one in doors}), rest["next"]) == (20, 36, 36, None)
    seen = {one["key"]: one["last_visit_at"] for one in doors}
    assert seen[first.key].startswith(at.isoformat()[:19]) and sum(bool(one) for one in seen.values()) == 1
    for path in (f"/me/grids/{foreign}/households", "/me/grids/none/households"):
        assert worker.refused(404, "GET", path)["code"] == "not_found"


def test_grids_cost_the_same_for_one_and_for_two(door, count_queries):
    found = []
    for who in ("hefang", "chenjing"):
        person = door(who)
        with count_queries() as statements:
            person.get("/me/grids")
        found.append(len(statements))
    assert found[0] == found[1]
