"""More time for a case is asked for: the street decides alone, to what the community asks a second person agrees."""

from datetime import datetime

from app.rules import approval, extension, extension_words, letter, rights, wording
from app.rules.actor import Actor
from app.rules.refusal import Conflict
from app.rules.rights import need, needs_second
from models.approval import Approval
from models.base import now
from models.case import Case

ACTIONS = {"extension": "case.extend", "hold": "case.plan"}


def ask(case: Case, *, actor: Actor, kind: str, reason: str, until: datetime | None = None) -> Approval | None:
    """Give a case more time (`kind` extension), or hold it until a day (`hold`), or ask for the second person.

    None when it is done. Whoever could agree is told, for a short limit does not wait until somebody looks. Raises
    Forbidden or NotFound without the right, what app.rules.extension.check and app.rules.approval.do raise, Conflict
    `asked_before` while the same waits for its second person.
    """
    action = ACTIONS[kind]
    need(actor, action, case=case)
    reason = reason.strip()
    then = extension.check(case, kind, reason, until)
    payload = {"case": case.id, "reason": reason, "until": until.isoformat() if until else None}
    if not needs_second(actor, action, case=case):
        approval.DEEDS[action](actor, payload)
        return None
    if waiting(case, kind) is not None:
        raise Conflict("这件事已经在等复核了，不用再提。", "asked_before")
    row = approval.do(
        action, actor=actor, community=case.community, payload=payload, reason=reason, subject=case.key,
        words=extension_words.ask(case, kind, then, reason, now()),
    )  # fmt: skip
    if row is not None:
        _tell_seconds(case, kind, row)
    return row


def offered(case: Case, actor: Actor, kind: str) -> bool:
    """Whether a screen should offer it: it would be taken now, and does not wait for a second person already."""
    if not rights.may(actor, ACTIONS[kind], case=case) or not extension.open_to(case, kind):
        return False
    return not needs_second(actor, ACTIONS[kind], case=case) or waiting(case, kind) is None


def waiting(case: Case, kind: str) -> Approval | None:
    """The request of this kind for a case that waits for its second person."""
    return Approval.get_or_none(
        Approval.action == ACTIONS[kind], Approval.subject == case.key, Approval.state == "asked",
        Approval.expires_at > now(),
    )  # fmt: skip


def pending(case: Case, actor: Actor) -> list[str]:
    """What waits for a second person, a sentence each, for those who may ask for it."""
    able = {action: kind for kind, action in ACTIONS.items() if rights.may(actor, action, case=case)}
    rows = Approval.select().where(
        Approval.subject == case.key, Approval.action.in_(list(able)), Approval.state == "asked",
        Approval.expires_at > now(),
    )  # fmt: skip
    return [extension_words.pending(row.asked_at, able[row.action], now()) for row in rows] if able else []


def _tell_seconds(case: Case, kind: str, row: Approval) -> None:
    barred = approval.concerned_by(row.payload)
    for one in approval.seconds_for(row.action, case.community, row.asked_by):
        if one.id not in barred:
            letter.owe(
                kind="case_reminder", person=one, community=case.community, case=case, urgent=case.hazard,
                event=f"approval:{row.key}",
                content=wording.facts(case) | {
                    "due": (case.resolve_due or now()).isoformat(), "text": extension_words.ask_letter(case, kind),
                    "hint": "请复核",
                },
            )  # fmt: skip
