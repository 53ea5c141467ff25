"""Whose figures somebody may see, and how nearly: all of a place, or sums over what is the own part of it."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

import peewee

from app.rules import rights, statistics
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from app.rules.statistics import Statistics
from app.rules.statistics_counts import BY, Span
from app.rules.statistics_period import Period, is_past_month
from models.base import now
from models.case import Case
from models.place import Place

RIGHT = "statistics.read"
#: Places that hold communities, and places inside one.
ABOVE, INSIDE = ("district", "subdistrict", "township"), ("compound", "building")


@dataclass(frozen=True)
class Sight:
    """What somebody sees of a place: which cases count, in which communities, and whether as sums alone."""

    place: Place
    communities: list[Place]
    scope: peewee.Expression
    sums: bool

    def table(self, period: Period, by: str) -> Statistics:
        """The figures. Raises Refusal `by_unknown`, and `period_not_public` for sums but of a month that is over."""
        if by not in BY:
            raise Refusal("by_unknown", "请选择按什么分列。", {"by": "不在可选的范围里"})
        if self.sums and not is_past_month(period, now()):
            said = "居民可以看已经过完的每个整月，请选择一个月份。"
            raise Refusal("period_not_public", said, {"from": "请从某月 1 日起", "to": "到同一个月的最后一天"})
        found = statistics.table(self.place, self.communities, self.scope, period=period, by=by)
        return Statistics(found.place, period, by, found.total, found.rows, self.sums)

    @staticmethod
    def span(period: Period) -> Span:
        return Span(period.start, period.stop, min(period.stop, now()))


def sight(place: Place, *, actor: Actor) -> Sight:
    """What the actor may see of a place. Raises NotFound for a place that is none of the actor's.

    Whom a case complains about does not find it in a figure either.
    """
    if not place.active or place.kind not in ("community", *ABOVE, *INSIDE):
        raise NotFound()
    whole = place if place.kind in ABOVE else place.community
    inside = place if place.kind in INSIDE else None
    communities = _communities(whole)
    here = Case.community.in_([one.id for one in communities]) & rights.not_about(actor)
    if rights.may(actor, RIGHT, community=whole, place=inside):
        return Sight(place, communities, here & _below(inside) if inside else here, False)
    # Sums are given of one place alone: the own one. Of two places, one in the other, the rest could be told.
    held = rights.sums(actor, RIGHT, whole)
    wide = any(scope == "s" for _, scope in held) and any(role.place_id == place.id for role in actor.roles)
    if inside is None and (wide or any(scope == "c" for _, scope in held)):
        return Sight(place, communities, here, True)
    own = _own(actor, {part for part, scope in held if scope in "bgt"}, whole)
    if inside is not None or not own:
        raise NotFound()
    return Sight(place, communities, here & reduce(or_, own), True)


def _own(actor: Actor, parts: set[str], community: Place) -> list[peewee.Expression]:
    """The conditions on Case of what is the actor's in these parts: the building, the grid, the tasks, the unit's."""
    found: list[peewee.Expression] = []
    for role in actor.roles:
        if role.kind not in parts or role.place.community_id != community.id:
            continue
        if role.kind == "building_head":
            found.append(_below(role.place))
        elif role.kind == "grid_worker" and role.grid_id:
            found.append(Case.grid == role.grid_id)
        elif role.kind == "mediator":
            found.append(Case.handler == actor.person)
    if "unit_contact" in parts and actor.units:
        found.append(Case.unit.in_(list(actor.units)))
    return found


def _below(place: Place) -> peewee.Expression:
    line = Place.above.startswith(f"{place.above}{place.id}/")
    return Case.place.in_(Place.select(Place.id).where((Place.id == place.id) | line))


def _communities(place: Place) -> list[Place]:
    if place.kind == "community":
        return [place]
    below = Place.above.startswith(f"{place.above}{place.id}/")
    return list(Place.select().where(Place.kind == "community", Place.active, below).order_by(Place.id))


def places(actor: Actor) -> list[Place]:
    """The places whose figures this person may ask for, the widest first: one query."""
    wide = [role.place for role in actor.roles if role.place.kind in ABOVE]
    wide = [one for one in dict.fromkeys(wide) if rights.may(actor, RIGHT, community=one) or _sums_of(one, actor)]
    every = Place.select().where(Place.kind == "community", Place.active).order_by(Place.id)
    inside = [
        place for place in every
        if rights.may(actor, RIGHT, community=place)
        or any(scope != "s" for _, scope in rights.sums(actor, RIGHT, place))
    ]  # fmt: skip
    return [*wide, *inside]


def _sums_of(place: Place, actor: Actor) -> bool:
    return any(scope == "s" for _, scope in rights.sums(actor, RIGHT, place))
