"""Is it known already? What is being seen to at the same place, so that one can say 我也遇到了 instead of reporting.

Only what everybody may know of (app.rules.public), and only what happens to a place: never what may be about a person
or a home, for "in your building" would tell whose. How far it is goes out in words, in steps of ten metres.
"""

from collections.abc import Iterator
from typing import NamedTuple

import peewee

from app.rules.actor import Actor
from app.rules.coordinates import Point
from app.rules.locate import SAME_POINT, metres
from app.rules.public import public_cases
from models.case import Case
from models.category import Category
from models.lifecycle import CASE_OPEN
from models.place import Place, ancestor, line_of

MOST = 5
#: More open cases than a community has at a time; of more the newest are looked at.
LOOK_AT = 500
#: Kinds that are, or may be, about how somebody behaves or lives, and those that are no state of a place.
NEVER = frozenset({"noise", "pets", "neighbour_dispute", "property_service", "consult", "suggestion", "other"})
#: The nearer first; within one, the own kind first.
_BUILDING, _COMPOUND = SAME_POINT + 1, SAME_POINT + 2


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
    """At most five open cases within 50 m of a point or in the building or compound of a place, the nearest first.

    `query` selects cases with their category and place. Of the compound only those of the very `category` (a code), and
    none without it: the compound's list is elsewhere. One reported at the same kind stands before others as near.
    """
    listed = query.where(
        public_cases(actor), Case.state.in_(CASE_OPEN), Case.community == community, Category.code.not_in(list(NEVER)),
        Category.zone != "private_exclusive",
    )  # fmt: skip
    building, compound = ancestor(place, "building"), ancestor(place, "compound")
    found = []
    for case in listed.order_by(Case.id.desc()).limit(LOOK_AT):
        distance = min(_distances(case, building, compound, point), default=None)
        same_kind = case.category.code == category
        if distance is not None and (distance < _COMPOUND or same_kind):
            found.append((distance, not same_kind, -case.id, Near(case, _words(distance))))
    # Ten metres more or less say nothing: the same kind goes first.
    found.sort(key=lambda row: (_step(row[0]), *row[1:3]))
    return [row[3] for row in found[:MOST]]


def _distances(case: Case, building: Place | None, compound: Place | None, point: Point | None) -> Iterator[float]:
    """Metres from the point, when that is near; or what stands for the same building and compound."""
    if point is not None and case.lat is not None:
        far = metres(point, (case.lat, case.lng))
        if far <= SAME_POINT:
            yield far
    there = line_of(case.place) if case.place_id is not None else []
    if building is not None and building.id in there:
        yield _BUILDING
    if compound is not None and compound.id in there:
        yield _COMPOUND


def _step(distance: float) -> int:
    return int(distance) if distance > SAME_POINT else max(10, round(distance / 10) * 10)


def _words(distance: float) -> str:
    if distance == _BUILDING:
        return "同一栋楼"
    return "同一个小区" if distance == _COMPOUND else f"约 {_step(distance)} 米"
