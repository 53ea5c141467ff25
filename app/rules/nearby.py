"""Is it known already? What is being seen to at the same place, so that one can say 我也遇到了 instead of reporting.

Only what everybody may know of (app.rules.public), and only what happens to a place: never a category that neighbours
may not know of, for "in your building" would tell whose. How far it is goes out in words, in steps of ten metres.

Three looks at three small indexes (models.case.LEADING), each of a bounded number of rows, whatever there is besides.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import peewee

from app.rules.actor import Actor
from app.rules.coordinates import Point
from app.rules.locate import SAME_POINT, metres
from app.rules.public import public_cases
from app.rules.setting import categories_of
from models.case import LEADING, Case
from models.lifecycle import CASE_OPEN
from models.place import Place, ancestor, line_of

MOST = 5
#: Each look takes so many at most: of the point the nearest, of a building and a compound the newest.
LOOK_AT = 60
#: Metres in a degree of latitude, and of longitude at the equator (as app.rules.locate.metres).
NORTH, EAST = 111_132, 111_320
#: The nearer first; a building stands behind every distance, and a compound behind it; within one the own kind first.
_BUILDING, _COMPOUND = 100_001.0, 100_002.0


class Near(NamedTuple):
    """An open case near by, and how near, for people."""

    case: Case
    words: str


def nearby(
    query: peewee.ModelSelect,
    *,
    actor: Actor,
    community: Place,
    place: Place | None = None,
    point: Point | None = None,
    category: str | None = None,
) -> list[Near]:
    """At most five open cases near a point, or in the building or compound of a place, the nearest first.

    How far "near" reaches is each category's own (`near_metres`). `query` selects cases with their category and place.
    Of the compound only those of the very `category` (a code), and none without it: the compound's list is elsewhere.
    One reported at the same kind stands before others as near. What is probably one of them is not shown beside it.
    """
    kinds = {row.code: row for row in categories_of(community) if row.public and row.zone != "private_exclusive"}
    shown, chosen = [row.id for row in kinds.values()], [kinds[category].id] if category in kinds else []
    building, compound = ancestor(place, "building"), ancestor(place, "compound")
    reach = max((row.near_metres for row in kinds.values()), default=SAME_POINT)
    ids = at_point(community, point, reach, shown) + in_building(building, shown) + in_compound(compound, chosen)
    found = []
    for case in read(query.where(public_cases(actor), Case.zone != "private_exclusive"), ids):
        reached = kinds[case.category.code].near_metres
        distance = min(_distances(case, building, compound, point, reached), default=None)
        same_kind = case.category.code == category
        if distance is not None and (distance < _COMPOUND or same_kind):
            found.append((distance, not same_kind, -case.id, Near(case, _words(distance))))
    # Ten metres more or less say nothing: the same kind goes first.
    found.sort(key=lambda row: (_step(row[0]), *row[1:3]))
    return [row[3] for row in found[:MOST]]


def at_point(community: Place, point: Point | None, reach: float, categories: list[int]) -> list[int]:
    """The ids of what is going on in the square of `reach` metres around a (latitude, longitude), the nearest first."""
    if point is None:
        return []
    north, east = reach / NORTH, reach / (EAST * max(0.01, math.cos(math.radians(point[0]))))
    up, aside = Case.lat - point[0], (Case.lng - point[1]) * (north / east)
    inside = Case.lat.between(point[0] - north, point[0] + north) & Case.lng.between(point[1] - east, point[1] + east)
    there = _leading(Case.community == community, inside, _of(categories))
    return [row[0] for row in there.order_by(up * up + aside * aside, Case.id.desc()).limit(LOOK_AT).tuples()]


def in_building(building: Place | None, categories: list[int]) -> list[int]:
    """The ids of the newest that is going on in a building, also at its entrances and doors."""
    if building is None:
        return []
    there = _leading(Case.place.in_([building.id, *_below(building)]), _of(categories))
    return [row[0] for row in there.order_by(Case.id.desc()).limit(LOOK_AT).tuples()]


def _below(building: Place) -> Iterator[int]:
    """The ids of entrances and doors of a building, by the index of parents: two levels at most."""
    entrance = Place.alias()
    direct = Place.select(Place.id).where(Place.parent == building)
    doors = Place.select(Place.id).join(entrance, on=(Place.parent == entrance.id)).where(entrance.parent == building)
    yield from (row[0] for row in direct.union_all(doors).tuples())


def in_compound(compound: Place | None, categories: list[int]) -> list[int]:
    """The ids of the newest of these categories that is going on in a compound."""
    if compound is None or not categories:
        return []
    there = Place.alias()
    inside = (there.id == compound.id) | there.above.startswith(f"{compound.above}{compound.id}/")
    inside = peewee.fn.EXISTS(there.select(there.id).where(there.id == Case.place, inside))
    newest = _leading(Case.community == compound.community_id, Case.category.in_(categories), inside)
    return [row[0] for row in newest.order_by(Case.id.desc()).limit(LOOK_AT).tuples()]


def _leading(*conditions) -> peewee.ModelSelect:
    """The ids alone, of one table: with others joined a planner might begin with those."""
    # Of no complaint, said so that no planner takes it for the way in: to SQLite "is null" is as good as "equals".
    calm = peewee.fn.COALESCE(Case.about, Case.about_unit).is_null()
    return Case.select(Case.id).where(LEADING, calm, *conditions)


def _of(categories: list[int]) -> peewee.Expression:
    """Of these categories, said so that no planner takes it for the way in."""
    return (Case.category + 0).in_(categories)


def read(query: peewee.ModelSelect, ids: list[int]) -> list[Case]:
    """These cases by a query, as far as it finds them, without what is over by its state."""
    return [case for case in query.where(Case.id.in_(ids)) if case.state in CASE_OPEN] if ids else []


def _distances(
    case: Case, building: Place | None, compound: Place | None, point: Point | None, reach: float
) -> Iterator[float]:
    """Metres from the point, when that is near; or what stands for the same building and compound."""
    if point is not None and case.lat is not None:
        far = metres(point, (case.lat, case.lng))
        if far <= reach:
            yield far
    there = line_of(case.place) if case.place_id is not None else []
    if building is not None and building.id in there:
        yield _BUILDING
    if compound is not None and compound.id in there:
        yield _COMPOUND


def _step(distance: float) -> int:
    return int(distance) if distance >= _BUILDING else max(10, round(distance / 10) * 10)


def _words(distance: float) -> str:
    if distance == _BUILDING:
        return "同一栋楼"
    return "同一个小区" if distance == _COMPOUND else f"约 {_step(distance)} 米"
