"""Who is on duty: the workers of a grid or community, and the levels above that answer for a case, the nearest first.

Whom a case is about, also as a contact of the unit it is about, is never among those who are told of it.
"""

from typing import NamedTuple

import peewee

from app.rules.words import complains
from models.base import now
from models.case import Case
from models.person import Person
from models.place import Grid, Place, line_of
from models.role import Role, holds_at
from models.unit import UnitContact

#: Who decides on a case, from the nearest level up. A level acts where those before it have nobody.
LEVELS = ("community_admin", "subdistrict_admin", "district_admin", "operator")


#: The states in which a case is work in the hands of its worker.
IN_HAND = ("dispatched", "handling")


class Load(NamedTuple):
    """How many open cases somebody has in hand, and the id of the newest one ever had; 0 without any."""

    open_cases: int
    last: int


NOTHING = Load(0, 0)


def _people(*conditions) -> list[Person]:
    query = (
        Person.select(Person)
        .join(Role, on=(Role.person == Person.id))
        .where(holds_at(now()), *conditions)
        .order_by(Role.rank, Role.id)
    )
    return list(dict.fromkeys(query))


def workers_of(grid: Grid | None) -> list[Person]:
    """The workers of a grid by rank; none without a grid."""
    return _people(Role.kind == "grid_worker", Role.grid == grid) if grid else []


def workers_in(community: Place) -> list[Person]:
    """All grid workers of a community."""
    return _people(Role.kind == "grid_worker", Role.place == community)


def workers_for(case: Case) -> list[Person]:
    """Who is sent unasked: the workers of the grid, but nobody to a complaint about one of the crew."""
    return [] if case.about_id else but_parties(workers_of(case.grid), case)


def loads(people: list[Person]) -> dict[int, Load]:
    """How much each of these people has in hand, by the person's id; without a row: NOTHING. One aggregate query."""
    in_hand = peewee.fn.SUM(peewee.Case(None, [(Case.state.in_(IN_HAND), 1)], 0))
    rows = (
        Case.select(Case.handler, in_hand, peewee.fn.MAX(Case.id))
        .where(Case.handler.in_([one.id for one in people]))
        .group_by(Case.handler)
    )
    return {person: Load(int(count), last) for person, count, last in rows.tuples()} if people else {}


def by_turns(people: list[Person], known: dict[int, Load] | None = None) -> list[Person]:
    """The same people, who has least in hand first, then whose last case is the oldest; else in the order given."""
    if len(people) < 2:
        return people
    held = loads(people) if known is None else known
    return sorted(people, key=lambda one: held.get(one.id, NOTHING))


def sendable(case: Case) -> list[Person]:
    """The workers of the community whom an admin may send to a case."""
    return but_parties(workers_in(case.community), case)


def parties_of(case: Case) -> frozenset[int]:
    """Whom a case complains about, as person ids: the person, and who answers for the unit now."""
    about = frozenset({case.about_id} if case.about_id else ())
    if case.about_unit_id is None:
        return about
    ends = UnitContact.ends_at
    in_force = (UnitContact.starts_at <= now()) & (ends.is_null() | (ends > now()))
    contacts = UnitContact.select(UnitContact.person).where(UnitContact.unit == case.about_unit_id, in_force)
    return about | {contact.person_id for contact in contacts}


def but_parties(people: list[Person], case: Case) -> list[Person]:
    """Without whom the case complains about."""
    parties = parties_of(case)
    return [one for one in people if one.id not in parties]


def holding(parts: list[str], place: Place) -> list[Person]:
    """Who holds one of these parts at a place or above it."""
    return _people(Role.kind.in_(parts), Role.place.in_(line_of(place)))


def answering_for(place: Place, case: Case | None = None) -> list[Person]:
    """Who looks at alerts of a place: its admins, and the street above it; where there is nobody, the district.

    An alert of a case is never for whom the case is about.
    """
    parties = parties_of(case) if case else frozenset()
    near = [one for one in holding(["community_admin", "subdistrict_admin"], place) if one.id not in parties]
    far = [] if near else holding(["district_admin", "operator"], place)
    return near or [one for one in far if one.id not in parties]


def on_duty(person: Person, community: Place) -> bool:
    """Whether somebody works in a community now, as its worker or its admin."""
    here = _people(Role.kind.in_(("grid_worker", "community_admin")), Role.place == community, Role.person == person)
    return bool(here)


def named_in(words: str, community: Place, reporter: Person) -> Person | None:
    """The first person on duty for a community of whom the words complain by name, other than the reporter.

    A name alone is no complaint: "王大山师傅，井盖坏了" must reach 王大山 at once.
    """
    if not complains(words):
        return None
    said = "".join(words.split())
    on_duty = _people(Role.place.in_(line_of(community)), Role.person != reporter)
    named = [one for one in on_duty if len(one.name) >= 2 and one.name in said]
    return min(named, key=lambda one: said.index(one.name), default=None)


def _levels(case: Case) -> list[list[Person]]:
    """Who decides on a case, a list for each of LEVELS."""
    roles = list(
        Role.select(Role, Person)
        .join(Person, on=(Role.person == Person.id))
        .where(holds_at(now()), Role.kind.in_(LEVELS), Role.place.in_(line_of(case.community)))
        .order_by(Role.rank, Role.id)
    )
    parties = parties_of(case)
    asked = [role for role in roles if role.person_id not in parties]
    return [list(dict.fromkeys(role.person for role in asked if role.kind == kind)) for kind in LEVELS]


def deciders_of(case: Case, *, above: bool = False) -> list[Person]:
    """The people of the nearest level that has any: from the community up, or `above` it.

    Where nobody is above, the community's own admins are asked again.
    """
    nearest, *higher = _levels(case)
    order = [*higher, nearest] if above else [nearest, *higher]
    return next(filter(None, order), [])


def chain_of(case: Case) -> list[Person]:
    """Who is asked one after the other when a task does not arrive.

    Not the operators: the task quotes the resident, and they may not read cases.
    """
    *levels, _operators = _levels(case)
    return list(dict.fromkeys([*workers_for(case), *(one for people in levels for one in people)]))
