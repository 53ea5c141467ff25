"""Alerts at the desk: what those who answer for a place must look at, and who looked."""

import peewee

from app.rules import audit, letter
from app.rules.actor import Actor
from app.rules.crew import answering_for
from app.rules.refusal import Conflict, NotFound, Refusal
from app.rules.rights import need, not_about
from models.alert import Alert
from models.base import now
from models.case import Case
from models.glass import Glass
from models.person import Person
from models.place import Place


def give(
    kind: str,
    *,
    place: Place,
    words: str,
    person: Person | None = None,
    subject: str = "",
    case: Case | None = None,
) -> Alert:
    """Put an alert on the desk of a place and owe a word of it to those who answer there, but to `person`, its cause.

    `words` (at most 300 characters) say what happened and what to look at, without names of residents and without
    what somebody wrote. An alert of a case has its key as `subject`: whom the case is about learns nothing of it.
    """
    subject = case.key if case else subject
    alert = Alert.create(place=place, kind=kind, words=words[:300], person=person, subject=subject)
    for one in answering_for(place, case):
        if one != person:
            letter.owe(
                kind="alert", person=one, community=place, case=case, event=f"alert:{alert.id}", urgent=True,
                content={"what": "安全提醒", "at": alert.at.isoformat(), "text": f"【安全提醒】{alert.words}"},
            )  # fmt: skip
    return alert


def readable(actor: Actor) -> peewee.Expression:
    """The condition on Alert that it is of no complaint about the actor.

    The subject is the key of a case or of a broken glass, or of neither.
    """
    hidden = Case.select(Case.key).where(~not_about(actor))
    glasses = Glass.select(Glass.key).join(Case).where(~not_about(actor))
    return Alert.subject.not_in(hidden) & Alert.subject.not_in(glasses)


def see(alert: Alert, *, actor: Actor) -> None:
    """Somebody looked at it.

    Raises Refusal `own_alert` for who gave rise to it, NotFound for whom its case is about, Conflict when it was seen
    before.
    """
    need(actor, "alert.read", community=alert.place)
    if not Alert.select().where(Alert.id == alert.id, readable(actor)).exists():
        raise NotFound()
    if alert.person_id == actor.person.id:
        raise Refusal("own_alert", "这条提醒与您本人有关，请由另一位同志核实。")
    seen = Alert.update(seen_by=actor.person, seen_at=now()).where(Alert.id == alert.id, Alert.seen_at.is_null())
    if not seen.execute():
        raise Conflict("这条提醒已经有人核实过了。")
    audit.note("alert.see", actor=actor, community=alert.place, subject=alert.key, kind=alert.kind)
