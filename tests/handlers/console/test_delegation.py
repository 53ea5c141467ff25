"""张兰 and her father come to the counter; 陈静 confirms with both before her, nobody from next door can."""

import pytest

from app.rules import delegation
from models.alert import Alert
from models.audit import Audit
from models.base import write
from models.delegation import Delegation
from models.person import Person, home_of
from models.place import Place
from models.setting import Setting
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
    assert "张＊ 替 张＊强 办事" in shown and "张＊是张＊强的女儿 · 幸福家园 3号楼 2单元 ＊" in shown
    assert "张国强" not in shown and "502" not in shown
    sent = browser.form(f"/delegations/{row.key}", "/delegations", answer="yes", both_present="1")
    assert (sent.status_code, state(row)) == (303, "confirmed")
    assert home_of(row.principal).label == "幸福家园 3号楼 2单元 502"
    ended = browser.form(f"/delegations/{row.key}/end", "/delegations")
    assert (ended.status_code, state(row)) == (303, "ended")


def test_both_are_shown_once_for_a_reason(desk, hall):
    row, browser = ask(hall), desk("chenjing")
    assert browser.form(f"/delegations/{row.key}/person", "/delegations", reason="看").status_code == 422
    shown = browser.form(f"/delegations/{row.key}/person", "/delegations", reason="当面核对代办申请")
    assert shown.status_code == 200
    assert "张国强" in shown.text and "幸福家园 3号楼 2单元 502" in shown.text and "13800000001" in shown.text
    assert Audit.select().where(Audit.action == "person.reveal", Audit.subject == row.key).count() == 2
    assert desk("hefang").form(f"/delegations/{row.key}/person", "/", reason="当面核对代办申请").status_code == 404


def test_a_wrong_age_is_put_right(desk, hall):
    zhanglan, browser = hall.person("zhanglan"), desk("chenjing")
    with write():
        Person.update(age_group="child").where(Person.id == zhanglan.id).execute()
    fields = {
        "community": hall.community().key, "person": zhanglan.key, "group": "adult", "reason": "本人到场核对身份证",
    }  # fmt: skip
    wrong = browser.form("/ages", "/delegations", **fields | {"person": "nosuchperson"})
    assert wrong.status_code == 422 and "本社区没有这个编号的居民" in wrong.text
    assert desk("hefang").form("/ages", "/", **fields).status_code == 404
    assert Person.get_by_id(zhanglan.id).age_group == "child"
    assert browser.form("/ages", "/delegations", **fields).status_code == 303
    assert Person.get_by_id(zhanglan.id).age_group == "adult"


def test_without_the_tick_the_page_says_what_is_missing(desk, hall):
    row, browser = ask(hall), desk("chenjing")
    sent = browser.form(f"/delegations/{row.key}", "/delegations", answer="yes")
    assert (sent.status_code, state(row)) == (422, "asked")
    assert "请两个人都到场、当面问过本人愿意，再勾选确认。" in sent.text


def test_refused(desk, hall):
    row, browser = ask(hall), desk("chenjing")
    assert browser.form(f"/delegations/{row.key}", "/delegations", answer="no").status_code == 303
    assert state(row) == "refused" and "张＊" not in browser.text("/delegations")


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
    assert "张＊强" not in stranger.text("/delegations")
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


def test_looking_at_both_counts_for_the_days_budget(desk, hall):
    Setting.create(community=hall.community(), name="people_per_day", value=1)
    row, browser = ask(hall), desk("chenjing")
    answer = browser.form(f"/delegations/{row.key}/person", "/delegations", reason="核对两人的身份")
    assert (answer.status_code, "138" in answer.text, Alert.get().kind) == (403, False, "budget_spent")
