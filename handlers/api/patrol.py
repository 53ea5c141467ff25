"""Patrols of the own grid: what to look at, one that is over, and those that were made."""

from datetime import UTC, datetime
from typing import Annotated

import peewee
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from app.guard import actor, signed_in
from app.rules import patrol, rights
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once, Query, Whole
from handlers.api.shapes import PhotoOut, PlaceOut, WorkerOut
from models.case import Case, Photo
from models.patrol import Patrol, PatrolCheck, PatrolPhoto
from models.person import Person
from models.place import Grid, Place


def _moment(value: object) -> datetime:
    """A moment as a phone writes it: ISO 8601 with its offset. Raises ValueError."""
    found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    if found is None or found.tzinfo is None:
        raise ValueError("no moment")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError("no moment") from None


#: A moment with its offset: "2026-11-24T09:30:00+08:00"; kept in UTC.
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), Field(examples=["2026-11-24T09:30:00+08:00"])]


class ItemsIn(Query):
    community: str = Field(min_length=1, max_length=64, description="A community's key.")


class ItemOut(BaseModel):
    code: str
    name: str
    asks: str = Field(description="What is asked of it, for people.")


class ItemsOut(BaseModel):
    items: list[ItemOut]


class CheckIn(Body):
    item: str = Field(min_length=1, max_length=24, description="A code of GET /patrols/items.")
    ok: bool
    note: str = Field(default="", max_length=patrol.CHECK_NOTE_LIMIT)
    photos: list[Key] = Field(default=[], max_length=3, description="Keys of POST /photos that show nothing else yet.")
    case: Key | None = Field(default=None, description="What was reported because of it.")


class PatrolIn(Body):
    """A patrol that is over. One without network may be sent up to 31 days later."""

    grid: Key
    started_at: Moment
    ended_at: Moment = Field(description="At most 12 hours after it began, and not to come.")
    note: str = Field(default="", max_length=patrol.NOTE_LIMIT)
    checks: list[CheckIn] = Field(
        min_length=1, max_length=40, description="Each item once. One that is not ok needs words, a photo or a case."
    )


class CheckOut(BaseModel):
    item: str
    name: str = Field(description="What the item was called then.")
    ok: bool
    note: str
    photos: list[PhotoOut]
    case: str | None


class PatrolGridOut(BaseModel):
    key: str
    name: str


class PatrolOut(BaseModel):
    key: str
    grid: PatrolGridOut
    community: PlaceOut
    worker: WorkerOut
    mine: bool
    started_at: datetime
    ended_at: datetime
    note: str
    checks: list[CheckOut]
    problems: int


class PatrolsOut(BaseModel):
    patrols: list[PatrolOut]
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


class PageIn(Query):
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=20, ge=1, le=50)


@api.get("/patrols/items")
@named("listPatrolItems")
@signed_in("patrol.item")
@api.input(ItemsIn, location="query", arg_name="query")
@api.output(ItemsOut)
def list_items(query: ItemsIn):
    """What is looked at on a patrol in a community"""
    community = the(Place, query.community)
    if community.kind != "community" or not rights.may(actor(), "patrol.item", community=community):
        raise NotFound()
    return {"items": [ItemOut(**item._asdict()) for item in patrol.items_of(community)]}


@api.post("/patrols")
@named("addPatrol")
@signed_in("patrol.make")
@api.input(Once, location="headers", arg_name="once")
@api.input(PatrolIn, arg_name="body")
@api.output(PatrolOut, 201)
def add_patrol(once: Once, body: PatrolIn):
    """Write down a patrol of one's own grid, whole, when it is over"""
    return answer_once(once, body, lambda: _shown([_make(body)])[0], 201, limit=lambda: often("lines", None))


def _make(body: PatrolIn) -> Patrol:
    checks = [patrol.Found(one.item, one.ok, one.note, tuple(one.photos), one.case) for one in body.checks]
    grid = Grid.get_or_none(Grid.key == body.grid)
    return patrol.make(
        grid, actor=actor(), started_at=body.started_at, ended_at=body.ended_at, checks=checks,
        note=body.note,
    )  # fmt: skip


@api.get("/patrols")
@named("listPatrols")
@signed_in("patrol.read")
@api.input(PageIn, location="query", arg_name="query")
@api.output(PatrolsOut)
def list_patrols(query: PageIn):
    """One's own patrols, or all of a community one administers, the newest first"""
    wanted = [patrol.listed(actor())]
    if query.cursor:
        wanted.append(Patrol.id < page_after(Patrol, query.cursor, wanted[0]))
    community, worker = Place.alias(), Person.alias()
    rows = list(
        Patrol.select(Patrol, community, Grid, worker)
        .join(community, on=(Patrol.community == community.id), attr="community")
        .switch(Patrol)
        .join(Grid)
        .switch(Patrol)
        .join(worker, on=(Patrol.worker == worker.id), attr="worker")
        .where(*wanted)
        .order_by(Patrol.id.desc())
        .limit(query.limit + 1)
    )
    page = rows[: query.limit]
    return {"patrols": _shown(page), "next": page[-1].key if len(rows) > len(page) else None}


def page_after(table: type[peewee.Model], cursor: str, visible: peewee.Expression) -> int:
    """The id of the last row of the page before. Raises NotFound for a row that is not among the visible ones."""
    row = table.select(table.id).where(table.key == cursor, visible).first()
    if row is None:
        raise NotFound()
    return row.id


def _shown(rows: list[Patrol]) -> list[PatrolOut]:
    """Patrols with their checks and photos: two more queries, however many they are."""
    checks = PatrolCheck.select(PatrolCheck, Case.id, Case.key).join(Case, peewee.JOIN.LEFT_OUTER)
    photos: dict[int, list[Photo]] = {}
    links = PatrolPhoto.select(PatrolPhoto, Photo).join(Photo).switch(PatrolPhoto).join(PatrolCheck)
    for link in links.where(PatrolCheck.patrol.in_(rows)).order_by(PatrolPhoto.id):
        photos.setdefault(link.check_id, []).append(link.photo)
    found: dict[int, list[CheckOut]] = {}
    for check in checks.where(PatrolCheck.patrol.in_(rows)).order_by(PatrolCheck.id):
        found.setdefault(check.patrol_id, []).append(_check(check, photos.get(check.id, [])))
    return [_patrol(row, found.get(row.id, [])) for row in rows]


def _check(check: PatrolCheck, photos: list[Photo]) -> CheckOut:
    return CheckOut(
        item=check.item, name=check.name, ok=check.ok, note=check.note, case=check.case.key if check.case_id else None,
        photos=[PhotoOut.of(photo, actor().person) for photo in photos],
    )  # fmt: skip


def _patrol(row: Patrol, checks: list[CheckOut]) -> PatrolOut:
    return PatrolOut(
        key=row.key, grid=PatrolGridOut(key=row.grid.key, name=row.grid.name), community=PlaceOut.of(row.community),
        worker=WorkerOut(key=row.worker.key, name=row.worker.name), mine=row.worker_id == actor().person.id,
        started_at=row.started_at, ended_at=row.ended_at, note=row.note, checks=checks,
        problems=sum(not check.ok for check in checks),
    )  # fmt: skip
