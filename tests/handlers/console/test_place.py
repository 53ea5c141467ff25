"""A code for a building: found by its words, drawn by the platform, printed from the page; not for the neighbour's."""

import re

from app.context import database_open
from models.audit import Audit
from models.place import Place
from tests.handlers.console.conftest import words_of


def test_the_buildings_one_may_have_a_code_for(desk, hall):
    page = desk("chenjing").text("/place-codes?where=幸福家园")
    assert re.findall(r'class="cover"[^>]*>([^<]+)<', page) == [
        "幸福家园", *(f"幸福家园 {number}号楼" for number in range(1, 7)),
    ]  # fmt: skip
    assert "阳光花苑" in desk("chenjing").text("/place-codes")
    mine = words_of(desk("wangdashan").text("/place-codes"))
    assert "幸福家园 3号楼" in mine and "阳光花苑" not in mine
    assert "没有找到这个地方。" in desk("hefang").text("/place-codes?where=幸福家园")


def test_only_what_lies_in_ones_own_part_and_has_a_code(desk, hall):
    building, other = hall.building(), Place.get(Place.name == "阳光花苑")
    household = Place.get(Place.label == "幸福家园 3号楼 1单元 101")
    for who, place in (("hefang", building), ("wangdashan", other), ("chenjing", household)):
        assert desk(who).get(f"/place-codes/{place.key}").status_code == 404
    assert desk("chenjing").get("/place-codes/abc").status_code == 404


def test_when_the_platform_does_not_answer_the_page_says_so(desk, hall):
    """Nothing listens where these tests say that the platform is."""
    page = words_of(desk("chenjing").text(f"/place-codes/{hall.building().key}"))
    assert "微信平台暂时没有给出小程序码" in page and "再试一次" in page
    with database_open():
        assert Audit.select().where(Audit.action == "place.code", Audit.result == "done").count() == 0


def test_the_platform_draws_the_code_and_the_page_can_be_kept(street):
    """A whole installation: the small WeChat knows the page that the code opens, from app.json."""
    desk = street.signed_in("chenjing")
    key = re.search(r'/console/place-codes/(\w+)">幸福家园 3号楼<', desk.text("/place-codes"))[1]
    page = desk.text(f"/place-codes/{key}")
    assert re.search(r'<img src="data:image/(png|jpeg);base64,\w+', page), words_of(page)
    assert 'download="上报码-幸福家园-3号楼"' in page
