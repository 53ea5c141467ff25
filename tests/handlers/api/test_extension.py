"""Asking for more time through the API: 陈静 asks, 邓伟 decides alone, 张兰 reads why, 何芳 next door sees nothing."""

from datetime import date, timedelta

import pytest

from app.context import database_open
from models.approval import Approval
from models.base import now
from models.case import Case
from models.extension import Extension

WHY = "要等厂家发配件"


@pytest.fixture
def case(door, key_of):
    """A street light that 王大山 works on."""
    case = door("zhanglan").report(place=key_of("building"), category="street_light", words="路灯不亮")
    return door("wangdashan").act(case, "accept")


def later(days):
    return str(date.today() + timedelta(days=days))


def ask(door, case, who="chenjing", **body):
    return door(who).post(f"/cases/{case['key']}/extension", {"kind": "extension", "reason": WHY} | body)


def ledger(door, case, who="zhanglan"):
    status, said = door(who).get(f"/cases/{case['key']}/extensions")
    assert status == 200, said
    return said


def test_the_community_asks_and_is_told_that_it_waits(door, case):
    status, said = ask(door, case)
    assert (status, said["done"], "复核后生效" in said["words"]) == (200, False, True)
    with database_open():
        assert Approval.get().key == said["approval"]
    assert ledger(door, case, "chenjing")["waiting"] == ["extension"]
    assert ledger(door, case)["waiting"] == []  # what is only asked for is no resident's business
    assert door("chenjing").refused(409, "POST", f"/cases/{case['key']}/extension", {
        "kind": "extension", "reason": "再催一次"})["code"] == "asked_before"  # fmt: skip


def test_the_street_decides_alone_and_the_resident_reads_why(door, case):
    assert ask(door, case, "dengwei")[1] == {"done": True, "approval": None, "words": "已延期，已告知居民。"}
    [row] = ledger(door, case)["extensions"]
    assert (row["kind"], row["kind_words"], row["reason"]) == ("extension", "延期", WHY)
    assert row["words"].startswith("延期到 ") and "陈静" not in str(row) and "邓伟" not in str(row)
    seen = door("zhanglan").see(case)
    assert [step["verb"] for step in seen["steps"]][-1] == "extend" and WHY in seen["steps"][-1]["note"]
    assert ledger(door, case, "dengwei")["kinds"] == ["extension", "hold"]
    assert ledger(door, case, "wangdashan")["kinds"] == []


def test_a_hold_by_the_street_and_resuming_by_the_community(door, case):
    assert ask(door, case, "dengwei", kind="hold", until=later(40))[1]["done"] is True
    seen = door("chenjing").see(case)
    assert (seen["state"], [verb["verb"] for verb in seen["verbs"]][:1]) == ("planned", ["resume"])
    assert {"resume", "plan_note"} <= {verb["verb"] for verb in seen["verbs"]}
    assert door("wangdashan").act(case, "plan_note", note="配件已经发货")["state"] == "planned"
    assert door("chenjing").act(case, "resume", note="提前到货")["state"] == "handling"
    assert door("chenjing").refused(409, "POST", f"/cases/{case['key']}/plan", {
        "note": WHY, "until": later(9)})["code"] == "held_before"  # fmt: skip


def test_the_verbs_ask_for_the_second_person_too(door, case):
    """`plan` and `extend` are the same as the address of their own: nothing has happened yet."""
    assert door("chenjing").act(case, "plan", note=WHY, until=later(9))["state"] == "handling"
    assert door("chenjing").act(case, "extend", note=WHY)["state"] == "handling"
    with database_open():
        assert sorted(row.action for row in Approval.select()) == ["case.extend", "case.plan"]
        assert Extension.select().count() == 0
    verbs = {verb["verb"] for verb in door("chenjing").see(case)["verbs"]}
    assert verbs & {"plan", "extend"} == set()
    assert {"plan", "extend"} <= {verb["verb"] for verb in door("dengwei").see(case)["verbs"]}


WRONG = [
    ({"reason": "忙"}, 422, "reason_missing"),
    ({"kind": "hold"}, 422, "until_wrong"),
    ({"kind": "hold", "until": "2020-01-01"}, 422, "until_wrong"),
    ({"kind": "hold", "until": "9999-12-31"}, 422, "until_wrong"),
    ({"kind": "hold", "until": "0001-01-01"}, 422, "until_wrong"),
    ({"kind": "hold", "until": "明天"}, 422, "invalid"),
    ({"kind": "pause"}, 422, "invalid"),
    ({"reason": "长" * 401}, 422, "invalid"),
]


@pytest.mark.parametrize("body, status, code", WRONG, ids=lambda one: str(one)[:30])
def test_what_makes_no_sense(door, case, body, status, code):
    found, said = ask(door, case, "dengwei", **body)
    assert found == status, said
    assert code == "invalid" or said["error"]["code"] == code


def test_too_late(door, case):
    with database_open():
        Case.update(resolve_due=now() - timedelta(seconds=1)).where(Case.key == case["key"]).execute()
    for kind in ("extension", "hold"):
        status, said = ask(door, case, "dengwei", kind=kind, until=later(9))
        assert (status, said["error"]["code"]) == (409, "overdue")
    assert ledger(door, case, "dengwei")["kinds"] == []


def test_who_may_not(door, case):
    assert [ask(door, case, who)[0] for who in ("zhanglan", "wangdashan", "sunmei", "hefang")] == [403, 403, 404, 404]
    for who in ("sunmei", "hefang"):
        door(who).refused(404, "GET", f"/cases/{case['key']}/extensions")


def test_poor_signal_asks_once(door, case):
    path, body = f"/cases/{case['key']}/extension", {"kind": "extension", "reason": WHY}
    first = door("dengwei").post(path, body, once="extend-1")
    assert door("dengwei").post(path, body, once="extend-1") == first
    with database_open():
        assert Extension.select().count() == 1
