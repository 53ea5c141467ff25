"""What waits for a worker, and who works in a community."""

import peewee
from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import crew, deed, door, rights
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.case import briefs, with_labels
from handlers.api.case_shapes import CaseBrief, PointOut
from handlers.api.shapes import WorkerOut
from models.base import now
from models.case import Case
from models.place import Place, line_of


class TaskOut(CaseBrief):
    """A case that waits for somebody, with the way there."""

    point: PointOut | None = Field(
        description="WGS-84: as it was told, else of the narrowest place whose point is known; null without one."
    )
    place: str = Field(description="The label of the place; empty when it is not known.")
    verbs: list[str] = Field(description="What I may say to it now; `grab`: it is whose who is quickest.")


class TasksOut(BaseModel):
    cases: list[TaskOut]
    next: None = Field(default=None, description="Always null: a day's work is one page.")


class WorkerLoadOut(WorkerOut):
    """Who can be dispatched, and how much this person has in hand already."""

    open_cases: int = Field(description="Dispatched to this worker or being handled.")


class WorkerLoadsOut(BaseModel):
    workers: list[WorkerLoadOut]


#: More than anybody handles in a day; who has more sees the most urgent.
MOST = 100


@api.get("/tasks")
@named("listTasks")
@signed_in("task.list")
@api.output(TasksOut)
def list_tasks():
    """What waits for me: hazards first, then what is due first

    A worker's own open cases and those the own grids may still take; for a community admin also what nobody has yet.
    """
    who = actor()
    rows = with_labels().where(rights.readable_cases(who), door.waits_for(who))
    first = rows.order_by(Case.hazard.desc(), peewee.fn.COALESCE(_next_due(), Case.created_at), Case.id).limit(MOST)
    cases = list(first)
    lines, known = zip(cases, briefs(cases, who, now()), strict=True), _points_of(cases)
    return {
        "cases": [
            _task(case, line, known, rights.plainly(who, "case.see_place", case), deed.buttons(case, who))
            for case, line in lines
        ]
    }


def _points_of(cases: list[Case]) -> dict[int, PointOut]:
    """Where the places of these cases, and what lies above them, are; by the id of the place, one query."""
    ids = {one for case in cases if case.place_id for one in line_of(case.place)}
    rows = Place.select(Place.id, Place.lat, Place.lng).where(Place.id.in_(ids), Place.lat.is_null(False))
    return {row.id: PointOut(lat=row.lat, lng=row.lng) for row in rows}


def _task(case: Case, line: CaseBrief, known: dict[int, PointOut], exact: bool, verbs: list[str]) -> TaskOut:
    """A line with the way there: the point that was told, else that of the place; nothing unless it is `exact`."""
    point = PointOut(lat=case.lat, lng=case.lng) if case.lat is not None else None
    if point is None and case.place_id:
        point = next((known[one] for one in line_of(case.place) if one in known), None)
    return TaskOut(
        **line.model_dump(), place=case.place.label if exact and case.place_id else "", point=point if exact else None,
        verbs=verbs,
    )  # fmt: skip


def _next_due() -> peewee.Case:
    """A hazard waits to be made safe, then like everything else to be resolved."""
    return peewee.Case(None, [((Case.hazard & Case.safe_at.is_null()), Case.safe_due)], Case.resolve_due)


@api.get("/communities/<key>/workers")
@named("listWorkers")
@signed_in("worker.list")
@api.output(WorkerLoadsOut)
def list_workers(key: str):
    """Who can be dispatched in a community, the first to ask first"""
    community = the(Place, key)
    if community.kind != "community" or not rights.may(actor(), "worker.list", community=community):
        raise NotFound()
    people = crew.workers_in(community)
    held = crew.loads(people)
    return {
        "workers": [
            WorkerLoadOut(key=one.key, name=one.name, open_cases=held.get(one.id, crew.NOTHING).open_cases)
            for one in people
        ]
    }
