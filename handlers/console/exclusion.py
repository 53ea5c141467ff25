"""不予考核 at the desk: asked for on the page of a case, agreed to in the room of what waits for a second person."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk, look_at
from app.rules import exclusion_ask, rights
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from handlers.console import case as room
from models.base import write


@at_desk("case.exclude")
def ask(key: str) -> Response | tuple[str, int]:
    """Ask for the case to be left out, or to be counted again."""
    case = room.find(actor(), key)
    rights.need(actor(), "case.exclude", case=case)
    look_at(case)
    note = request.form.get("note", "")
    try:
        with write():
            if request.form.get("back"):
                exclusion_ask.ask_back(case, actor=actor(), note=note)
            else:
                exclusion_ask.ask(case, actor=actor(), reason=request.form.get("reason", ""), note=note)
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return room.page(room.find(actor(), key), refusal, "exclude", request.form), status
    return redirect(url_for("console.case", key=key), 303)
