"""What waits for a decision at the desk: wishes to have it done again, work to check, questions without an answer."""

from datetime import timedelta

from app.rules import dispatch, ending, handling, judgement, setting
from models.base import now, write
from models.case import Case, Photo
from models.judgement import Judgement
from models.lifecycle import DISPOSITIONS
from models.question import Question
from models.setting import Setting
from tests.handlers.console.conftest import report, token_in, words_of
from tests.handlers.console.test_case import press


def done(hall, case, check=()):
    """The case, done by 王大山."""
    Setting.create(community=hall.community(), name="check", value=list(check))
    setting.forget()
    with write():
        case = dispatch.accept(case, actor=hall.actor("wangdashan"))
        Photo.create(uploader=hall.person("wangdashan"), case=case, kind="after", sha256="0" * 64, width=4, height=3)
        return handling.handle(case, actor=hall.actor("wangdashan"), note="换了新井盖")


def test_a_wish_waits_on_the_desk_is_late_after_two_weeks_and_is_answered(desk, hall):
    case = done(hall, report(hall))
    with write():
        judgement.confirm(case, actor=hall.actor("zhanglan"), satisfaction="dissatisfied", answers=["broke_again"],
                          note="盖子又响了")  # fmt: skip
    browser = desk("chenjing")
    page = words_of(browser.text("/"))
    assert "居民请求重办" in page and "盖子又响了" in page and "等决定" in page
    Judgement.update(at=now() - timedelta(days=15)).execute()
    assert "超过 14 天没有决定" in words_of(browser.text("/"))
    page = words_of(browser.text(f"/cases/{case.key}"))
    assert "居民请求重办，超过 14 天没有决定" in page and "又坏了" in page
    assert press(browser, case, "keep", note=" ").status_code == 422
    assert press(browser, case, "keep", note="已复查，没有坏").status_code == 303
    assert "没有等决定的重办请求。" in words_of(browser.text("/"))
    assert "决定不重办：已复查，没有坏" in words_of(browser.text(f"/cases/{case.key}"))


def test_work_to_check_waits_for_other_eyes(desk, hall):
    case = done(hall, report(hall, code="missing_manhole_cover"), check=["p0", "p1"])
    assert "等我核查" in words_of(desk("chenjing").text("/"))
    assert "等我核查" not in words_of(desk("wangdashan").text("/"))
    assert "/pass_check" not in desk("wangdashan").text(f"/cases/{case.key}")
    answer = desk("wangdashan").form(f"/cases/{case.key}/pass_check", page=f"/cases/{case.key}", version="9")
    assert (answer.status_code, Case.get_by_id(case.id).state) == (409, "checking")
    answer = desk("wangdashan").form(
        f"/cases/{case.key}/pass_check", page=f"/cases/{case.key}", version=str(Case.get_by_id(case.id).version)
    )
    assert (answer.status_code, Case.get_by_id(case.id).state) == (403, "checking")
    assert press(desk("chenjing"), case, "pass_check").status_code == 303
    assert Case.get_by_id(case.id).state == "handled"


def test_a_question_is_asked_and_taken_back_at_the_desk(desk, hall):
    case, browser = report(hall), desk("chenjing")
    ask = f"/cases/{case.key}/questions"
    refused = browser.form(ask, page=f"/cases/{case.key}", text="问" * 301)
    assert refused.status_code == 422 and "问题请在 300 字以内" in refused.text
    assert browser.form(ask, page=f"/cases/{case.key}", text="东门还是西门？", days="3").status_code == 303
    assert "等居民回答" in words_of(browser.text("/"))
    page = browser.text(f"/cases/{case.key}")
    assert "已经问了：东门还是西门？" in words_of(page)
    withdraw = f"/questions/{Question.get().key}/withdraw"
    assert browser.bare_form(withdraw, form_token=token_in(page)).status_code == 303
    assert browser.bare_form(withdraw, form_token=token_in(page)).status_code == 409


def test_a_refusal_and_a_hand_over_want_their_reason(desk, hall):
    case, browser = report(hall), desk("chenjing")
    page = words_of(browser.text(f"/cases/{case.key}"))
    assert all(words in page for words in DISPOSITIONS.values())
    answer = press(browser, case, "reject", note="不归社区")
    assert answer.status_code == 422 and "请选择不予受理的原因。" in answer.text and "不归社区" in answer.text
    assert press(browser, case, "hand_over", note="归供电", to="区供电公司").status_code == 303
    assert "转交给 区供电公司" in words_of(browser.text(f"/cases/{case.key}"))
    assert ending.TO_LIMIT == 80
