"""Visits at doors: what was heard there, little of it, and who may read it.

Kept is that a household was visited, not who opened (domain §10.2: purpose limited, deleted after the period).
"""

from datetime import datetime
from typing import Any

import peewee

from app.rules import audit, reading, rights
from app.rules.actor import Actor
from app.rules.patrol import check_moment
from app.rules.refusal import NotFound, Refusal
from app.rules.words import clean
from models.person import Person, Residence
from models.place import Place
from models.visit import KINDS, Visit

NOTE_LIMIT, NEED_LIMIT, MOST_NEEDS = 500, 200, 5


def make(
    household: Place | None, *, actor: Actor, kind: str, met: bool, at: datetime, note: str = "", needs: list[str]
) -> Visit:
    """Write down a visit; `at` is aware.

    Raises Refusal `household_unknown` for a door that is not in the own grid or community, `visit_kind_unknown` or
    `time_wrong`.
    """
    if household is None or not reaches(household, "visit.make", actor=actor):
        message = "只能登记自己网格或本社区的住户，请重新选择。"
        raise Refusal("household_unknown", message, {"household": "不在您的网格里"})
    if kind not in KINDS:
        raise Refusal("visit_kind_unknown", "请从列表里选择走访类型。", {"kind": "不在列表里"})
    check_moment(at, "at")
    said = [words for words in (clean(one, NEED_LIMIT).strip() for one in needs[:MOST_NEEDS]) if words]
    visit = Visit.create(
        community=household.community_id, household=household, visitor=actor.person, kind=kind, met=met, at=at,
        note=clean(note, NOTE_LIMIT).strip(), needs=said,
    )  # fmt: skip
    audit.note(
        "visit.make", actor=actor, community=household.community, subject=visit.key, kind=kind, needs=len(said)
    )
    return visit


def reaches(household: Place, action: str, *, actor: Actor) -> bool:
    """Whether it is a household towards which the actor holds the action."""
    there = household.kind == "household" and household.active
    return there and rights.may(actor, action, community=household.community, place=household)


def look(household: Place, *, actor: Actor) -> bool:
    """Somebody reads what was heard at a door: its people can read that. False when the day's budget is spent.

    The caller refuses with BudgetSpent after the transaction, for the alert must stay. Raises NotFound.
    """
    if not reaches(household, "visit.read", actor=actor):
        raise NotFound()
    people = [one for one in people_of(household) if one.id not in actor.selves]
    if any(not reading.fits_today(actor, household.community, one) for one in people):
        return False
    if people:
        audit.note_each(
            "visit.read", actor=actor, community=household.community, subject=household.key,
            about=[one.id for one in people],
        )  # fmt: skip
    else:
        audit.read("visit.read", actor=actor, community=household.community, subject=household.key)
    return True


def people_of(household: Place) -> list[Person]:
    """Who is bound to a household now."""
    rows = Person.select().join(Residence, on=(Residence.person == Person.id)).where(
        Residence.household == household, Residence.state == "confirmed", Residence.ended_at.is_null()
    )  # fmt: skip
    return list(rows.distinct().order_by(Person.id))


def listed(actor: Actor) -> peewee.Expression:
    """The visits in one's list: the own ones where one works, and all of a community one administers."""
    held = rights.holders("visit.list")
    here = [role.place_id for role in actor.roles if role.kind in held]
    admin_of = [role.place_id for role in actor.roles if role.kind in held - {"grid_worker"}]
    return (Visit.visitor == actor.person) & Visit.community.in_(here) | Visit.community.in_(admin_of)


def told_to(mine: list[int]) -> list[dict[str, Any]]:
    """That somebody came to the doors where these people live, for the copy of a person's data.

    Without what was heard there: it may be another's of the same household. And without 矛盾走访: that one of two who
    quarrel asked for help is nothing for the other's copy (人民调解法 15).
    """
    homes = Residence.select(Residence.household).where(
        Residence.person.in_(mine), Residence.state == "confirmed", Residence.ended_at.is_null()
    )
    rows = Visit.select(Visit, Place).join(Place, on=(Visit.household == Place.id), attr="household")
    return [
        {"household": row.household.label, "kind": KINDS[row.kind], "met": row.met, "at": row.at}
        for row in rows.where(Visit.household.in_(homes), Visit.kind != "mediation").order_by(Visit.id)
    ]
