"""Write down who did what. Called inside the transaction of the deed itself."""

from app.rules.actor import Actor
from models.audit import Audit
from models.event import Event
from models.place import Place


def note(
    action: str, *, actor: Actor | None, community: Place | None, subject: str = "", result: str = "done", **detail
) -> None:
    """One audit row; `detail` holds what changed, never a secret or a phone number."""
    Audit.insert(
        person=actor.person if actor else None,
        role=actor.role_in(community) if actor and community else ("" if actor else "system"),
        community=community,
        action=action,
        subject=subject,
        result=result,
        detail=detail,
        address=actor.address if actor else "",
    ).execute()


def tell_screens(community: Place, kind: str, subject: str) -> None:
    """Leave a row for open screens: `kind` is "case", "conversation", "letter" or "residence", `subject` its key."""
    Event.insert(community=community, kind=kind, subject=subject).execute()
