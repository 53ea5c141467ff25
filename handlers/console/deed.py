"""Pressing a button of a case: which fields each verb takes, and the one rule it calls.

The buttons are models.lifecycle.CASE; a press carries the version its screen showed, so that the second press of a
double click, or a press on a stale screen, moves nothing.
"""

from datetime import date, datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.context import here
from app.guard import actor, at_desk, look_at
from app.rules import case as cases
from app.rules import clock, deed, merge, rights
from app.rules.deed import DEEDS, Said
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from handlers.console import case as room
from models.base import write
from models.case import Case
from models.judgement import ASPECTS
from models.person import Person

NOTE_LIMIT = 500


def _said(case: Case, verb: str) -> Said:
    """What the form says."""
    into = request.form.get("into", "")[:16] if verb == "merge" else ""
    wanted = request.form.get("worker", "")
    return Said(
        note=_note(), satisfaction=request.form.get("satisfaction", ""),
        disposition=request.form.get("disposition", ""), to=request.form.get("to_unit") or request.form.get("to", ""),
        answers=tuple(request.form.getlist("answers")),
        aspects={code: how for code in ASPECTS if (how := request.form.get(f"aspect-{code}"))},
        worker=Person.get_or_none(Person.key == wanted) if wanted else None, until=_until(),
        into=merge.named(into, case, actor=actor()),
    )  # fmt: skip


@at_desk("case.read")
def press(key: str, verb: str) -> Response | tuple[str, int]:
    """Do it; a refusal opens the form again with the sentence beside its field."""
    if verb not in (*DEEDS, "note"):
        raise NotFound()
    case = room.find(actor(), key)
    rights.need(actor(), f"case.{verb}", case=case)
    look_at(case)  # whatever comes of it, the whole case is shown afterwards
    try:
        said = _said(case, verb)
        if verb != "note" and request.form.get("version", type=int) != case.version:
            raise Conflict("刚才有人先处理了，下面已是最新情况，请看过再决定。")
        with write():
            if verb == "note":
                cases.add_note(case, actor=actor(), note=said.note)
            else:
                deed.do(case, verb, actor=actor(), said=said, per_case=here().settings.photos.per_case)
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return room.page(room.find(actor(), key), refusal, verb, request.form), status
    return redirect(url_for("console.case", key=key), 303)


def _until() -> datetime | None:
    """The beginning of the day chosen; None for none, or for what is no day."""
    try:
        return clock.beginning(date.fromisoformat(request.form.get("until", "")))
    except ValueError:
        return None


def _note() -> str:
    note = request.form.get("note", "").strip()
    if len(note) > NOTE_LIMIT:
        raise Refusal("note_too_long", f"说明请在 {NOTE_LIMIT} 字以内。", {"note": "太长"})
    return note
