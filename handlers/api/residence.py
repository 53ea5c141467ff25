"""Requests of people to be bound to a household: staff see them, confirm or refuse."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from app.guard import actor, signed_in
from app.rules import household, rights
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.reading import Query
from handlers.api.shapes import PersonOut, PlaceOut
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
        return cls(
            key=row.key, person=PersonOut.of(row.person), household=PlaceOut.of(row.household), relation=row.relation,
            state=row.state, asked_at=row.asked_at,
        )  # fmt: skip


class ResidencesOut(BaseModel):
    residences: list[ResidenceOut]


@api.get("/residences")
@named("listResidences")
@signed_in("residence.list")
@api.input(WhichIn, location="query", arg_name="query")
@api.output(ResidencesOut)
def list_residences(query: WhichIn):
    """Requests in one's communities, the oldest first, at most a hundred"""
    places = {role.place_id for role in actor().roles if role.kind in rights.RIGHTS["residence.list"]}
    rows = (
        Residence.select(Residence, Person, Place)
        .join(Person, on=(Residence.person == Person.id))
        .switch(Residence)
        .join(Place, on=(Residence.household == Place.id))
        .where(Place.community.in_(places), Residence.state == query.state)
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
    community = row.household.community
    if decision not in DECISIONS or not rights.may(actor(), "residence.confirm", community=community):
        raise NotFound()
    with write():
        household.decide(row, actor=actor(), confirmed=DECISIONS[decision])
    return ResidenceOut.of(the(Residence, key))
