"""Routing rules 分派规则: who gets which case. A community's rules in their order, the first that fits decides.

A rule is data (models.route.Route). Every condition that it gives must hold:

    categories  codes of categories           zone      public_area, compound_common or private_exclusive
    grids       keys of grids                 compounds keys of places, each with everything below it
    hours       "work", "off" or "night"      weekdays  1 (Monday) to 7, by the calendar of Asia/Shanghai
    hazard      true or false                 priority  p0 … p4, consult, suggestion
    channel     by which door it came         keywords  words, any of which is in the report

The target is one of {"worker": key}, {"grid": key}, {"role": "community_admin"}, {"unit": key} or {"mode": "rotate"}; a
grid may come with the mode "rotate". Where no rule fits, the case goes to the grid of its place. A complaint about
somebody on duty is never routed. How rules are written and tried is in route_edit.py and route_trial.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from peewee import JOIN

from app.rules import unit_duty
from app.rules.clock import ZONE, Calendar
from app.rules.setting import calendar_of
from models.case import Case
from models.person import Person
from models.place import Grid, Place, line_of
from models.role import Role, holds_at
from models.route import Route
from models.unit import Unit

NIGHT = (22, 6)


@dataclass(frozen=True)
class Board:
    """What routing looks at in a community, read once: three queries, or one where there are no rules."""

    routes: tuple[Route, ...]
    calendar: Calendar | None = None
    #: Who is on duty, by key of the person; by key of the grid; and the community's admins, by rank.
    workers: dict[str, Person] = field(default_factory=dict)
    grids: dict[str, list[Person]] = field(default_factory=dict)
    admins: list[Person] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    #: Ids of the grids and places that rules name, by their keys.
    grid_ids: dict[str, int] = field(default_factory=dict)
    place_ids: dict[str, int] = field(default_factory=dict)


class Choice(NamedTuple):
    """Which rule decides, whom it sends in this order, how, and the unit it asks; with the rules whose target is gone.

    No `route`: none fits. No `people` and no `mode`: whoever the grid of the case has. `mode` empty: the first goes.
    """

    route: Route | None = None
    people: tuple[Person, ...] = ()
    mode: str = ""
    unit: Unit | None = None
    gone: tuple[Route, ...] = ()


def routes_of(community: Place) -> list[Route]:
    """The rules of a community in their order."""
    return list(Route.select().where(Route.community == community).order_by(Route.position, Route.id))


def board_of(community: Place, moment: datetime, routes: list[Route] | None = None) -> Board:
    """What routing looks at in a community at a moment; with other `routes` than the active ones kept, to try them."""
    rows = [one for one in routes_of(community) if one.active] if routes is None else routes
    if not rows:
        return Board(())
    workers: dict[str, Person] = {}
    grids: dict[str, list[Person]] = {}
    admins: list[Person] = []
    posts = Role.select(Role, Person, Grid).join(Person, on=(Role.person == Person.id)).switch(Role)
    posts = posts.join(Grid, JOIN.LEFT_OUTER, on=(Role.grid == Grid.id)).where(
        Role.place == community, Role.kind.in_(("grid_worker", "community_admin")), holds_at(moment)
    )
    for post in posts.order_by(Role.rank, Role.id):
        if post.kind == "community_admin":
            admins.append(post.person)
            continue
        workers.setdefault(post.person.key, post.person)
        if post.grid_id:
            grids.setdefault(post.grid.key, []).append(post.person)
    named_units = {one.target["unit"] for one in rows if "unit" in one.target}
    named_grids = _named(rows, "grids") | {one.target["grid"] for one in rows if "grid" in one.target}
    units = Unit.select().where(Unit.community == community, Unit.key.in_(named_units)) if named_units else ()
    return Board(
        tuple(rows), calendar_of(community), workers, grids, admins, {one.key: one for one in units},
        _ids(Grid, named_grids), _ids(Place, _named(rows, "compounds")),
    )  # fmt: skip


def _named(rows: list[Route], condition: str) -> set[str]:
    return {key for one in rows for key in one.conditions.get(condition, ())}


def _ids(table: type[Grid] | type[Place], keys: set[str]) -> dict[str, int]:
    """The ids of rows by their keys: one query, or none."""
    return dict(table.select(table.key, table.id).where(table.key.in_(keys)).tuples()) if keys else {}


def choose(board: Board, case: Case, at: datetime, free: Callable[[list[Person]], list[Person]]) -> Choice:
    """Which rule decides where a case goes that came at a moment.

    `free` gives those of some people who may get the case. A rule whose target has left is skipped and named in `gone`;
    one all of whose people may not get it is skipped and not named: that would tell who reported.
    """
    gone: list[Route] = []
    if case.about_id is not None:
        return Choice()
    for one in board.routes:
        if not fits(one.conditions, board, case, at):
            continue
        found = _target(one, board, case)
        if found is None:
            gone.append(one)
            continue
        people = tuple(free(list(found.people)))
        if people or not found.people:
            return found._replace(people=people, gone=tuple(gone))
    return Choice(gone=tuple(gone))


def _target(one: Route, board: Board, case: Case) -> Choice | None:
    """What a rule that fits says; None when whom it names is not there any more."""
    target, mode = one.target, one.target.get("mode", "")
    if "worker" in target:
        worker = board.workers.get(target["worker"])
        return Choice(one, (worker,)) if worker else None
    if "grid" in target:
        people = board.grids.get(target["grid"])
        return Choice(one, tuple(dict.fromkeys(people)), mode) if people else None
    if "role" in target:
        return Choice(one, tuple(dict.fromkeys(board.admins))) if board.admins else None
    if "unit" in target:
        unit = board.units.get(target["unit"])
        if unit is None or unit.left_at is not None or unit_duty.is_pushed(case.category, unit):
            return None
        return Choice(one, unit=unit if unit.id != case.about_unit_id else None)
    return Choice(one, mode=mode)


def fits(conditions: dict, board: Board, case: Case, at: datetime) -> bool:
    """Whether every condition of a rule holds for a case that came at a moment."""
    return all(_TESTS[name](value, board, case, at) for name, value in conditions.items())


def hours_at(at: datetime, calendar: Calendar) -> frozenset[str]:
    """Which of the words for hours hold at a moment."""
    there = at.astimezone(ZONE)
    open_now = calendar.works_on(there.date()) and any(
        opens <= there.time() < closes for opens, closes in calendar.hours
    )
    night = {"night"} if there.hour >= NIGHT[0] or there.hour < NIGHT[1] else set()
    return frozenset({"work" if open_now else "off"} | night)


def _lies_in(keys: list[str], board: Board, case: Case, at: datetime) -> bool:
    if case.place_id is None:
        return False
    return not {board.place_ids.get(key) for key in keys}.isdisjoint(line_of(case.place))


def _says(words: list[str], board: Board, case: Case, at: datetime) -> bool:
    said = case.words.casefold()
    return any(word.casefold() in said for word in words)


_TESTS: dict[str, Callable[..., bool]] = {
    "categories": lambda codes, board, case, at: case.category.code in codes,
    "zone": lambda zone, board, case, at: (case.zone or case.category.zone) == zone,
    "grids": lambda keys, board, case, at: case.grid_id in {board.grid_ids.get(key, 0) for key in keys},
    "compounds": _lies_in,
    "hours": lambda hours, board, case, at: hours in hours_at(at, board.calendar),
    "weekdays": lambda days, board, case, at: at.astimezone(ZONE).isoweekday() in days,
    "hazard": lambda hazard, board, case, at: case.hazard == hazard,
    "priority": lambda priority, board, case, at: case.category.priority == priority,
    "channel": lambda channel, board, case, at: case.channel == channel,
    "keywords": _says,
}
CONDITIONS = frozenset(_TESTS)
