"""What may be the same: the press that merges or takes apart (handlers/console/alike.py shows what to choose from)."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk, look_at
from app.rules import bundle, merge, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from handlers.console import case as room
from models.base import now, write
from models.case import Case
from models.task import Task


@at_desk("case.merge")
def press(key: str) -> Response | tuple[str, int]:
    """Merge this one into the one chosen, merge those ticked into it, or all that is probably the same."""
    case = room.find(actor(), key)
    rights.need(actor(), "case.merge", case=case)
    look_at(case)
    try:
        with write():
            _do(Case.get_by_id(case.id), request.form.get("what", ""))
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return room.page(room.find(actor(), key), refusal, "same", request.form), status
    return redirect(url_for("console.case", key=key), 303)


def _do(case: Case, what: str) -> None:
    who = actor()
    if what == "bundle":
        _, left = merge.merge_bundle(case, actor=who)
        if left:
            Task.insert(
                key=f"merge_rest:{case.id}:{now():%Y%m%dT%H%M%S%f}", kind="merge_rest",
                payload={"case": case.id, "person": who.person.id, "round": 0},
            ).execute()  # fmt: skip
    elif what == "apart":
        bundle.apart(case, actor=who)
    elif what == "into":
        merge.merge(case, actor=who, into=merge.named(request.form.get("into", "")[:16], case, actor=who))
    elif what == "these":
        _merge_these(case, who)
    else:
        raise NotFound()


def _merge_these(case: Case, who: Actor) -> None:
    """What was ticked, into this one. Raises Refusal `into_missing` when nothing was."""
    keys = request.form.getlist("same")[: merge.MOST]
    if not keys:
        raise Refusal("into_missing", "请先勾选要合并过来的事项。", {"same": "请勾选"})
    for one in keys:
        other = merge.named(one[:16], case, actor=who)
        if other is None:
            raise NotFound()
        rights.need(who, "case.merge", case=other)
        merge.merge(other, actor=who, into=Case.get_by_id(case.id))
