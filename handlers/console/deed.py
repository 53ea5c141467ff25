"""Pressing a button of a case: which fields each verb takes, and the one rule it calls.

The buttons are models.lifecycle.CASE; a press carries the version its screen showed, so that the second press of a
double click, or a press on a stale screen, moves nothing.
"""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk, look_at
from app.rules import case as cases
from app.rules import crew, dispatch, ending, handling, judgement, rights
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from handlers.console import case as room
from models.base import write
from models.case import Case

NOTE_LIMIT = 500


def _dispatch(case: Case, note: str) -> None:
    wanted = request.form.get("worker", "")
    worker = next((one for one in crew.workers_in(case.community) if one.key == wanted), None)
    if worker is None:
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "必选"})
    dispatch.dispatch(case, actor=actor(), worker=worker, note=note)


def _confirm(case: Case, note: str) -> None:
    judgement.confirm(case, actor=actor(), satisfaction=request.form.get("satisfaction", ""), note=note)


DEEDS: dict[str, Callable[[Case, str], object]] = {
    "dispatch": _dispatch,
    "reject": lambda case, note: ending.reject(case, actor=actor(), note=note),
    "withdraw": lambda case, note: ending.withdraw(case, actor=actor(), note=note),
    "accept": lambda case, note: dispatch.accept(case, actor=actor()),
    "return_back": lambda case, note: dispatch.return_back(case, actor=actor(), note=note),
    "make_safe": lambda case, note: handling.make_safe(case, actor=actor(), note=note),
    "handle": lambda case, note: handling.handle(case, actor=actor(), note=note),
    "confirm": _confirm,
    "reopen": lambda case, note: judgement.reopen(case, actor=actor(), note=note),
    "note": lambda case, note: cases.add_note(case, actor=actor(), note=note),
}


@at_desk("case.read")
def press(key: str, verb: str) -> Response | tuple[str, int]:
    """Do it; a refusal opens the form again with the sentence beside its field."""
    if verb not in DEEDS:
        raise NotFound()
    case = room.find(actor(), key)
    rights.need(actor(), f"case.{verb}", case=case)
    look_at(case)  # whatever comes of it, the whole case is shown afterwards
    try:
        note = _note()
        if verb != "note" and request.form.get("version", type=int) != case.version:
            raise Conflict("刚才有人先处理了，下面已是最新情况，请看过再决定。")
        with write():
            DEEDS[verb](case, note)
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return room.page(room.find(actor(), key), refusal, verb, request.form), status
    return redirect(url_for("console.case", key=key), 303)


def _note() -> str:
    note = request.form.get("note", "").strip()
    if len(note) > NOTE_LIMIT:
        raise Refusal("note_too_long", f"说明请在 {NOTE_LIMIT} 字以内。", {"note": "太长"})
    return note
