"""不予考核: 陈静 asks, 邓伟 agrees, and only then a case that is over is left out of the figures."""

import pytest

from app.rules import approval, exclusion, exclusion_ask
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.approval import Approval
from models.audit import Audit
from models.base import write
from models.case import Case, Step
from models.exclusion import REASONS, Exclusion
from tests.rules.cases import case_in, do

NOTE = "三次上门，本人都不配合"


def ask(town, case, who="chenjing", reason="no_cooperation", note=NOTE):
    with write():
        return exclusion_ask.ask(Case.get_by_id(case.id), actor=town.actor(who), reason=reason, note=note)


def ask_back(town, case, who="chenjing", note="重新核实，应当计入"):
    with write():
        return exclusion_ask.ask_back(Case.get_by_id(case.id), actor=town.actor(who), note=note)


def decide(town, row, who="dengwei", agreed=True):
    with write():
        approval.decide(Approval.get_by_id(row.id), actor=town.actor(who), agreed=agreed)


def test_two_people_leave_a_case_out(town):
    case = case_in(town, "closed")
    row = ask(town, case)
    assert (Exclusion.select().count(), exclusion_ask.waiting(case)) == (0, True)
    assert row.words == f"#{case.number} {case.category.name} 不予考核：{REASONS['no_cooperation']}。说明：{NOTE}"
    decide(town, row)
    found = Exclusion.get()
    assert (found.case, found.reason, found.note, found.asked_by, found.agreed_by) == (
        case, "no_cooperation", NOTE, town.person("chenjing"), town.person("dengwei"),
    )  # fmt: skip
    # The reporter reads the reason, not the words of the desk; the case itself is as it was.
    step = Step.select().order_by(Step.id.desc()).first()
    assert (step.verb, step.note, step.from_state, step.to_state) == (
        "exclude", REASONS["no_cooperation"], "closed", "closed"
    )  # fmt: skip
    after = Case.get_by_id(case.id)
    assert (after.state, after.satisfaction, after.handled_at) == ("closed", "satisfied", case.handled_at)
    written = Audit.select().where(Audit.action == "case.exclude", Audit.result == "done").get()
    assert (written.person, written.subject, NOTE in str(written.__data__)) == (
        town.person("chenjing"), case.key, False
    )  # fmt: skip


def test_nobody_agrees_to_the_own_request_and_a_refusal_changes_nothing(town):
    case = case_in(town, "closed")
    row = ask(town, case)
    with pytest.raises(Refusal) as refused:
        decide(town, row, "chenjing")
    assert refused.value.code == "own_request"
    decide(town, row, agreed=False)
    assert (Exclusion.select().count(), exclusion_ask.waiting(case)) == (0, False)


def test_two_people_put_it_back(town):
    case = case_in(town, "closed")
    with pytest.raises(Conflict):
        ask_back(town, case)
    decide(town, ask(town, case))
    with pytest.raises(Conflict):
        ask(town, case)
    decide(town, ask_back(town, case))
    assert (exclusion.excluded(case), Step.select().order_by(Step.id.desc()).first().note) == (None, "恢复考核")


@pytest.mark.parametrize("state", ["reported", "dispatched", "handling", "handled"])
def test_what_is_not_over_cannot_be_left_out(sqlite_town, state):
    with pytest.raises(Conflict) as refused:
        ask(sqlite_town, case_in(sqlite_town, state))
    assert refused.value.code == "state_forbids"


def test_reopened_before_the_second_person_agreed_it_is_not_left_out(sqlite_town):
    town = sqlite_town
    case = case_in(town, "closed")
    row = ask(town, case)
    do(town, case, "reopen", "zhanglan")
    with pytest.raises(Conflict):
        decide(town, row)
    assert Exclusion.select().count() == 0


def test_asked_twice_is_one_request_whatever_the_reason(sqlite_town):
    case = case_in(sqlite_town, "rejected")
    ask(sqlite_town, case)
    with pytest.raises(Conflict):
        ask(sqlite_town, case, reason="unlawful", note="换一个理由再提")
    assert Approval.select().count() == 1


@pytest.mark.parametrize(
    ("reason", "note", "fields"),
    [("", NOTE, ["reason"]), ("ranking", NOTE, ["reason"]), ("unlawful", " ", ["note"]), ("", "", ["note", "reason"]),
     ("unlawful", "长" * 201, ["note"])],
)  # fmt: skip
def test_what_is_missing_is_said(sqlite_town, reason, note, fields):
    with pytest.raises(Refusal) as refused:
        ask(sqlite_town, case_in(sqlite_town, "closed"), reason=reason, note=note)
    assert (refused.value.code, sorted(refused.value.fields)) == ("exclusion_incomplete", fields)


@pytest.mark.parametrize(
    ("who", "error"), [("hefang", NotFound), ("guoliang", NotFound), ("zhanglan", Forbidden), ("wangdashan", Forbidden)]
)
def test_only_who_answers_for_the_community_may_ask(sqlite_town, who, error):
    with pytest.raises(error):
        ask(sqlite_town, case_in(sqlite_town, "closed"), who)


def test_whom_it_complains_about_neither_asks_nor_agrees(sqlite_town):
    town = sqlite_town
    case = case_in(town, "closed")
    row = ask(town, case)
    Case.update(about=town.person("dengwei")).where(Case.id == case.id).execute()
    with pytest.raises(NotFound):
        decide(town, row)
    with pytest.raises(NotFound):
        ask(town, case, "dengwei")
