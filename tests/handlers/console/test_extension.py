"""延期 and 挂账 at the desk: asked for on the page of the case, agreed to by another, kept in the ledger."""

from datetime import date, timedelta

from app.rules import dispatch, plan_note
from models.approval import Approval
from models.base import now, write
from models.case import Case, Step
from models.extension import Extension
from tests.handlers.console.conftest import words_of
from tests.handlers.console.test_case import queries, report

WHY = "要等厂家发配件"


def handling(hall, words="路灯不亮"):
    case = report(hall, words=words, code="street_light")
    with write():
        return dispatch.accept(Case.get_by_id(case.id), actor=hall.actor("wangdashan"))


def press(browser, case, verb, **fields):
    version = Case.get_by_id(case.id).version
    return browser.form(f"/cases/{case.key}/{verb}", page=f"/cases/{case.key}", version=str(version), **fields)


def decide(browser, answer="yes"):
    key = Approval.select().order_by(Approval.id.desc()).get().key
    return browser.form(f"/approvals/{key}", page="/approvals", answer=answer)


def test_asked_for_by_one_agreed_to_by_another_and_written_down(desk, hall):
    case, chenjing, dengwei = handling(hall), desk("chenjing"), desk("dengwei")
    assert press(chenjing, case, "extend", note=WHY).status_code == 303
    page = words_of(chenjing.text(f"/cases/{case.key}"))
    assert "已申请延期，等另一位同志复核。" in page
    assert "办结时间延到" in words_of(dengwei.text("/approvals"))
    assert decide(dengwei).status_code == 303
    page = words_of(chenjing.text("/extensions"))
    assert f"#{case.number} 路灯、楼道灯不亮 延期" in page and "陈静提出，邓伟同意" in page and WHY in page
    assert "上报 1 件，延期 1 件（100.0%），挂账 0 件（0.0%）" in page
    assert words_of(chenjing.text("/extensions?kind=hold")).endswith("点“延期”或“挂账”。")


def test_a_hold_is_shown_with_its_day_and_the_note_it_owes(desk, hall):
    case, dengwei, until = handling(hall), desk("dengwei"), date.today() + timedelta(days=60)
    assert press(dengwei, case, "plan", note=WHY, until=str(until)).status_code == 303
    said = f"{until.year}年{until.month}月{until.day}日"
    assert f"{said}起恢复办理，现在不计时" in words_of(dengwei.text(f"/cases/{case.key}"))
    page = words_of(dengwei.text("/extensions"))
    assert f"{said}恢复办理" in page and "街道直接决定" in page and "该写进展了" not in page
    Step.update(at=now() - timedelta(days=31)).where(Step.verb == "plan").execute()
    assert "该写进展了" in words_of(dengwei.text("/extensions"))
    assert press(desk("chenjing"), case, "plan_note", note="配件已发货").status_code == 303
    assert "该写进展了" not in words_of(dengwei.text("/extensions"))
    assert press(desk("chenjing"), case, "resume", note="").status_code == 303
    assert Case.get_by_id(case.id).state == "handling"
    assert plan_note.overdue([Case.get_by_id(case.id)]) == set()


def test_a_mistake_opens_the_form_again_with_what_was_written(desk, hall):
    case, dengwei = handling(hall), desk("dengwei")
    for fields in ({"note": "忙", "until": "2031-01-01"}, {"note": WHY, "until": "后天"}, {"note": WHY}):
        answer = press(dengwei, case, "plan", **fields)
        assert answer.status_code == 422
        assert fields["note"] in answer.text and 'role="alert"' in answer.text
    Case.update(resolve_due=now() - timedelta(seconds=1)).where(Case.id == case.id).execute()
    answer = press(dengwei, case, "extend", note=WHY)
    assert answer.status_code == 409 and "已经过了办结时限，不能再延期" in answer.text
    assert Extension.select().count() == 0


def test_who_sees_the_ledger(desk, hall):
    case = handling(hall)
    press(desk("dengwei"), case, "extend", note=WHY)
    statuses = [desk(who).get("/extensions").status_code for who in ("wangdashan", "chenjing", "dengwei")]
    assert statuses == [403, 200, 200]
    assert WHY not in desk("hefang").text("/extensions")


def test_whom_a_case_is_about_does_not_find_it_there(desk, hall):
    case = handling(hall)
    press(desk("dengwei"), case, "extend", note=WHY)
    Case.update(about=hall.person("chenjing")).where(Case.id == case.id).execute()
    assert WHY not in desk("chenjing").text("/extensions")
    assert "上报 0 件" in words_of(desk("chenjing").text("/extensions"))


def test_the_ledger_asks_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, counts = desk("dengwei"), []
    for number in range(3):
        case = handling(hall, words=f"第 {number} 盏路灯不亮")
        press(browser, case, "extend", note=WHY)
        press(browser, case, "plan", note=WHY, until=str(date.today() + timedelta(days=60)))
        browser.text("/extensions")
        with queries() as asked:
            browser.text("/extensions")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
