"""Requests of people to be bound to a household: staff see them, confirm or refuse."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from app.guard import actor, signed_in
from app.rules import approval, household, mask, reading, rights
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.reading import Query
from handlers.api.shapes import KnownOut, PersonOut, PlaceOut, ReasonIn
from models.base import write
from models.person import Person, Residence
from models.place import Place

DECISIONS = {"confirm": True, "refuse": False}


class WhichIn(Query):
    state: Literal["asked", "confirmed", "refused"] = "asked"


class ResidenceOut(BaseModel):
    key: str
    person: PersonOut
    household: PlaceOut
    relation: str
    state: str
    asked_at: datetime

    @classmethod
    def of(cls, row: Residence) -> "ResidenceOut":
        place = row.household
        hidden = PlaceOut(key=place.key, kind=place.kind, name=mask.STAR, label=mask.door(place.label))
        return cls(
            key=row.key, person=PersonOut.hidden(row.person), household=hidden, relation=row.relation, state=row.state,
            asked_at=row.asked_at,
        )  # fmt: skip


class ResidencesOut(BaseModel):
    residences: list[ResidenceOut]


@api.get("/residences")
@named("listResidences")
@signed_in("residence.list")
@api.input(WhichIn, location="query", arg_name="query")
@api.output(ResidencesOut)
def list_residences(query: WhichIn):
    """Requests in one's communities and grids, the oldest first, at most a hundred

    Names, phones and doors are masked; `POST /residences/{key}/reveal` tells them for a reason.
    """
    held = rights.holders("residence.list")
    communities = [role.place for role in actor().roles if role.kind in held]
    rows = (
        Residence.select(Residence, Person, Place)
        .join(Person, on=(Residence.person == Person.id))
        .switch(Residence)
        .join(Place, on=(Residence.household == Place.id))
        .where(household.households_for(actor(), "residence.list", communities), Residence.state == query.state)
        .order_by(Residence.id)
        .limit(100)
    )
    return {"residences": [ResidenceOut.of(row) for row in rows]}


@api.post("/residences/<key>/<decision>")
@named("decideResidence")
@signed_in("residence.confirm")
@api.output(ResidenceOut)
def decide_residence(key: str, decision: str):
    """Confirm or refuse a request; nobody decides the own one"""
    row = the(Residence, key)
    if decision not in DECISIONS:
        raise NotFound()
    need_decidable(row)
    with write():
        approval.decide_residence(row, actor=actor(), confirmed=DECISIONS[decision])
    return ResidenceOut.of(the(Residence, key))


def need_decidable(row: Residence) -> None:
    """Raises NotFound for a request that is not this person's to decide, as for one that never was."""
    place = row.household
    if not rights.may(actor(), "residence.confirm", community=place.community, place=place):
        raise NotFound()


@api.post("/residences/<key>/reveal")
@named("revealResidence")
@signed_in("residence.confirm")
@api.input(ReasonIn, arg_name="body")
@api.output(KnownOut)
def reveal_residence(key: str, body: ReasonIn):
    """Name, phone and door of somebody who asks to be bound, for a reason; the person can read that it was done"""
    row = the(Residence, key)
    need_decidable(row)
    with write():
        known = reading.reveal_asker(row, actor=actor(), reason=body.reason)
    return KnownOut.told(known)
