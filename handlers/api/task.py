"""What waits for a worker, and who works in a community."""

import peewee
from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import crew, door, rights
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.case import briefs, with_labels
from handlers.api.case_shapes import CaseBrief, PointOut
from handlers.api.shapes import WorkerOut, WorkersOut
from models.base import now
from models.case import Case
from models.place import Place


class TaskOut(CaseBrief):
    """A case that waits for somebody, with the way there."""

    point: PointOut | None = Field(description="WGS-84: as it was told, else of the place; null when neither is known.")
    place: str = Field(description="The label of the place; empty when it is not known.")


class TasksOut(BaseModel):
    cases: list[TaskOut]
    next: None = Field(default=None, description="Always null: a day's work is one page.")


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
    lines = zip(cases, briefs(cases, who, now()), strict=True)
    return {"cases": [_task(case, line, rights.plainly(who, "case.see_place", case)) for case, line in lines]}


def _task(case: Case, line: CaseBrief, exact: bool) -> TaskOut:
    """A line with the way there: the point that was told, else that of the place; nothing unless it is `exact`."""
    where = case if case.lat is not None else case.place if case.place_id else None
    known = exact and where is not None and where.lat is not None
    return TaskOut(
        **line.model_dump(), place=case.place.label if exact and case.place_id else "",
        point=PointOut(lat=where.lat, lng=where.lng) if where is not None and known else None,
    )  # fmt: skip


def _next_due() -> peewee.Case:
    """A hazard waits to be made safe, then like everything else to be resolved."""
    return peewee.Case(None, [((Case.hazard & Case.safe_at.is_null()), Case.safe_due)], Case.resolve_due)


@api.get("/communities/<key>/workers")
@named("listWorkers")
@signed_in("worker.list")
@api.output(WorkersOut)
def list_workers(key: str):
    """Who can be dispatched in a community, the first to ask first"""
    community = the(Place, key)
    if community.kind != "community" or not rights.may(actor(), "worker.list", community=community):
        raise NotFound()
    return {"workers": [WorkerOut(key=one.key, name=one.name) for one in crew.workers_in(community)]}
