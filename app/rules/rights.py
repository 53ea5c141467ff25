"""The guard's questions to the matrix (app.rules.matrix): may this person do that here, how far, and masked or not?

A route or command that names an action which is not in the matrix fails the build (tests/test_doors.py).
"""

from functools import reduce
from operator import or_

import peewee

from app.rules.actor import HANDLERS, WIDE, Actor, Reach
from app.rules.matrix import OPEN, RIGHTS, Grant
from app.rules.refusal import Forbidden, NotFound
from models.base import now
from models.case import Case
from models.glass import Glass
from models.lifecycle import CASE_OPEN
from models.place import Place

__all__ = [
    "OPEN", "RIGHTS", "cases_for", "communities_of", "holders", "masked", "may", "may_break", "need", "needs_second",
    "not_about", "plainly", "readable_cases", "sums",
]  # fmt: skip


def may(
    actor: Actor,
    action: str,
    *,
    community: Place | None = None,
    place: Place | None = None,
    case: Case | None = None,
) -> bool:
    """Whether the right is held: towards a case, in a community (or over a `place` in it), or somewhere at all.

    A right that asks for a second person counts as held: whoever does the deed asks `needs_second`. One that asks for
    broken glass counts towards a case only, while the glass is broken (app.rules.glass). One over sums never counts:
    it opens no row of anybody, whoever adds up rows asks the matrix for it.
    """
    return bool(_grants(actor, action, community, place, case))


def need(
    actor: Actor,
    action: str,
    *,
    community: Place | None = None,
    place: Place | None = None,
    case: Case | None = None,
) -> None:
    """Refuse unless the right is held: Forbidden, or NotFound for what the actor may not even see."""
    if may(actor, action, community=community, place=place, case=case):
        return
    if case is not None and not may(actor, "case.read", case=case):
        raise NotFound()
    raise Forbidden()


def sums(actor: Actor, action: str, community: Place | None = None) -> frozenset[Reach]:
    """The parts that give this right over sums alone, and how far each reaches: in a place, or somewhere at all.

    Which rows are added up for whom is decided by who adds them up; `may` never counts these.
    """
    parts = actor.anywhere() if community is None else actor.parts_in(community)
    row = RIGHTS[action]
    return frozenset((part, grant.scope) for part in parts for grant in row.get(part, ()) if grant.sums)


def masked(
    actor: Actor,
    action: str,
    *,
    community: Place | None = None,
    place: Place | None = None,
    case: Case | None = None,
) -> bool:
    """Whether names, phones and doors stay masked for this right; also when it is not held at all."""
    return all(grant.masked for grant in _grants(actor, action, community, place, case))


def needs_second(
    actor: Actor,
    action: str,
    *,
    community: Place | None = None,
    case: Case | None = None,
) -> bool:
    """Whether everything that gives the actor this right asks for a second person."""
    found = _grants(actor, action, community, None, case)
    return bool(found) and all(grant.second for grant in found)


def _grants(
    actor: Actor, action: str, community: Place | None, place: Place | None, case: Case | None
) -> list[Grant]:
    row = RIGHTS[action]
    if "anyone" in row:
        return list(row["anyone"])
    if case is not None:
        found = _held(row, actor.reach_of(case))
        if found or not may_break(actor, action, case) or not _broken(actor, action, case):
            return found
        return [Grant("t")]
    if community is not None:
        return _held(row, actor.reach_in(community, place))
    return [grant for part in actor.anywhere() for grant in row.get(part, ()) if not (grant.glass or grant.sums)]


def _held(row: dict[str, tuple[Grant, ...]], reach: frozenset[Reach], glass: bool = False) -> list[Grant]:
    """The grants of a row that this reach gives; what needs broken glass apart."""
    return [
        grant
        for part, grants in row.items()
        for grant in grants
        if grant.glass == glass and not grant.sums and _reaches(part, grant.scope, reach)
    ]


def _reaches(part: str, scope: str, reach: frozenset[Reach]) -> bool:
    """One's own is one's own in whatever part one plays: the guest's reach says whose it is."""
    if scope == "o":
        return ("guest", "o") in reach and any(part == held for held, _ in reach)
    return (part, scope) in reach


def plainly(actor: Actor, action: str, case: Case) -> bool:
    """Whether the right towards a case is held without broken glass: for lists, it asks the database nothing."""
    row = RIGHTS[action]
    own = case.reporter_id in actor.selves and _has(row, "guest", "o")
    return own or bool(_held(row, actor.reach_of(case)))


def may_break(actor: Actor, action: str, case: Case) -> bool:
    """Whether the actor could hold this right towards a case by breaking the glass."""
    return bool(_held(RIGHTS[action], actor.reach_of(case), glass=True))


def _broken(actor: Actor, action: str, case: Case) -> bool:
    return (
        Glass.select()
        .where(Glass.person == actor.person, Glass.case == case, Glass.action == action, Glass.ends_at > now())
        .exists()
    )


def holders(action: str) -> frozenset[str]:
    """The parts that hold an action somewhere without breaking the glass."""
    return frozenset(part for part, grants in RIGHTS[action].items() if not all(grant.glass for grant in grants))


def readable_cases(actor: Actor) -> peewee.Expression:
    """`case.read` as a condition for lists."""
    return cases_for(actor, "case.read")


def cases_for(actor: Actor, action: str) -> peewee.Expression:
    """An action of the matrix as a condition on Case, for lists: what `may(…, case=)` allows one by one.

    What is about oneself is not among them, but for one's own report.
    """
    row = RIGHTS[action]
    own = [Case.reporter.in_(list(actor.selves))] if _has(row, "guest", "o") else []
    others = [*_by_role(actor, row), *_by_living(actor, row)]
    if _has(row, "unit_contact", "t") and actor.units:
        others.append(Case.unit.in_(list(actor.units)) & Case.state.in_(CASE_OPEN))
    if _has(row, "unit_contact", "c") and actor.served:
        others.append(Case.community.in_(list(actor.served)))
    behind = [role.place_id for role in actor.roles if any(grant.glass for grant in row.get(role.kind, ()))]
    if behind:
        broken = Glass.select(Glass.case).where(
            Glass.person == actor.person, Glass.action == action, Glass.ends_at > now()
        )
        others.append(Case.id.in_(broken) & Case.community.in_(_communities_below(behind)))
    there = [reduce(or_, others) & ~_about(actor)] if others else []
    if _has(row, "party", "t"):
        there.append(_about(actor) & Case.party_told_at.is_null(False))
    return reduce(or_, [*own, *there], Case.id.is_null())


def _has(row: dict[str, tuple[Grant, ...]], part: str, scope: str) -> bool:
    return any(grant.scope == scope and not grant.glass for grant in row.get(part, ()))


def not_about(actor: Actor) -> peewee.Expression:
    """The condition on Case, also on one that is joined and not there, that it does not complain about the actor."""
    return ~_about(actor)


def _about(actor: Actor) -> peewee.Expression:
    """The cases that complain about this person or a unit this person answers for; never NULL."""
    about = Case.about.is_null(False) & (Case.about == actor.person)
    if not actor.units:
        return about
    return about | (Case.about_unit.is_null(False) & Case.about_unit.in_(list(actor.units)))


def _by_role(actor: Actor, row: dict[str, tuple[Grant, ...]]) -> list[peewee.Expression]:
    found: list[peewee.Expression] = []
    above = [role.place_id for role in actor.roles if role.kind in WIDE and _has(row, role.kind, "s")]
    inside = [role.place.community_id for role in actor.roles if role.kind not in WIDE and _has(row, role.kind, "c")]
    if above or inside:
        found.append(Case.community.in_(_communities_below(above + inside)))
    on_duty = [role.place_id for role in actor.roles if role.kind in HANDLERS and _has(row, role.kind, "t")]
    if on_duty:
        found.append((Case.handler == actor.person) & Case.community.in_(on_duty))
    grids = [role.grid_id for role in actor.roles if role.grid_id and _has(row, role.kind, "g")]
    if grids:
        found.append(Case.grid.in_(grids))
    return found


def _by_living(actor: Actor, row: dict[str, tuple[Grant, ...]]) -> list[peewee.Expression]:
    homes = [home.community_id for home in actor.homes]
    return [Case.community.in_(homes)] if homes and _has(row, "resident", "c") else []


def communities_of(actor: Actor, action: str) -> peewee.ModelSelect:
    """The communities in which a part that is appointed, or answering for a unit, gives an action: for lists.

    Without those where only living there gives it.
    """
    row = RIGHTS[action]
    above = [role.place_id for role in actor.roles if role.kind in WIDE and _has(row, role.kind, "s")]
    inside = [role.place.community_id for role in actor.roles if role.kind not in WIDE and _has(row, role.kind, "c")]
    return _communities_below([*above, *inside, *(actor.served if _has(row, "unit_contact", "c") else ())])


def _communities_below(places: list[int]) -> peewee.ModelSelect:
    """The communities that are, or lie in, these places."""
    parent = Place.alias()
    return (
        Place.select(Place.id)
        .join(parent, on=(Place.parent == parent.id))
        .where(Place.kind == "community", Place.id.in_(places) | parent.id.in_(places) | parent.parent.in_(places))
    )
