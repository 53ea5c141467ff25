"""Who is concerned by a case: the unit asked to act, the unit complained about, and what that party is told."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import party
from app.rules.refusal import Forbidden, NotFound, Refusal
from handlers.console import case as room
from models.base import write
from models.case import Case
from models.person import Person
from models.unit import Unit

NOTE_LIMIT = 500


@at_desk("case.involve")
def involve(key: str) -> Response | tuple[str, int]:
    """Say which unit acts and which one is complained about; an empty choice is none."""
    case = room.find(actor(), key)
    return _done(case, "involve", lambda: party.involve(
        case, actor=actor(), unit=_unit(case, "unit"), about_unit=_unit(case, "about_unit"),
        about=_colleague(case),
    ))  # fmt: skip


@at_desk("case.involve")
def tell(key: str) -> Response | tuple[str, int]:
    """Tell the party complained about, in the community's words."""
    case = room.find(actor(), key)
    note = request.form.get("note", "").strip()[:NOTE_LIMIT]
    return _done(case, "tell_party", lambda: party.tell_party(case, actor=actor(), note=note))


def _unit(case: Case, field: str) -> Unit | None:
    key = request.form.get(field, "")
    found = Unit.get_or_none(Unit.key == key, Unit.community == case.community) if key else None
    if key and found is None:
        raise Refusal("unit_unknown", "请从本社区的单位里选。", {field: "不在列表里"})
    return found


def _colleague(case: Case) -> Person | None:
    key = request.form.get("about", "")
    choices = party.accusable(case, actor())
    found = next((one for one in choices if one.key == key), None)
    if not key and case.about_id and case.about not in choices:
        return case.about  # somebody above, who is not in the list and stays
    if key and found is None:
        raise Refusal("person_unknown", "请从本社区在岗的同志里选。", {"about": "不在列表里"})
    return found


def _done(case: Case, verb: str, deed) -> Response | tuple[str, int]:
    try:
        with write():
            deed()
    except (Forbidden, NotFound):
        raise
    except Refusal as problem:
        return room.page(room.find(actor(), case.key), problem, verb, request.form), 422
    return redirect(url_for("console.case", key=case.key), 303)
