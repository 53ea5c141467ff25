"""The own grid: what lies in it, and its doors one by one with when somebody last knocked there."""

from datetime import datetime

import peewee
from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import grid as grids
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.reading import Key, Query, Whole
from handlers.api.shapes import PlaceOut
from models.place import Grid, Place
from models.visit import Visit


class GridOut(BaseModel):
    key: str
    name: str
    community: PlaceOut
    places: list[PlaceOut] = Field(description="Its compounds and buildings.")
    households: int
    open_cases: int
    hazards: int = Field(description="Dangerous ones among the open cases.")


class GridsOut(BaseModel):
    grids: list[GridOut]


class DoorsIn(Query):
    building: Key | None = Field(default=None, description="Only the doors of this building.")
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=50, ge=1, le=100)


class DoorOut(BaseModel):
    key: str
    label: str
    last_visit_at: datetime | None


class DoorsOut(BaseModel):
    households: list[DoorOut]
    next: str | None = Field(description="Pass it as `cursor` for what comes after; null at the end.")


@api.get("/me/grids")
@named("listGrids")
@signed_in("grid.read")
@api.output(GridsOut)
def list_grids():
    """The grids one works in, or all of a community one administers"""
    seen = grids.overview(grids.grids_of(actor()), actor=actor())
    return {"grids": [
        GridOut(
            key=one.grid.key, name=one.grid.name, community=PlaceOut.of(one.grid.community),
            places=[PlaceOut.of(place) for place in one.places], households=one.households,
            open_cases=one.open_cases, hazards=one.hazards,
        ) for one in seen
    ]}  # fmt: skip


@api.get("/me/grids/<key>/households")
@named("listGridHouseholds")
@signed_in("grid.read")
@api.input(DoorsIn, location="query", arg_name="query")
@api.output(DoorsOut)
def list_doors(key: str, query: DoorsIn):
    """The doors of one's grid in their natural order, and when each was last visited"""
    grid = the(Grid, key)
    if grid not in grids.grids_of(actor()):
        raise NotFound()
    wanted = [Place.kind == "household", Place.active, grids.inside(grid)]
    if query.building:
        wanted.append(Place.above.contains(f"/{_there(query.building, Place.community == grid.community_id)}/"))
    if query.cursor:
        wanted.append(Place.id > _there(query.cursor, *wanted))
    rows = list(Place.select().where(*wanted).order_by(Place.id).limit(query.limit + 1))
    page = rows[: query.limit]
    last = Visit.select(Visit.household, peewee.fn.MAX(Visit.at)).where(Visit.household.in_(page))
    known = dict(last.group_by(Visit.household).tuples())
    doors = [DoorOut(key=door.key, label=door.label, last_visit_at=known.get(door.id)) for door in page]
    return {"households": doors, "next": page[-1].key if len(rows) > len(page) else None}


def _there(key: str, *conditions: peewee.Expression) -> int:
    """The id of a place of these conditions. Raises NotFound, the same for one elsewhere as for one that never was."""
    found = Place.select(Place.id).where(Place.key == key, *conditions).first()
    if found is None:
        raise NotFound()
    return found.id
