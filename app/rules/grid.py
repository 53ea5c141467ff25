"""A governance grid seen from within: which doors lie in it, how many, and what is open there.

The narrowest place counts: a building that was given to another grid is no part of its compound's one.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

import peewee

from app.rules import rights
from app.rules.actor import Actor
from models.case import Case
from models.lifecycle import CASE_OPEN
from models.place import Grid, GridPlace, Place


class Seen(NamedTuple):
    """A grid with its compounds and buildings, its doors, and the open cases that its reader may know of."""

    grid: Grid
    places: list[Place]
    households: int
    open_cases: int
    hazards: int


def grids_of(actor: Actor) -> list[Grid]:
    """The grids one looks after: those one works in, and all of a community one administers."""
    held = rights.holders("grid.read") - {"grid_worker"}
    admin_of = [role.place_id for role in actor.roles if role.kind in held]
    mine = Grid.id.in_(list(actor.grids())) | Grid.community.in_(admin_of)
    return list(Grid.select(Grid, Place).join(Place).where(mine).order_by(Grid.code))


def overview(grids: list[Grid], *, actor: Actor) -> list[Seen]:
    """What there is in each of these grids: three queries, however many they are."""
    links = _links({grid.community_id for grid in grids})
    doors = _doors(links, {grid.community_id for grid in grids})
    opened = _open_cases(grids, actor)
    return [
        Seen(grid, [link.place for link in links if link.grid_id == grid.id], doors[grid.id], *opened[grid.id])
        for grid in grids
    ]


def inside(grid: Grid) -> peewee.Expression:
    """The condition on Place that it lies in a grid, by the narrowest place that is in one."""
    links = _links([grid.community_id])
    return reduce(or_, [_below(link, links) for link in links if link.grid_id == grid.id], Place.id.is_null())


def _links(communities: Iterable[int]) -> list[GridPlace]:
    rows = GridPlace.select(GridPlace, Place).join(Place).where(Place.community.in_(list(communities)))
    return list(rows.order_by(GridPlace.id))


def _below(link: GridPlace, links: list[GridPlace]) -> peewee.Expression:
    others = [one for one in links if one.id != link.id and f"/{link.place_id}/" in f"/{one.place.above}"]
    without = [~_under(one.place_id) for one in others if one.grid_id != link.grid_id]
    return reduce(and_, without, _under(link.place_id))


def _under(place: int) -> peewee.Expression:
    return Place.above.contains(f"/{place}/")


def _doors(links: list[GridPlace], communities: Iterable[int]) -> dict[int, int]:
    """How many households lie in each grid (by its id), counted by what they stand under."""
    grid_of = {link.place_id: link.grid_id for link in links}
    rows = Place.select(Place.above, peewee.fn.COUNT(Place.id)).where(
        Place.community.in_(list(communities)), Place.kind == "household", Place.active
    )
    found: dict[int, int] = defaultdict(int)
    for above, count in rows.group_by(Place.above).tuples():
        line = [int(part) for part in reversed(above.split("/")) if part]
        nearest = next((grid_of[one] for one in line if one in grid_of), None)
        if nearest is not None:
            found[nearest] += count
    return found


def _open_cases(grids: list[Grid], actor: Actor) -> dict[int, tuple[int, int]]:
    """Open cases and hazards among them, by the grid's id; what complains about the actor is not counted."""
    hazards = peewee.fn.SUM(peewee.Case(None, [(Case.hazard, 1)], 0))
    rows = Case.select(Case.grid, peewee.fn.COUNT(Case.id), hazards).where(
        Case.grid.in_(grids), Case.state.in_(CASE_OPEN), rights.not_about(actor)
    )
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    return found | {grid: (count, int(danger)) for grid, count, danger in rows.group_by(Case.grid).tuples()}
