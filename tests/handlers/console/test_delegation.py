"""张兰 and her father come to the counter; 陈静 confirms with both before her, nobody from next door can."""

import pytest

from app.rules import delegation
from models.base import write
from models.delegation import Delegation
from models.person import home_of
from models.place import Place
from tests.handlers.console.conftest import queries, words_of


def ask(hall, who="zhanglan", name="张国强", **more) -> Delegation:
    home = Place.get(Place.label == "幸福家园 3号楼 2单元 502")
    asked = {"kind": "family", "relation": "daughter", "name": name, "home": home} | more
    with write():
        return delegation.ask(actor=hall.actor(who), **asked)


def state(row: Delegation) -> str:
    return Delegation.get_by_id(row.id).state


def test_without_requests_the_page_says_so(desk, hall):
    page = desk("chenjing").text("/delegations")
    assert "没有等确认的申请。" in page and "现在没有人替家人办事。" in page


def test_both_are_there_and_it_is_confirmed(desk, hall):
    row, browser = ask(hall), desk("chenjing")
    shown = words_of(browser.text("/delegations"))
    assert "张兰 替 张国强 办事" in shown and "张兰是张国强的女儿 · 幸福家园 3号楼 2单元 502" in shown
    sent = browser.form(f"/delegations/{row.key}", "/delegations", answer="yes", both_present="1")
    assert (sent.status_code, state(row)) == (303, "confirmed")
    assert home_of(row.principal).label == "幸福家园 3号楼 2单元 502"
    ended = browser.form(f"/delegations/{row.key}/end", "/delegations")
    assert (ended.status_code, state(row)) == (303, "ended")


def test_without_the_tick_the_page_says_what_is_missing(desk, hall):
    row, browser = ask(hall), desk("chenjing")
    sent = browser.form(f"/delegations/{row.key}", "/delegations", answer="yes")
    assert (sent.status_code, state(row)) == (422, "asked")
    assert "请两个人都到场、当面问过本人愿意，再勾选确认。" in sent.text


def test_refused(desk, hall):
    row, browser = ask(hall), desk("chenjing")
    assert browser.form(f"/delegations/{row.key}", "/delegations", answer="no").status_code == 303
    assert state(row) == "refused" and "张国强" not in browser.text("/delegations")


def test_it_is_decided_once(desk, hall):
    row, browser = ask(hall), desk("chenjing")
    sent = [browser.form(f"/delegations/{row.key}", "/", answer="no").status_code for _ in range(2)]
    assert (sent, state(row)) == ([303, 409], "refused")


def test_nobody_confirms_the_own_request(desk, hall):
    row, browser = ask(hall, "chenjing"), desk("chenjing")
    assert "自己的申请，请别的同事确认" in browser.text("/delegations")
    sent = browser.form(f"/delegations/{row.key}", "/", answer="yes", both_present="1")
    assert (sent.status_code, state(row)) == (422, "asked")


@pytest.mark.parametrize("end", ["", "/end"])
def test_the_neighbours_admin_finds_no_such_request(desk, hall, end):
    row, stranger = ask(hall), desk("hefang")
    assert "张国强" not in stranger.text("/delegations")
    assert stranger.form(f"/delegations/{row.key}{end}", "/", answer="yes", both_present="1").status_code == 404
    assert state(row) == "asked"


def test_what_is_only_asked_for_is_not_the_staffs_to_end(desk, hall):
    row = ask(hall)
    assert desk("chenjing").form(f"/delegations/{row.key}/end", "/").status_code == 403
    assert state(row) == "asked"


def test_an_answer_that_is_none_decides_nothing(desk, hall):
    row = ask(hall)
    assert desk("chenjing").form(f"/delegations/{row.key}", "/", answer="perhaps").status_code == 404
    assert state(row) == "asked"


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, counts = desk("chenjing"), []
    for name in ("张国强", "李秀英", "张小妹"):
        ask(hall, name=name)
        with queries() as asked:
            browser.text("/delegations")
        counts.append(len(asked))
    assert counts[0] == counts[2]
