"""Write down who did what, was refused what, and read what. Called inside the transaction of the deed itself."""

from collections.abc import Iterable
from datetime import timedelta

from app.rules.actor import Actor
from models.audit import Audit
from models.base import now
from models.event import Event
from models.person import Person
from models.place import Place

HOUR = timedelta(hours=1)
#: Rows in one statement.
MANY = 1000


def note(
    action: str,
    *,
    actor: Actor | None,
    community: Place | None,
    subject: str = "",
    result: str = "done",
    about: Person | None = None,
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
    address: str = "",
    door: str = "",
    **detail,
) -> None:
    """One audit row. `actor` None is the system itself, or with a `door` somebody who has not proven who it is.

    `result` is done, refused, missing, asked, nobody or broken; `address` and `door` count when there is no actor.

    `about` is whose data it concerns: that person may read the row. `before`, `after` and `detail` hold states, keys
    and numbers, never a secret, a name, a phone number or what somebody said: the row outlives an erasure.
    """
    Audit.insert(
        person=actor.person if actor else None,
        role=actor.role_in(community) if actor and community else ("" if actor else "guest" if door else "system"),
        community=community,
        action=action,
        subject=subject,
        result=result,
        about=about,
        before=before,
        after=after,
        reason=reason[:200],
        detail=detail,
        address=(actor.address if actor else address)[:64],
        door=actor.door if actor else door or "job",
    ).execute()


def note_each(action: str, *, actor: Actor, community: Place, subject: str, about: Iterable[int]) -> None:
    """The same row about each of these people (their ids), who thereby may read it: a statement for every thousand."""
    role, at = actor.role_in(community), now()
    rows = [
        {
            "at": at, "person": actor.person, "role": role, "community": community, "action": action,
            "subject": subject, "about": one, "address": actor.address[:64], "door": actor.door,
        }
        for one in about
    ]  # fmt: skip
    for start in range(0, len(rows), MANY):
        Audit.insert_many(rows[start : start + MANY]).execute()


def read(action: str, *, actor: Actor, community: Place | None, subject: str, about: Person | None = None) -> None:
    """One row for a sensitive reading; the same reader looking at the same thing again within an hour adds none.

    Nobody is told of the own readings of what is about oneself: they add none either.
    """
    if about is not None and about.id in {actor.person.id, *actor.aliases}:
        return
    same = (Audit.person == actor.person) & (Audit.action == action) & (Audit.at > now() - HOUR)
    if not Audit.select().where(same, Audit.subject == subject, Audit.result == "done").exists():
        note(action, actor=actor, community=community, subject=subject, about=about)


def tell_screens(community: Place, kind: str, subject: str) -> None:
    """Leave a row for open screens: `kind` is "case", "conversation", "letter" or "residence", `subject` its key."""
    Event.insert(community=community, kind=kind, subject=subject).execute()
