"""What waits for a worker, and who works in a community."""

import peewee

from app.guard import actor, signed_in
from app.rules import crew, rights
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.case import briefs, with_labels
from handlers.api.case_shapes import CasesOut
from handlers.api.shapes import WorkerOut, WorkersOut
from models.base import now
from models.case import Case
from models.place import Place

#: More than anybody handles in a day; who has more sees the most urgent.
MOST = 100


@api.get("/tasks")
@named("listTasks")
@signed_in("task.list")
@api.output(CasesOut)
def list_tasks():
    """What waits for me: hazards first, then what is due first

    A worker's own open cases and those the own grids may still take; for a community admin also what nobody has yet.
    """
    who = actor()
    rows = with_labels().where(rights.readable_cases(who), _waits_for(who))
    first = rows.order_by(Case.hazard.desc(), peewee.fn.COALESCE(_next_due(), Case.created_at), Case.id).limit(MOST)
    return {"cases": briefs(first, who, now()), "next": None}


def _waits_for(who: Actor) -> peewee.Expression:
    admin_of = [role.place_id for role in who.roles if role.kind == "community_admin"]
    mine = (Case.handler == who.person) & Case.state.in_(("dispatched", "handling"))
    takeable = (Case.state == "dispatched") & Case.grid.in_(list(who.grids()))
    undispatched = (Case.state == "reported") & Case.community.in_(admin_of)
    return mine | takeable | undispatched


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
