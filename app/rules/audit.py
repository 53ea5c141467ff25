"""Write down who did what. Called inside the transaction of the deed itself."""

from app.rules.actor import Actor
from models.audit import Audit
from models.event import Event
from models.person import Person
from models.place import Place


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
    **detail,
) -> None:
    """One audit row. `actor` None is the system itself; `result` is done, refused, asked or nobody.

    `about` is whose data it concerns: that person may read the row. `before`, `after` and `detail` hold states, keys
    and numbers, never a secret, a name, a phone number or what somebody said: the row outlives an erasure.
    """
    Audit.insert(
        person=actor.person if actor else None,
        role=actor.role_in(community) if actor and community else ("" if actor else "system"),
        community=community,
        action=action,
        subject=subject,
        result=result,
        about=about,
        before=before,
        after=after,
        reason=reason[:200],
        detail=detail,
        address=actor.address if actor else "",
        door=actor.door if actor else "job",
    ).execute()


def tell_screens(community: Place, kind: str, subject: str) -> None:
    """Leave a row for open screens: `kind` is "case", "conversation", "letter" or "residence", `subject` its key."""
    Event.insert(community=community, kind=kind, subject=subject).execute()
