"""Asking a reporter at the desk, and what waits there: wishes to have it done again, questions without an answer."""

from datetime import datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk, look_at
from app.rules import judgement, question, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from handlers.console import case as room
from models.base import write
from models.case import Case
from models.judgement import Judgement
from models.place import Place
from models.question import Question


@at_desk("case.ask")
def ask(key: str) -> Response | tuple[str, int]:
    """Ask the reporter of a case for more."""
    case = room.find(actor(), key)
    rights.need(actor(), "case.ask", case=case)
    days = request.form.get("days", type=int)
    return _done(case, lambda: question.ask(case, actor=actor(), text=request.form.get("text", ""), days=days))


@at_desk("case.ask")
def withdraw(key: str) -> Response | tuple[str, int]:
    """It need not be answered any more."""
    row = Question.get_or_none(Question.key == key)
    if row is None:
        raise NotFound()
    case = room.find(actor(), row.case.key)
    rights.need(actor(), "case.ask", case=case)
    return _done(case, lambda: question.withdraw(row, actor=actor()))


def _done(case: Case, deed) -> Response | tuple[str, int]:
    look_at(case)  # whatever comes of it, the whole case is shown afterwards
    try:
        with write():
            deed()
    except (Forbidden, NotFound):
        raise
    except Refusal as problem:
        status = 409 if isinstance(problem, Conflict) else 422
        return room.page(room.find(actor(), case.key), problem, "ask", request.form), status
    return redirect(url_for("console.case", key=case.key), 303)


def requests(who: Actor, places: list[Place], moment: datetime, few: int) -> list[tuple[Case, Judgement, bool]] | None:
    """The wishes to do it again that wait for a decision, the oldest first, and whether each is overdue; at most `few`.

    None for somebody who decides nowhere.
    """
    if not rights.may(who, "case.keep"):
        return None
    rows = (
        room.rows(who, places)
        .select_extend(Judgement)
        .join_from(Case, Judgement, on=(Judgement.case == Case.id), attr="judged")
        .where(judgement.requests(), rights.cases_for(who, "case.keep"))
        .order_by(Judgement.at)
        .limit(few)
    )
    return [(case, case.judged, judgement.overdue(case.judged, moment)) for case in rows]


def questions(who: Actor, places: list[Place], few: int) -> list[tuple[Case, Question]]:
    """The questions that wait for a resident, the next to lapse first; at most `few`."""
    rows = (
        room.rows(who, places)
        .select_extend(Question)
        .join_from(Case, Question, on=(Question.case == Case.id), attr="asked")
        .where(question.open_in(places))
        .order_by(Question.due_at)
        .limit(few)
    )
    return [(case, case.asked) for case in rows]
