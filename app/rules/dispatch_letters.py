"""Letters of sending out: an offer to a whole grid, who was quicker, and a case that passes to a colleague."""

from datetime import datetime

from app.rules import audit, case_letters, crew, letter, wording
from app.rules.case_move import add_step
from models.base import now
from models.case import Case
from models.letter import Letter
from models.person import Person

#: How the event of an offer begins; who was owed one is told when somebody else has the case.
OFFER = "offer"


def offer(case: Case, workers: list[Person], moment: datetime, note: str = "") -> None:
    """The task, to everybody who may take it: whoever is quickest has it. `note` says by which rule, if by one."""
    limit = case.safe_due if case.hazard and case.safe_due else case.resolve_due
    add_step(case, "offer", case.state, case.state, None, "system", note)
    audit.note(
        "case.offer", actor=None, community=case.community, subject=case.key, workers=[one.key for one in workers]
    )
    for worker in workers:
        letter.owe(
            kind="case_assigned", person=worker, community=case.community, case=case, urgent=case.hazard,
            event=f"{OFFER}:{case.id}:{case.version}",
            content=wording.facts(case) | {
                "due": limit.isoformat() if limit else "", "text": f"{wording.task(case, moment)}\n谁先接谁办。",
                "hint": "谁先接谁办，请尽快接单",
            },
        )  # fmt: skip


def offered(case: Case) -> list[Person]:
    """Who was offered a case, each once: one query."""
    owed = Letter.select(Letter.person).where(Letter.case == case, Letter.event.startswith(f"{OFFER}:{case.id}:"))
    return list(Person.select().where(Person.id.in_(owed)).order_by(Person.id))


def taken(case: Case, worker: Person, *, but: tuple[Person, ...] = ()) -> None:
    """Who has the case now, to the others to whom it was offered."""
    for one in offered(case):
        if one not in (worker, *but):
            _say(case, one, "taken", f"#{case.number} {worker.name}已接单，您不用去了。")


def taken_over(case: Case, worker: Person, *, but: tuple[Person, ...] = ()) -> None:
    """Who was sent, to the others to whom the case was offered before: nobody was quick enough."""
    for one in offered(case):
        if one not in (worker, *but):
            _say(case, one, "taken", f"#{case.number} 已派给{worker.name}，您不用接了。")


def passed_on(case: Case, giver: Person, receiver: Person, note: str, moment: datetime) -> None:
    """The task, to the colleague who gets it, with the reason; and a word that it is done to who gave it."""
    case_letters.call_off(case, "transfer", None, but=())
    case_letters.task(case, receiver, moment)
    _say(case, receiver, "passed", f"#{case.number} {giver.name}把这件事转给了您。说明：{note}")
    _say(case, giver, "passed", f"#{case.number} 已转给{receiver.name}，您不用去了。")


def new_hands(case: Case) -> None:
    """To the reporter of a case that had been accepted: another worker goes on with it."""
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"progress:{case.id}:{case.version}", next_persons=(case.filed_by,) if case.filed_by_id else (),
        content=wording.facts(case) | {"text": f"#{case.number} 已转给另一位网格员，接着为您处理。"},
    )  # fmt: skip


def _say(case: Case, person: Person, what: str, text: str) -> None:
    """A word to a colleague who is still on duty there."""
    if not crew.on_duty(person, case.community):
        return
    letter.owe(
        kind="case_reminder", person=person, community=case.community, case=case, urgent=case.hazard,
        event=f"{what}:{case.id}:{case.version}",
        content=wording.facts(case) | {"due": now().isoformat(), "text": text},
    )  # fmt: skip
