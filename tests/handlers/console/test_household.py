"""A code for a door: found by its words, shown once, good for the chat."""

import re

import segno

from app.rules import household
from models.base import write
from models.person import HouseholdCode, home_of
from models.place import Place
from tests.handlers.console.conftest import words_of

LABEL = "幸福家园 3号楼 1单元 101"


def test_a_door_is_found_by_any_of_its_words(desk, hall):
    page = desk("chenjing").text("/households?where=幸福家园 3号楼 501")
    assert re.findall(r"<p>(幸福.*?)</p>", page) == [f"幸福家园 3号楼 {unit}单元 501" for unit in (1, 2, 3)]


def test_a_door_that_is_not_there_is_said_so(desk, hall):
    assert "没有找到这一户。" in desk("chenjing").text("/households?where=幸福家园 99号楼")


def test_the_code_is_shown_once_and_binds(desk, hall):
    door = Place.get(Place.label == LABEL)
    answer = desk("chenjing").form(f"/households/{door.key}", "/households?where=幸福家园 3号楼 101", where="")
    code = re.search(r'<p class="digits">(\w{4}-\w{4})</p>', answer.text)[1]
    assert answer.headers["Cache-Control"] == "no-store"
    with write():
        household.bind_by_code(code, actor=hall.actor("zhaoqiang"))
    assert home_of(hall.person("zhaoqiang")) == door


def test_the_code_can_be_scanned_and_says_nothing_but_itself(desk, hall):
    door = Place.get(Place.label == LABEL)
    answer = desk("chenjing").form(f"/households/{door.key}", "/households?where=幸福家园 3号楼 101", where="")
    code = re.search(r'<p class="digits">(\w{4})-(\w{4})</p>', answer.text)
    picture = re.search(r'aria-label="绑定码的二维码">(<svg.*?</svg>)', answer.text, re.DOTALL)[1]
    assert picture == segno.make("".join(code.groups()), error="m").svg_inline(scale=6, border=4)
    assert "<svg" not in desk("chenjing").text("/households?where=幸福家园 3号楼 101").split("<main")[1]


def test_the_neighbour_finds_no_door_and_gets_no_code(desk, hall):
    stranger = desk("hefang")
    assert "没有找到这一户。" in words_of(stranger.text("/households?where=幸福家园"))
    door = Place.get(Place.label == LABEL)
    assert stranger.form(f"/households/{door.key}", "/").status_code == 404
    assert HouseholdCode.select().count() == 0


def test_a_building_gets_no_code(desk, hall):
    assert desk("chenjing").form(f"/households/{hall.building().key}", "/").status_code == 404


def test_the_subdistrict_has_no_such_room(desk, hall):
    assert desk("dengwei").get("/households").status_code == 403
