"""How a case was judged and what its reporter was asked, for the page of the case and its forms."""

from datetime import datetime

from app.rules import judgement, question, rights, unit
from app.rules.actor import Actor
from models.case import Case
from models.judgement import Judgement


def of_case(case: Case, who: Actor, verbs: list[str], moment: datetime) -> dict:
    """What the page of a case shows of this: judgements, questions, and what the forms offer."""
    known = judgement.answers_of(case.community)
    rows = list(Judgement.select().where(Judgement.case == case).order_by(Judgement.round))
    asked = question.of_case(case)
    open_ones = [row for row in asked if row.state == "open"]
    return {
        "judgements": [(row, [known[code][0] for code in row.answers if code in known]) for row in rows],
        "request": next((row for row in rows if judgement.waits(row) and case.state == "closed"), None),
        "request_late": any(judgement.overdue(row, moment) for row in rows), "answers": known if verbs else {},
        "questions": asked, "waits_for": open_ones[0] if open_ones else None,
        "may_ask": case.state in question.IN_WORK and rights.may(who, "case.ask", case=case),
        "own_praise": bool(rows) and judgement.self_praise(case),
        "takers": [one for one in unit.units_of(case.community) if one.id != case.about_unit_id]
        if "hand_over" in verbs else [],
    }  # fmt: skip
