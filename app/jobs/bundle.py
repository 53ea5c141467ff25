"""What many have reported or follow is done in pieces: the rest of the letters and of a bundle, and a look at it."""

from app.context import Context
from app.rules import bundle, follow, merge
from app.rules.actor import actor_of
from app.rules.refusal import Refusal
from models.base import now, write
from models.case import Case
from models.person import Person
from models.task import Task


def look(context: Context, payload: dict) -> None:
    """Is what was kept with a case still waiting for somebody to decide?"""
    with write():
        bundle.look(Case.get_by_id(payload["case"]), now())


def tell(context: Context, payload: dict) -> None:
    """The next followers of a case are owed their letter; after them, the next."""
    with write():
        case = Case.get_by_id(payload["case"])
        last = follow.tell_on(case, payload["verb"], payload["version"], payload["after"])
        if last:
            _again("follow", f"{case.id}:{payload['version']}:{last}", payload | {"after": last})


def merge_rest(context: Context, payload: dict) -> None:
    """The next of a bundle that somebody merged; it ends where that person may not go on, or the main one is over."""
    with write():
        main, actor = Case.get_by_id(payload["case"]), actor_of(Person.get_by_id(payload["person"]))
        try:
            merged, left = merge.merge_bundle(main, actor=actor)
        except Refusal:
            return
        if left:
            _again("merge_rest", f"{main.id}:{payload['round'] + 1}", payload | {"round": payload["round"] + 1})


def _again(kind: str, key: str, payload: dict) -> None:
    Task.insert(key=f"{kind}:{key}", kind=kind, payload=payload).on_conflict_ignore().execute()
