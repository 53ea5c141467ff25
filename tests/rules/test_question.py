"""The community asks the reporter for more: one question, some days, an answer; nothing waits for it."""

from datetime import timedelta

import pytest

from app.jobs import waiting
from app.rules import question
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import database, now, write
from models.case import Case, Photo, Step
from models.conversation import Line
from models.letter import Letter
from models.question import Question
from models.task import Task
from tests.rules.cases import case_in, do, report


def ask(town, case, who="chenjing", text="是东门还是西门？", **more):
    with write():
        return question.ask(Case.get_by_id(case.id), actor=town.actor(who), text=text, **more)


def answer(town, row, who="zhanglan", text="东门", **more):
    with write():
        return question.answer(Question.get_by_id(row.id), actor=town.actor(who), text=text, **more)


def letters(town, who, kind):
    mine = Letter.select().where(Letter.person == town.person(who), Letter.kind == kind).order_by(Letter.id)
    return [row.content["text"] for row in mine]


def test_a_question_is_asked_and_its_answer_comes_back_to_the_case(town):
    case = case_in(town, "handling")
    dues = (case.accept_due, case.safe_due, case.resolve_due, case.state, case.version)
    row = ask(town, case)
    assert timedelta(days=4) < row.due_at - now() <= timedelta(days=5)
    (said,) = [text for text in letters(town, "zhanglan", "case_progress") if "是东门还是西门？" in text]
    assert "#1001" in said and "直接回复" in said
    assert Line.get(Line.text == "是东门还是西门？").author == "community"
    row = answer(town, row, text="东门，靠超市那边")
    assert (row.state, row.answer, row.answered_at is None) == ("answered", "东门，靠超市那边", False)
    step = Step.get(Step.verb == "answer")
    assert (step.note, step.actor_role, step.actor.name) == ("东门，靠超市那边", "reporter", "张兰")
    for who in ("chenjing", "wangdashan"):
        assert "东门，靠超市那边" in letters(town, who, "case_reminder")[-1]
    # It stopped no clock and moved nothing.
    case = Case.get_by_id(case.id)
    assert (case.accept_due, case.safe_due, case.resolve_due, case.state, case.version) == dues


def test_a_photo_alone_is_an_answer(sqlite_town):
    case = case_in(sqlite_town, "handling")
    photo = Photo.create(uploader=sqlite_town.person("zhanglan"), sha256="0" * 64, width=4, height=3)
    row = answer(sqlite_town, ask(sqlite_town, case), text="", photos=[photo.key])
    assert row.answer == question.PICTURE
    assert (Photo.get_by_id(photo.id).case, Photo.get_by_id(photo.id).kind) == (case, "report")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": " "}, "text_missing"), ({"text": "问" * 301}, "text_too_long"), ({"days": 0}, "days_out_of_range"),
        ({"days": 31}, "days_out_of_range"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked(sqlite_town, said, code):
    with pytest.raises(Refusal) as refused:
        ask(sqlite_town, case_in(sqlite_town, "handling"), **said)
    assert refused.value.code == code


def test_one_question_at_a_time(sqlite_town):
    case = case_in(sqlite_town, "handling")
    row = ask(sqlite_town, case)
    with pytest.raises(Conflict) as refused:
        ask(sqlite_town, case, who="wangdashan", text="几号楼？")
    assert refused.value.code == "question_open"
    with write():
        question.withdraw(row, actor=sqlite_town.actor("wangdashan"))
    assert "不用回答了" in letters(sqlite_town, "zhanglan", "case_progress")[-1]
    assert ask(sqlite_town, case, who="wangdashan", text="几号楼？").state == "open"


@pytest.mark.parametrize("state", ["handled", "closed", "rejected", "withdrawn", "handed_over"])
def test_what_is_over_is_not_asked_about(sqlite_town, state):
    with pytest.raises(Conflict):
        ask(sqlite_town, case_in(sqlite_town, state))


@pytest.mark.parametrize(
    ("who", "refusal"), [("zhanglan", Forbidden), ("sunmei", NotFound), ("hefang", NotFound), ("dengwei", Forbidden)]
)
def test_who_may_not_ask(sqlite_town, who, refusal):
    with pytest.raises(refusal):
        ask(sqlite_town, case_in(sqlite_town, "handling"), who=who)


@pytest.mark.parametrize("who", ["sunmei", "wangdashan", "chenjing", "hefang"])
def test_only_the_reporter_answers(sqlite_town, who):
    row = ask(sqlite_town, case_in(sqlite_town, "handling"))
    with pytest.raises(NotFound), database.atomic():
        answer(sqlite_town, row, who=who)
    assert Question.get().state == "open"


def test_unanswered_it_lapses_by_itself_and_the_case_goes_on(town):
    case = case_in(town, "handling")
    row = ask(town, case, days=1)
    task = Task.get(Task.kind == "question")
    assert task.run_at == Question.get_by_id(row.id).due_at
    waiting.question_over(None, task.payload)
    assert Question.get().state == "lapsed"
    assert "没有等到居民的回答" in letters(town, "chenjing", "case_reminder")[-1]
    assert Audit.select().where(Audit.action == "question.lapse").count() == 1
    with pytest.raises(Conflict) as refused, database.atomic():
        answer(town, row)
    assert refused.value.code == "question_over"
    assert Case.get_by_id(case.id).state == "handling"
    waiting.question_over(None, task.payload)  # nothing happens twice


def test_an_answer_to_what_is_done_already_says_so(sqlite_town):
    case = case_in(sqlite_town, "handling")
    row = ask(sqlite_town, case)
    do(sqlite_town, case, "handle", "wangdashan")
    with pytest.raises(Conflict) as refused:
        answer(sqlite_town, row)
    assert refused.value.code == "question_over"


def test_two_answers_at_once_and_one_counts(sqlite_town):
    row = ask(sqlite_town, report(sqlite_town))
    stale = Question.get_by_id(row.id)
    answer(sqlite_town, row)
    with pytest.raises(Conflict), database.atomic():
        question.answer(stale, actor=sqlite_town.actor("zhanglan"), text="西门")
    assert Question.get().answer == "东门"
