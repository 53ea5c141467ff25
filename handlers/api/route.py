"""Routing rules of a community, to read; they are written at the desk. And to whom a case can be passed on."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import dispatch, rights, route, route_names, route_words
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.case import visible_case
from handlers.api.shapes import WorkerOut, WorkersOut
from models.place import Place


class RouteOut(BaseModel):
    key: str
    position: int = Field(description="The first that fits decides.")
    name: str
    active: bool
    conditions: dict = Field(description="All of them must hold: see app/rules/route.py; empty: every case.")
    conditions_words: str
    target: dict = Field(description='{"worker": key}, {"grid": key}, {"role": …}, {"unit": key} or {"mode": …}.')
    target_words: str
    updated_at: datetime


class RoutesOut(BaseModel):
    mode: str = Field(description="What happens where no rule fits: assign, rotate or grab.")
    mode_words: str
    routes: list[RouteOut]


@api.get("/communities/<key>/routes")
@named("listRoutes")
@signed_in("route.read")
@api.output(RoutesOut)
def list_routes(key: str):
    """The routing rules of a community in their order, with the way of sending where none fits"""
    community = the(Place, key)
    if community.kind != "community" or not rights.may(actor(), "route.read", community=community):
        raise NotFound()
    rows = route.routes_of(community)
    names, mode = route_names.of(rows), dispatch.usual_mode(community)
    return {
        "mode": mode, "mode_words": route_words.MODES[mode],
        "routes": [
            RouteOut(
                key=row.key, position=at, name=row.name, active=row.active, conditions=row.conditions,
                conditions_words=route_words.conditions(row.conditions, names), target=row.target,
                target_words=route_words.target(row.target, names), updated_at=row.updated_at,
            )
            for at, row in enumerate(rows, 1)
        ],
    }  # fmt: skip


@api.get("/cases/<key>/colleagues")
@named("listColleagues")
@signed_in("case.transfer")
@api.output(WorkersOut)
def list_colleagues(key: str):
    """To whom whoever has a case may pass it on; nobody when it was passed on too often or is decided"""
    case = visible_case(key)
    rights.need(actor(), "case.transfer", case=case)
    return {"workers": [WorkerOut(key=one.key, name=one.name) for one in dispatch.colleagues(case, actor())]}
