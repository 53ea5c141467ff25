"""Endings other than by work done: not taken, taken back."""

from app.rules import case_letters
from app.rules.actor import Actor
from app.rules.case_move import move, need_note
from models.base import now
from models.case import Case


def reject(case: Case, *, actor: Actor, note: str) -> Case:
    """An admin does not take the case, with a reason the resident gets to read."""
    need_note(note, "请写明不予受理的原因，居民会看到。")
    case = move(case, "reject", actor, note, closed_at=now())
    case_letters.call_off(case, "reject", case.handler, but=(actor.person,))
    case_letters.progress(case, "reject", note)
    return case


def withdraw(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The reporter takes the report back; the worker already sent is told."""
    case = move(case, "withdraw", actor, note, closed_at=now())
    case_letters.call_off(case, "withdraw", case.handler, but=(actor.person,))
    return case
