"""Who goes: a case is sent to a worker, taken, given back."""

from datetime import datetime

from app.rules import case_letters, crew, reminder, veil
from app.rules.actor import Actor
from app.rules.case_move import move, need_note
from app.rules.refusal import Refusal
from models.base import now
from models.case import Case
from models.person import Person


def send_out(case: Case, moment: datetime, first: tuple[Person, ...] = ()) -> Case:
    """Dispatch a case that nobody has: to `first`, else to the first worker of its grid, else the admins are told."""
    workers = veil.others_than_behind(case, [*first, *crew.workers_for(case)])
    if workers:
        case = move(case, "dispatch", None, handler=workers[0])
        case_letters.task(case, workers[0], moment)
    else:
        case_letters.undispatched(case)
    reminder.plan(case)
    return case


def dispatch(case: Case, *, actor: Actor, worker: Person, note: str = "") -> Case:
    """An admin hands the case to a worker of the community. Raises Refusal `not_a_worker` or `complained_about`."""
    if worker.id in crew.parties_of(case):
        raise Refusal("complained_about", "居民反映的就是这位同志，请另选一位处理。", {"worker": "请另选一位"})
    if worker not in crew.workers_in(case.community):
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})
    before = case.handler
    case = move(case, "dispatch", actor, note, handler=worker, accepted_at=None)
    case_letters.call_off(case, "dispatch", before, but=(worker, actor.person))
    case_letters.task(case, worker, now())
    case_letters.progress(case, "dispatch")
    return case


def accept(case: Case, *, actor: Actor) -> Case:
    """The worker takes the case; it is now the worker's own. Raises Refusal `own_case` to its anonymous reporter."""
    veil.need_other(case, actor)
    before = case.handler
    case = move(case, "accept", actor, handler=actor.person, accepted_at=now())
    case_letters.call_off(case, "accept", before, but=(actor.person,))
    case_letters.progress(case, "accept")
    return case


def return_back(case: Case, *, actor: Actor, note: str) -> Case:
    """The worker gives the case back with a reason; the admins are told. Nothing that was done is erased."""
    need_note(note, "请写明退回的原因。")
    case = move(case, "return_back", actor, note, handler=None)
    case_letters.undispatched(case)
    case_letters.progress(case, "return_back")
    return case
