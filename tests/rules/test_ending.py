"""Endings that are honest: why it was not taken, whose it is now, and never "solved"."""

import pytest

from app.rules.ending_words import INSTEAD
from app.rules.refusal import Refusal
from models.audit import Audit
from models.base import database
from models.case import Case
from models.follow import Follow
from models.letter import Letter
from models.lifecycle import DISPOSITIONS
from models.unit import Unit
from tests.rules.cases import case_in, do, newest, report


def told(case, who):
    """The last progress letter to somebody about a case."""
    mine = Letter.select().where(Letter.case == case, Letter.kind == "case_progress", Letter.person == who)
    return mine.order_by(Letter.id.desc()).get().content["text"]


def test_every_reason_says_what_to_do_instead():
    assert set(INSTEAD) == set(DISPOSITIONS)
    assert "12348" in INSTEAD["legal_channel"] and "110" in INSTEAD["emergency_line"]


@pytest.mark.parametrize(
    ("disposition", "words"),
    [("legal_channel", "应走诉讼、仲裁、信访等法定渠道"), ("emergency_line", "已请拨打 110、119、120、122")],
)
def test_a_refusal_gives_its_reason_and_what_to_do_instead(town, disposition, words):
    case = report(town)
    case = do(town, case, "reject", "chenjing", note="法院已经立案", disposition=disposition)
    assert (case.state, case.disposition, case.solved) == ("rejected", disposition, None)
    text = told(case, town.person("zhanglan"))
    assert words in text and "法院已经立案" in text and INSTEAD[disposition] in text


@pytest.mark.parametrize(
    ("verb", "said", "code"),
    [
        ("reject", {"disposition": ""}, "disposition_unknown"), ("reject", {"disposition": "solved"},
                                                                 "disposition_unknown"),
        ("reject", {"note": " "}, "note_missing"), ("hand_over", {"note": ""}, "note_missing"),
        ("hand_over", {"to": " "}, "to_missing"), ("hand_over", {"to": "局" * 81}, "to_too_long"),
    ],
)  # fmt: skip
def test_an_ending_without_its_reason_is_refused(sqlite_town, verb, said, code):
    case = report(sqlite_town)
    with pytest.raises(Refusal) as refused:
        do(sqlite_town, case, verb, "chenjing", **said)
    assert refused.value.code == code
    assert Case.get_by_id(case.id).state == "dispatched"


def test_what_is_not_ours_goes_to_a_unit_and_comes_back(town):
    """市政养护所 does not take it: 张兰 says so, and the community goes on."""
    unit = Unit.get(Unit.community == town.community(), Unit.name == "市政养护所")
    case = report(town)
    Follow.create(case=case, person=town.person("sunmei"))
    case = do(town, case, "hand_over", "chenjing", to=unit.key, note="主路的井盖归市政管")
    assert (case.state, case.handed_to, case.solved) == ("handed_over", "市政养护所", None) and case.closed_at
    text = told(case, town.person("zhanglan"))
    assert "已转交市政养护所" in text and "“#1001 没解决”" in text
    assert "已转交市政养护所" in told(case, town.person("sunmei"))
    back = do(town, case, "reopen", "zhanglan", note="市政说不归他们")
    assert (back.state, back.handed_to, back.closed_at, back.reopened) == ("dispatched", "", None, 1)
    assert back.handler == town.person("wangdashan")


def test_somebody_else_is_named_in_words(sqlite_town):
    case = do(sqlite_town, report(sqlite_town), "hand_over", "dengwei", to="区供电公司\u202e", note="电表归供电")
    assert case.handed_to == "区供电公司"
    assert newest(Audit, 1)[0].action == "case.hand_over"


def test_the_unit_complained_about_is_never_handed_the_matter(sqlite_town):
    unit = Unit.get(Unit.community == sqlite_town.community(), Unit.name == "安居物业")
    case = report(sqlite_town)
    Case.update(about_unit=unit).where(Case.id == case.id).execute()
    for to in (unit.key, "安居物业"):
        with pytest.raises(Refusal) as refused, database.atomic():
            do(sqlite_town, case, "hand_over", "chenjing", to=to, note="归物业")
        assert refused.value.code == "complained_about"


def test_a_refusal_is_taken_back_by_staff_only(sqlite_town):
    case = case_in(sqlite_town, "rejected")
    with pytest.raises(Refusal):
        do(sqlite_town, case, "reopen", "zhanglan", note="请再看看")
    again = do(sqlite_town, case, "reopen", "chenjing", note="现场又看了，确实有")
    assert (again.state, again.disposition) == ("dispatched", "")
    task = Letter.select().where(Letter.kind == "case_assigned", Letter.case == case).order_by(Letter.id.desc()).get()
    assert task.content["text"].endswith("这是重办，还没解决的是：现场又看了，确实有")
