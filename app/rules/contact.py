"""First human contact: somebody on duty spoke to the reporter, on the phone, at the door or in the chat (domain §3.4).

An answer of a human in the chat counts by itself (app.rules.case.note_contact); what was said elsewhere is said here.
"""

from app.rules import rights, veil
from app.rules.actor import Actor
from app.rules.case_move import amend
from app.rules.refusal import Conflict
from app.rules.reminder import RUNNING
from models.base import now
from models.case import Case
from models.lifecycle import CASE_STATES

#: In which states somebody still owes the reporter a word.
OWED_IN = (*RUNNING, "checking", "planned")


def open_to(case: Case) -> bool:
    """Whether nobody has spoken to the reporter yet and somebody should."""
    return case.contacted_at is None and case.state in OWED_IN


def contact(case: Case, *, actor: Actor, note: str = "") -> Case:
    """Somebody on duty has spoken to the reporter, and what was said. Once: the first time counts.

    Raises Forbidden or NotFound without the right, Conflict `contacted_before` or `state_forbids`, Refusal `own_case`
    to the anonymous reporter.
    """
    rights.need(actor, "case.contact", case=case)
    veil.need_other(case, actor)
    if case.state not in OWED_IN:
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不用再记联系居民。", "state_forbids")
    if case.contacted_at is not None:
        raise Conflict(f"#{case.number} 已经记过联系居民了。", "contacted_before")
    amend(case, "contact", actor, note, contacted_at=now())
    return case
