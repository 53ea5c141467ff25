"""Routing rules at the desk: the list in its order, writing one, and trying them on past cases."""

import re
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import crew, dispatch, rights, route, route_edit, route_names, route_trial, route_words
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.setting import categories_of
from handlers.console import scope
from models.base import write
from models.place import Grid, Place
from models.route import Route
from models.unit import Unit

#: What one can do with a rule by a button: the rule that does it.
DEEDS: dict[str, Callable[[Route, Actor], object]] = {
    "up": lambda row, who: route_edit.move(row, actor=who, up=True),
    "down": lambda row, who: route_edit.move(row, actor=who, up=False),
    "on": lambda row, who: route_edit.switch(row, actor=who, active=True),
    "off": lambda row, who: route_edit.switch(row, actor=who, active=False),
    "delete": lambda row, who: route_edit.delete(row, actor=who),
}
#: Places that a rule can name.
KINDS = ("compound", "building")
#: Conditions that are chosen from a list, one of it; and those of which several are ticked.
ONE, SEVERAL = ("zone", "hours", "priority", "channel"), ("categories", "grids", "compounds")
_BETWEEN = re.compile(r"[\s,，、;；]+")


@at_desk("route.read")
def index() -> str:
    """The rules of a community in their order."""
    return _list(_community("route.read"))


def _list(community: Place, problem: Refusal | None = None) -> str:
    who, rows = actor(), route.routes_of(community)
    names, mode = route_names.of(rows), dispatch.usual_mode(community)
    return render_template(
        "console/routes.html", places=scope.communities(who, "route.read"), picked=[community], community=community,
        rows=[
            (row, route_words.conditions(row.conditions, names), route_words.target(row.target, names))
            for row in rows
        ],
        may_write=rights.may(who, "route.write", community=community), mode=route_words.MODES[mode],
        most=route_trial.MOST, problem=problem,
    )  # fmt: skip


@at_desk("route.read")
def trial() -> str:
    """The rules tried on the newest past cases: who would get each now, and who got it."""
    community = _community("route.read")
    found = route_trial.tried(community, actor=actor())
    return render_template(
        "console/route_trial.html", places=scope.communities(actor(), "route.read"), picked=[community],
        community=community, trial=found, most=route_trial.MOST,
    )  # fmt: skip


@at_desk("route.write")
def compose() -> str:
    """The form for a new rule."""
    return _form(_community("route.write"), None, {}, {})


@at_desk("route.write")
def show(key: str) -> str:
    """The form of a rule."""
    row = _find(key)
    return _form(row.community, row, row.conditions, row.target)


@at_desk("route.write")
def add() -> Response | tuple[str, int]:
    """Write a new rule."""
    community = next((one for one in _places() if one.key == request.form.get("community")), None)
    if community is None:
        raise NotFound()
    return _save(community, None)


@at_desk("route.write")
def edit(key: str) -> Response | tuple[str, int]:
    """Change a rule."""
    row = _find(key)
    return _save(row.community, row)


def _save(community: Place, row: Route | None) -> Response | tuple[str, int]:
    conditions, target = _said(), _target()
    said: dict[str, Any] = {"name": request.form.get("name", ""), "conditions": conditions, "target": target}
    try:
        with write():
            if row is None:
                route_edit.add(community, actor=actor(), **said)
            else:
                route_edit.edit(row, actor=actor(), **said)
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return _form(community, row, conditions, target, refusal), status
    return redirect(url_for("console.routes", community=community.key), 303)


@at_desk("route.write")
def press(key: str, deed: str) -> Response | tuple[str, int]:
    """Move a rule up or down, switch it on or off, or delete it."""
    row = _find(key)
    if deed not in DEEDS:
        raise NotFound()
    community = row.community
    try:
        with write():
            DEEDS[deed](row, actor())
    except Conflict as conflict:
        return _list(community, conflict), 409
    return redirect(url_for("console.routes", community=community.key), 303)


def _places() -> list[Place]:
    return scope.communities(actor(), "route.write")


def _community(action: str) -> Place:
    """The community picked, else the first of those where this person may. Raises NotFound."""
    picked = scope.chosen(scope.communities(actor(), action))
    if not picked:
        raise NotFound()
    return picked[0]


def _find(key: str) -> Route:
    """A rule of a community that this person may write. Raises NotFound."""
    row = Route.get_or_none(Route.key == key, Route.community.in_([one.id for one in _places()]))
    if row is None:
        raise NotFound()
    return row


def _form(community: Place, row: Route | None, conditions: dict, target: dict, problem: Refusal | None = None) -> str:
    grids = Grid.select(Grid.key, Grid.name).where(Grid.community == community)
    places = Place.select(Place.key, Place.label).where(
        Place.community == community, Place.kind.in_(KINDS), Place.active
    )
    return render_template(
        "console/route_form.html", community=community, row=row, given=conditions, chosen=_value(target),
        name=request.form.get("name", row.name if row else ""), problem=problem, words=route_words,
        categories=[(one.code, one.name) for one in categories_of(community)], targets=_targets(community),
        grids=list(grids.order_by(Grid.code).tuples()), places=list(places.order_by(Place.id).tuples()),
        keywords="、".join(conditions.get("keywords", [])),
    )  # fmt: skip


def _targets(community: Place) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a rule can send, in groups: (what the group is called, [(value, words)])."""
    grids = list(Grid.select().where(Grid.community == community).order_by(Grid.code))
    units = Unit.select().where(Unit.community == community, Unit.left_at.is_null()).order_by(Unit.name)
    return [
        ("本网格", [(f"mode:{mode}", words) for mode, words in route_words.MODES.items()]),
        ("指定的人", [(f"worker:{one.key}", one.name or "没有留名") for one in crew.workers_in(community)]),
        ("指定的网格", [
            pair for one in grids
            for pair in ((f"grid:{one.key}", one.name), (f"grid:{one.key}:rotate", f"{one.name}，轮流派"))
        ]),
        ("社区", [(f"role:{role}", f"交{words}") for role, words in route_words.ROLES.items()]),
        ("请单位办理（网格员照常跟进）", [(f"unit:{one.key}", one.name) for one in units]),
    ]  # fmt: skip


def _value(target: dict) -> str:
    """A target as the value of a choice."""
    name = next((one for one in ("grid", "worker", "role", "unit", "mode") if one in target), "")
    more = f":{target['mode']}" if name == "grid" and "mode" in target else ""
    return f"{name}:{target[name]}{more}" if name else ""


def _target() -> dict[str, str]:
    name, _, value = request.form.get("to", "").partition(":")
    key, _, mode = value.partition(":")
    return {name: key} | ({"mode": mode} if mode else {}) if name else {}


def _said() -> dict[str, Any]:
    """The conditions that the form gives; what is left open is no condition."""
    found: dict[str, Any] = {name: request.form[name] for name in ONE if request.form.get(name)}
    found |= {name: request.form.getlist(name) for name in SEVERAL if request.form.getlist(name)}
    days = [int(day) for day in request.form.getlist("weekdays") if day.isascii() and day.isdecimal() and len(day) == 1]
    words = [word for word in _BETWEEN.split(request.form.get("keywords", "")[:4000]) if word]
    if days:
        found["weekdays"] = days
    if words:
        found["keywords"] = words
    if request.form.get("hazard") in ("yes", "no"):
        found["hazard"] = request.form["hazard"] == "yes"
    return found
