"""Asking the reporter for more, answering, and taking a question back."""

from functools import partial

from pydantic import Field

from app.context import here
from app.guard import actor, look_at, signed_in
from app.rules import question, rights
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.case import visible_case
from handlers.api.case_shapes import CaseOut, whole
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once
from models.case import Case
from models.question import Question


class QuestionIn(Body):
    text: str = Field(min_length=1, max_length=question.TEXT_LIMIT, description="The reporter reads it as it is.")
    days: int | None = Field(
        default=None, ge=1, le=question.MOST_DAYS, description="Days to answer; null: as the community has set."
    )


class AnswerIn(Body):
    text: str = Field(default="", max_length=2000, description="May be empty when there are photos.")
    photos: list[Key] = Field(default=[], max_length=9)


@api.post("/cases/<key>/questions")
@named("askReporter")
@signed_in("case.visit")
@api.input(Once, location="headers", arg_name="once")
@api.input(QuestionIn, arg_name="body")
@api.output(CaseOut, 201)
def ask_reporter(key: str, once: Once, body: QuestionIn):
    """Ask the reporter for more (staff of the case); 409 while another question waits

    No clock stops. Unanswered it lapses by itself and the case goes on as it is.
    """
    look = partial(_look, key, "case.ask")
    return answer_once(once, body, lambda: _ask(visible_case(key), body), 201, limit=look)


def _ask(case: Case, body: QuestionIn) -> CaseOut:
    question.ask(case, actor=actor(), text=body.text, days=body.days)
    return whole(Case.get_by_id(case.id), actor())


@api.post("/questions/<key>/answer")
@named("answerQuestion")
@signed_in("case.answer")
@api.input(Once, location="headers", arg_name="once")
@api.input(AnswerIn, arg_name="body")
@api.output(CaseOut)
def answer_question(key: str, once: Once, body: AnswerIn):
    """The reporter answers, in words or with photos; 409 when it is over"""
    return answer_once(once, body, lambda: _answer(key, body), limit=partial(_count, key, body))


def _count(key: str, body: AnswerIn) -> None:
    case = _question(key).case
    rights.need(actor(), "case.answer", case=case)
    look_at(case)  # the answer shows the whole case
    often("lines", case.community, body.text)


def _answer(key: str, body: AnswerIn) -> CaseOut:
    row = _question(key)
    per_case = here().settings.photos.per_case
    question.answer(row, actor=actor(), text=body.text, photos=body.photos, per_case=per_case)
    return whole(Case.get_by_id(row.case_id), actor())


@api.post("/questions/<key>/withdraw")
@named("withdrawQuestion")
@signed_in("case.ask")
@api.input(Once, location="headers", arg_name="once")
@api.output(CaseOut)
def withdraw_question(key: str, once: Once):
    """It need not be answered any more; the reporter is told"""
    return answer_once(once, b"", lambda: _withdraw(key), limit=partial(_look_at_asked, key))


def _look_at_asked(key: str) -> None:
    case = _question(key).case
    if rights.may(actor(), "case.ask", case=case):
        look_at(case)


def _withdraw(key: str) -> CaseOut:
    row = question.withdraw(_question(key), actor=actor())
    return whole(Case.get_by_id(row.case_id), actor())


def _look(key: str, action: str) -> None:
    case = visible_case(key)
    if rights.may(actor(), action, case=case):
        look_at(case)


def _question(key: str) -> Question:
    """The question of a case this person may read. Raises NotFound."""
    row = the(Question, key)
    if not rights.may(actor(), "case.read", case=row.case):
        raise NotFound()
    return row
