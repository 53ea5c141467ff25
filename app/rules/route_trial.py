"""Trying routing rules on past cases: who would get each now, and who got it then. Nothing is changed by it.

For an anonymous report it is not asked who stands behind it: whoever could try rules on past cases would find out.
"""

from typing import NamedTuple

from peewee import JOIN

from app.rules import crew, rights, route
from app.rules.actor import Actor
from app.rules.setting import setting
from models.base import now
from models.case import Case
from models.category import Category
from models.person import Person
from models.place import Grid, Place
from models.role import Role, holds_at
from models.route import Route

#: So many past cases are tried at most.
MOST = 200


class Tried(NamedTuple):
    """One past case: by which rule it would go where, who had it, and whether that differs."""

    case: Case
    route: Route | None
    to: str
    worker: Person | None
    changed: bool


class Trial(NamedTuple):
    """What came of it, the newest case first, with the number of cases that would go elsewhere, and by rule."""

    rows: list[Tried]
    changed: int
    by_route: dict[str, int]


def tried(community: Place, *, actor: Actor, limit: int = MOST) -> Trial:
    """Try the active rules of a community on its newest cases that the actor may read; at most MOST of them.

    Seven queries, however many cases. Complaints about somebody on duty, or about a unit, are left out.
    """
    rights.need(actor, "route.read", community=community)
    cases = _cases(community, actor, min(limit, MOST))
    board = route.board_of(community, now())
    workers, everybody = _workers(community)
    loads, usual = crew.loads(everybody), setting(community, "dispatch_mode")
    rows = [_tried(case, board, workers, everybody, loads, usual) for case in cases]
    by_route: dict[str, int] = {}
    for row in rows:
        if row.route is not None:
            by_route[row.route.key] = by_route.get(row.route.key, 0) + 1
    return Trial(rows, sum(row.changed for row in rows), by_route)


def _cases(community: Place, actor: Actor, limit: int) -> list[Case]:
    handler = Person.alias()
    place = Place.alias()
    rows = (
        Case.select(Case, Category, place, handler)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(place, JOIN.LEFT_OUTER, on=(Case.place == place.id), attr="place")
        .switch(Case)
        .join(handler, JOIN.LEFT_OUTER, on=(Case.handler == handler.id), attr="handler")
        .where(
            Case.community == community, Case.about.is_null(), Case.about_unit.is_null(), rights.readable_cases(actor)
        )
    )
    return list(rows.order_by(Case.id.desc()).limit(limit))


def _workers(community: Place) -> tuple[dict[int, list[Person]], list[Person]]:
    """The workers of each grid, by its id and by rank, and all of them."""
    posts = Role.select(Role, Person, Grid).join(Person, on=(Role.person == Person.id)).switch(Role)
    posts = posts.join(Grid, JOIN.LEFT_OUTER, on=(Role.grid == Grid.id)).where(
        Role.place == community, Role.kind == "grid_worker", holds_at(now())
    )
    found: dict[int, list[Person]] = {}
    everybody = []
    for post in posts.order_by(Role.rank, Role.id):
        everybody.append(post.person)
        if post.grid_id:
            found.setdefault(post.grid_id, []).append(post.person)
    return found, list(dict.fromkeys(everybody))


def _tried(
    case: Case, board: route.Board, workers: dict[int, list[Person]], everybody: list[Person],
    loads: dict[int, crew.Load], usual: str,
) -> Tried:  # fmt: skip
    choice = route.choose(board, case, case.created_at, lambda people: people)
    outside = case.grid_id is None and case.place_id is not None
    people = list(choice.people) or (everybody if outside else workers.get(case.grid_id, []))
    mode = "" if choice.people and not choice.mode else choice.mode or ("rotate" if outside else usual)
    had = case.handler if case.handler_id else None
    if not people:
        return Tried(case, choice.route, "社区管理员安排", had, had is not None)
    if mode == "grab":
        return Tried(case, choice.route, "网格员抢单", had, had is not None and had not in people)
    worker = (crew.by_turns(people, loads) if mode == "rotate" else people)[0]
    return Tried(case, choice.route, worker.name, had, had != worker)
