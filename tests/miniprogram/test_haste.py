"""Who is quicker than the network is not told that something is missing."""

import re
from collections.abc import Callable

import pytest

from tests.story import MiniProgram, Phone, Web


def hold(phone, address: str) -> Callable[[], None]:
    """Let the phone's questions to some addresses wait; gives what lets the answers come."""
    waiting, gone = [], []
    phone.page.route(re.compile(address), lambda route: route.continue_() if gone else waiting.append(route))

    def go() -> None:
        gone.append(True)
        for route in waiting:
            route.continue_()

    return go


def hurry(phone, path: str) -> None:
    """Open a page and wait for nothing but the page itself."""
    phone.page.goto(f"{phone.address}/sandbox/mini/?person={phone.person}#/{path}")
    phone.top.wait_for()


@pytest.mark.parametrize("slow", ["/api/v1/door$", "/api/v1/places/"])
def test_a_report_sent_before_the_home_is_known_goes_to_the_home(address, handset, slow):
    phone = handset("zhanglan")
    go = hold(phone, slow)
    hurry(phone, "pages/report/report")
    phone.write("写一句就行", "路灯一闪一闪的")
    phone.page.get_by_role("button", name="发送", exact=True).tap()
    go()
    sent, allow = phone.page.get_by_text("社区已收到").first, phone.page.get_by_role("button", name="允许", exact=True)
    allow.or_(sent).first.wait_for()
    if allow.count():
        allow.tap()
    phone.sees("社区已收到")
    zhanglan = MiniProgram(Phone(Web(address), "zhanglan", "张兰"))
    case = zhanglan.read(f"/cases/{zhanglan.read('/cases?limit=1')['cases'][0]['key']}")
    assert (case["words"], case["place"]["label"]) == ("路灯一闪一闪的", "幸福家园 3号楼")
