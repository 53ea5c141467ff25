"""Visits at doors: one that was made, those of one's list, and what was heard at one door."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import audit, mask, rights, visit
from app.rules.actor import Actor
from app.rules.reading import BudgetSpent
from handlers.api.blueprint import api, named, the
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.patrol import Moment, PageIn, page_after
from handlers.api.reading import Body, Key, Once
from handlers.api.shapes import PlaceOut, WorkerOut
from models.base import write
from models.person import Person
from models.place import Place
from models.visit import KINDS, Visit

Kind = Literal[*KINDS]  # type: ignore[valid-type]  # known at run time, from the table
Need = Annotated[str, Field(min_length=1, max_length=visit.NEED_LIMIT)]


class VisitIn(Body):
    """A household was visited: nobody's name, and of an illness or a quarrel as little as can be."""

    household: Key
    kind: Kind
    met: bool = Field(description="Whether somebody was at home.")
    at: Moment
    note: str = Field(default="", max_length=visit.NOTE_LIMIT)
    needs: list[Need] = Field(default=[], max_length=visit.MOST_NEEDS, description="What the household said it needs.")


class VisitsIn(PageIn):
    household: Key | None = Field(default=None, description="One door: whole, and its people can read that you did.")


class VisitOut(BaseModel):
    key: str
    household: PlaceOut = Field(description="In a list of others' visits without its door.")
    community: PlaceOut
    visitor: WorkerOut
    mine: bool
    kind: str
    kind_words: str
    met: bool
    at: datetime
    note: str = Field(description="Empty in a list of others' visits.")
    needs: list[str] = Field(description="Empty in a list of others' visits, see needs_count.")
    needs_count: int

    @classmethod
    def of(cls, row: Visit, who: Actor, whole: bool) -> "VisitOut":
        door = row.household
        place = PlaceOut.of(door)
        if not whole:
            place = PlaceOut(key=door.key, kind=door.kind, name=mask.STAR, label=mask.door(door.label))
        return cls(
            key=row.key, household=place, community=PlaceOut.of(row.community), mine=row.visitor_id == who.person.id,
            visitor=WorkerOut(key=row.visitor.key, name=row.visitor.name), kind=row.kind, kind_words=KINDS[row.kind],
            met=row.met, at=row.at, note=row.note if whole else "", needs=row.needs if whole else [],
            needs_count=len(row.needs),
        )  # fmt: skip


class VisitsOut(BaseModel):
    visits: list[VisitOut]
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


@api.post("/visits")
@named("addVisit")
@signed_in("visit.make")
@api.input(Once, location="headers", arg_name="once")
@api.input(VisitIn, arg_name="body")
@api.output(VisitOut, 201)
def add_visit(once: Once, body: VisitIn):
    """Write down a visit to a household of one's own grid or community"""
    return answer_once(once, body, lambda: _made(body), 201, limit=lambda: often("lines", None))


def _made(body: VisitIn) -> VisitOut:
    household = Place.get_or_none(Place.key == body.household)
    row = visit.make(
        household, actor=actor(), kind=body.kind, met=body.met, at=body.at, note=body.note,
        needs=body.needs,
    )  # fmt: skip
    return VisitOut.of(row, actor(), whole=True)


@api.get("/visits")
@named("listVisits")
@signed_in("visit.list")
@api.input(VisitsIn, location="query", arg_name="query")
@api.output(VisitsOut)
def list_visits(query: VisitsIn):
    """One's own visits, or all of a community one administers, the newest first; or all of one household

    In a list the visits of others come without door, note and needs. Asked for one household they are whole, and the
    people who live there can read who looked.
    """
    who = actor()
    wanted = [_one_door(query.household, who)] if query.household else [visit.listed(who)]
    if query.cursor:
        wanted.append(Visit.id < page_after(Visit, query.cursor, wanted[0]))
    community, household = Place.alias(), Place.alias()
    rows = list(
        Visit.select(Visit, community, household, Person)
        .join(community, on=(Visit.community == community.id), attr="community")
        .switch(Visit)
        .join(household, on=(Visit.household == household.id), attr="household")
        .switch(Visit)
        .join(Person)
        .where(*wanted)
        .order_by(Visit.id.desc())
        .limit(query.limit + 1)
    )
    page = rows[: query.limit]
    shown = [VisitOut.of(row, who, bool(query.household) or _plain(row, who)) for row in page]
    if not query.household and any(not one.mine for one in shown):
        with write():
            audit.read("visit.list", actor=who, community=page[0].community, subject="")
    return {"visits": shown, "next": page[-1].key if len(rows) > len(page) else None}


def _plain(row: Visit, who: Actor) -> bool:
    """Whether a row of a list is shown whole: the own one, or where the right masks nothing."""
    return row.visitor_id == who.person.id or not rights.masked(who, "visit.list", community=row.community)


def _one_door(key: str, who: Actor):
    """The condition for the visits of one household, of which it is written down that somebody reads them."""
    household = the(Place, key)
    with write():
        allowed = visit.look(household, actor=who)
    if not allowed:
        raise BudgetSpent()
    return Visit.household == household
