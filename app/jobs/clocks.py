"""The clocks of a case strike: nobody took it, a hold has ended, a planned matter owes a word on how it stands.

A person may do something to the case in the same moment; then it is looked at anew, and what was done by hand holds.
"""

from collections.abc import Callable

from app.context import Context
from app.rules import escalation, extension, plan_note, reminder
from app.rules.refusal import Conflict
from models.base import write
from models.case import Case
from models.extension import Extension

TIMES = 3


def _change(deed: Callable[[], object]) -> None:
    """Do it, anew when the case moved meanwhile. Raises Conflict when it moves all the time."""
    for left in reversed(range(TIMES)):
        try:
            with write():
                deed()
            return
        except Conflict:
            if not left:
                raise


def silence(context: Context, payload: dict) -> None:
    """The limit for taking a case has passed."""
    planned = {name: payload[name] for name in ("level", "handler", "reopened")}
    _change(lambda: escalation.silence(Case.get_by_id(payload["case"]), **planned))


def remind_check(context: Context, payload: dict) -> None:
    """A share of the time to check has passed."""
    planned = {name: value for name, value in payload.items() if name != "case"}
    with write():
        reminder.remind_check(Case.get_by_id(payload["case"]), **planned)


def resume(context: Context, payload: dict) -> None:
    """The day until which a case was held has come."""
    _change(lambda: extension.resume_due(Extension.get_by_id(payload["hold"])))


def note(context: Context, payload: dict) -> None:
    """A planned case was not written about for some time."""
    _change(lambda: plan_note.remind(Extension.get_by_id(payload["hold"])))
