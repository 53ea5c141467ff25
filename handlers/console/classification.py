"""Saying at the desk what a case is: category, zone and filing condition."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk, look_at
from app.rules import classification, rights
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.words import clean
from handlers.console import case as room
from models.base import write

NOTE = 200


@at_desk("case.read")
def classify(key: str) -> Response | tuple[str, int]:
    """Keep what was said; a refusal opens the form again with the sentence in it."""
    case = room.find(actor(), key)
    rights.need(actor(), "case.classify", case=case)
    look_at(case)  # whatever comes of it, the whole case is shown afterwards
    form = request.form
    wanted = form.get("category", "")[:40]
    # The conditions offered are those of the category the page showed: with another they mean nothing.
    condition = form.get("condition", "")[:20] if wanted == case.category.code else ""
    try:
        if form.get("version", type=int) != case.version:
            raise Conflict("刚才有人先处理了，下面已是最新情况，请看过再决定。")
        with write():
            classification.classify(
                case, actor=actor(), category=wanted, zone=form.get("zone", "")[:24], condition=condition,
                note=clean(form.get("note", ""), NOTE).strip(),
            )  # fmt: skip
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return room.page(room.find(actor(), key), refusal, "class", form), status
    return redirect(url_for("console.case", key=key), 303)
