"""赵强 says to live in 幸福家园; 陈静 confirms it, nobody from next door can."""

import pytest

from app.rules import household
from models.base import write
from models.person import Residence
from models.place import Place
from tests.handlers.console.conftest import queries, words_of


def request_of(hall, who: str = "zhaoqiang", label: str = "幸福家园 3号楼 1单元 101") -> Residence:
    with write():
        return household.ask(Place.get(Place.label == label), actor=hall.actor(who), relation="tenant")


def test_without_requests_the_page_says_so(desk, hall):
    assert "没有待确认的申请。" in desk("chenjing").text("/residences")


@pytest.mark.parametrize(("answer", "state"), [("yes", "confirmed"), ("no", "refused")])
def test_staff_decide(desk, hall, answer, state):
    residence, browser = request_of(hall), desk("chenjing")
    assert "赵＊ 138****0006 幸福家园 3号楼 1单元 ＊ · 租户" in words_of(browser.text("/residences"))
    sent = browser.form(f"/residences/{residence.key}", "/residences", answer=answer)
    assert sent.status_code == 303
    found = Residence.get_by_id(residence.id)
    assert (found.state, found.confirmed_by) == (state, hall.person("chenjing"))


def test_a_request_is_decided_once(desk, hall):
    residence, browser = request_of(hall), desk("chenjing")
    answers = [browser.form(f"/residences/{residence.key}", "/", answer=one).status_code for one in ("yes", "no")]
    assert (answers, Residence.get_by_id(residence.id).state) == ([303, 409], "confirmed")


def test_nobody_confirms_the_own_request(desk, hall):
    residence = request_of(hall, "chenjing")
    sent = desk("chenjing").form(f"/residences/{residence.key}", "/", answer="yes")
    assert (sent.status_code, Residence.get_by_id(residence.id).state) == (422, "asked")


def test_the_neighbours_admin_finds_no_such_request(desk, hall):
    residence, stranger = request_of(hall), desk("hefang")
    assert "赵强" not in stranger.text("/residences")
    assert stranger.form(f"/residences/{residence.key}", "/", answer="yes").status_code == 404
    assert Residence.get_by_id(residence.id).state == "asked"


def test_an_answer_that_is_none_decides_nothing(desk, hall):
    residence = request_of(hall)
    assert desk("chenjing").form(f"/residences/{residence.key}", "/", answer="perhaps").status_code == 404
    assert Residence.get_by_id(residence.id).state == "asked"


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, counts = desk("chenjing"), []
    for door in ("101", "102", "201"):
        request_of(hall, label=f"幸福家园 3号楼 1单元 {door}")
        with queries() as asked:
            browser.text("/residences")
        counts.append(len(asked))
    assert (counts[0], counts[2]) == (6, 6)
