"""What nobody said in time: a check that nobody made, a question that nobody answered."""

from app.context import Context
from app.rules import handling, question
from models.base import write
from models.case import Case
from models.question import Question


def skip_check(context: Context, payload: dict) -> None:
    """The time for the check has passed: the resident is asked all the same."""
    with write():
        case = Case.get_by_id(payload["case"])
        if handling.waits_for_check(case, payload["reworked"], payload["reopened"]):
            handling.skip_check(case)


def question_over(context: Context, payload: dict) -> None:
    """The days to answer a question have passed."""
    with write():
        question.lapse(Question.get_by_id(payload["question"]))
