"""Silence moves a case on: to another worker, then to the community, then to the street.

When the limit for taking a case passes and nobody took it, the task of app.rules.reminder.watch comes here. Each level
has the same limit again; after the street nothing moves any more, and the daily reminders go on. How far silence went
stays with the case (`escalated`), so that a late answer is never counted as one in time. Nobody is sent to a complaint
about oneself, nor to the own anonymous report.
"""

from datetime import datetime

from app.rules import audit, case_letters, crew, escalation_words, letter, reminder, veil, wording
from app.rules.case_move import move
from app.rules.setting import deadlines, setting
from models.base import now
from models.case import Case, Step
from models.person import Person

WORKER, COMMUNITY, STREET = 1, 2, 3


def silence(case: Case, *, level: int, handler: int | None, reopened: int) -> bool:
    """Move a case on if it is still as it was when this was planned: at that level, with that handler (a person's id).

    Returns whether it moved: not when somebody took it, sent somebody else or gave it more time meanwhile, nor where
    the community only wants reminders.
    """
    as_it_was = (case.escalated, case.handler_id, case.reopened) == (level, handler, reopened)
    if not as_it_was or case.state not in reminder.WAITING or level >= STREET:
        return False
    if case.accept_due is None or case.accept_due > now() or not setting(case.community, "escalate"):
        return False
    worker = _another_worker(case) if level < WORKER else None
    admins = _holding(case, "community_admin") if level < COMMUNITY else []
    if worker:
        _hand_on(case, WORKER, [worker])
    elif admins and case.handler not in admins:
        _hand_on(case, COMMUNITY, admins)
    else:
        _to_street(case)
    return True


def _another_worker(case: Case) -> Person | None:
    """The next worker of the grid, else of the community whoever has least to do; nobody who had it and let it lie.

    None for a case that was given back or whose grid has nobody: that is for the community to decide; so is a
    complaint about one of the crew.
    """
    grabbed = setting(case.community, "dispatch_mode") == "grab"
    if case.about_id or (case.handler_id is None and not grabbed):
        return None
    had = Step.select(Step.actor).where(Step.case == case, Step.verb.in_(["return_back", "transfer"]))
    tried = {case.handler_id} | {step.actor_id for step in had}
    near = crew.workers_for(case)
    for people in (near, crew.by_turns(crew.sendable(case))):
        left = [one for one in veil.others_than_behind(case, people) if one.id not in tried]
        if left:
            return left[0]
    return None


def _holding(case: Case, *parts: str) -> list[Person]:
    held = crew.but_parties(crew.holding(list(parts), case.community), case)
    return veil.others_than_behind(case, held)


def _hand_on(case: Case, level: int, people: list[Person]) -> None:
    """The first of these people has it now, the others are told as well: any of them may take it."""
    before, verb = case.handler, "escalate" if case.state == "dispatched" else "dispatch"
    case = move(case, verb, None, escalation_words.STEPS[level], handler=people[0], **_fresh(case, level))
    case_letters.call_off(case, "escalate", before, but=tuple(people))
    for one in people:
        case_letters.task(case, one, now())
    _tell_reporter(case)
    reminder.plan(case, moved=("accept",))


def _to_street(case: Case) -> None:
    """It stays with whoever has it; the street is told and may send somebody."""
    case = move(case, "escalate", None, escalation_words.STEPS[STREET], **_fresh(case, STREET))
    people = _holding(case, "subdistrict_admin") or _holding(case, "district_admin")
    if not people:
        audit.note("case.unheard", actor=None, community=case.community, subject=case.key, result="nobody")
    for one in people:
        letter.owe(
            kind="case_assigned", person=one, community=case.community, case=case, urgent=case.hazard,
            event=f"escalated:{case.id}:{case.version}",
            content=wording.facts(case) | {
                "due": case.accept_due.isoformat(), "text": escalation_words.to_street(case), "hint": "请派单或督办",
            },
        )  # fmt: skip
    _tell_reporter(case)
    reminder.plan(case, moved=("accept",))


def _fresh(case: Case, level: int) -> dict[str, int | datetime]:
    """The level reached, and the time the next one has: the limit of the category again."""
    moment = now()
    due = deadlines(case.category, case.community, moment).get("accept") or case.accept_due
    return {"escalated": level, "accept_due": due}


def _tell_reporter(case: Case) -> None:
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"progress:{case.id}:{case.version}", next_persons=case_letters.family_of(case),
        content=wording.facts(case) | {"text": escalation_words.told(case)},
    )  # fmt: skip
