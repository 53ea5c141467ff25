"""Who was refused what: every refusal by right of a signed-in person is an audit row, and too many are an alert.

What never existed is "refused" like what is somebody else's: who asked may read the row, and neither the row nor the
time of the answer is to tell which ids exist (threat T1).
"""

from datetime import timedelta
from typing import Any

from app.rules import alert, audit
from app.rules.actor import Actor
from models.alert import Alert
from models.base import now
from models.case import Case
from models.place import Place

ALERT_EVERY = timedelta(hours=1)
MANY = "有人在一分钟内多次要看、要做不归自己的事，都被拒绝了。请到“审计”里查看是谁，向本人核实，必要时撤销岗位。"


def note(action: str, *, actor: Actor, subject: str, why: str, **detail: Any) -> None:
    """One row: `subject` is the public key that was asked for, if it can be one; `why` the code of the refusal.

    The row belongs to the community in which the person plays a part: its admins answer for that person.
    """
    places = parts_of(actor)
    audit.note(
        action, actor=actor, community=places[0] if places else None, subject=key_of(subject), result="refused",
        why=why, **detail,
    )  # fmt: skip


def note_number(action: str, *, actor: Actor, number: int, why: str) -> None:
    """The same for a command in the chat, which names a case by its number; numbers are counted by community."""
    works = {role.place_id for role in actor.roles}
    case = Case.select().where(Case.number == number, Case.community.in_(works)).order_by(Case.id.desc()).first()
    places = [case.community] if case else parts_of(actor)
    audit.note(
        action, actor=actor, community=places[0] if places else None, subject=case.key if case else f"#{number}",
        result="refused", why=why,
    )  # fmt: skip


def plain(text: str) -> str:
    """What somebody put into an address, as it can be kept: no control characters, 40 characters at most."""
    return "".join(letter for letter in text[:40] if letter.isprintable())


def key_of(text: str) -> str:
    """A well-formed public key, at most 32 letters and digits; anything else is kept as nothing."""
    return text if len(text) <= 32 and text.isascii() and text.isalnum() else ""


def too_many(actor: Actor) -> None:
    """Beyond the limit nothing more is written of this person, but an alert an hour to the places of the person."""
    recent = (Alert.kind == "many_refusals") & (Alert.person == actor.person) & (Alert.at > now() - ALERT_EVERY)
    if Alert.select().where(recent).exists():
        return
    for place in parts_of(actor):
        alert.give("many_refusals", place=place, person=actor.person, subject=actor.person.key, words=MANY)


def parts_of(actor: Actor) -> list[Place]:
    """The places in which somebody plays a part: of the roles first, then the communities lived in; each once."""
    found = [role.place for role in actor.roles] + list(actor.homes)
    places = [place.community if place.community_id else place for place in found]
    return list({place.id: place for place in places}.values())
