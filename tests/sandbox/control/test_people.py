"""What the phones ask about the town: its map, and what a code says when it is scanned."""

import math
import tomllib

from app.rules.coordinates import to_wgs84
from app.sandbox_settings import PLACES, town

SQUARE = {"name": "幸福家园", "community": "惠民社区", "lat": 34.78, "lng": 114.36,
          "buildings": [{"name": "1号楼", "lat": 34.7801, "lng": 114.3601}]}


def metres(one: dict, other: dict) -> float:
    """The distance on a plane, good enough for one town."""
    east = (one["lng"] - other["lng"]) * math.cos(math.radians(one["lat"]))
    return math.hypot(one["lat"] - other["lat"], east) * 111_320


def test_a_sandbox_that_knows_no_town_draws_none(street):
    assert street.control("GET", "map") == {"compounds": []}


def test_the_map_is_what_the_sandbox_was_told(config, request):
    config["town"] = {"compounds": [SQUARE]}
    assert request.getfixturevalue("street").control("GET", "map") == {"compounds": [SQUARE]}


def test_a_code_on_a_screen_says_where_it_leads(street):
    body = {"action_name": "QR_STR_SCENE", "expire_seconds": 600, "action_info": {"scene": {"scene_str": "building_3"}}}
    made = street.post("/cgi-bin/qrcode/create", body, app="official")
    (code,) = street.control("GET", "codes")
    assert (code["url"], code["scene"]) == (made["url"], "building_3")


def test_the_town_of_the_demo_is_the_demo_of_the_service():
    given = {(compound["name"], compound["lat"], compound["lng"], compound["buildings"])
             for compound in _compounds_of_the_demo()}
    drawn = {(compound["name"], *(round(degrees, 4) for degrees in to_wgs84((compound["lat"], compound["lng"]))),
              len(compound["buildings"])) for compound in town()["compounds"]}
    assert drawn == given
    assert [one["name"] for one in town()["compounds"][0]["buildings"]] == [f"{number}号楼" for number in range(1, 7)]


def _compounds_of_the_demo() -> list[dict]:
    (district,) = tomllib.loads(PLACES.read_text(encoding="utf-8"))["districts"]
    return [compound for subdistrict in district["subdistricts"] for community in subdistrict["communities"]
            for compound in community["compounds"]]


def test_no_building_of_the_town_stands_in_another():
    for compound in town()["compounds"]:
        houses = compound["buildings"]
        apart = [metres(one, other) for at, one in enumerate(houses) for other in houses[at + 1:]]
        assert min(apart) > 45
        assert max(metres(one, compound) for one in houses) < 200
