"""Which audit rows somebody may read: those of the own communities, the operator's part, and those about oneself."""

from functools import reduce
from operator import or_

import peewee

from app.rules.actor import Actor
from app.rules.rights import holders
from models.audit import Audit
from models.case import Case
from models.person import Person
from models.place import Place, line_of

#: The levels of the tree that an audit row can belong to.
LEVELS = ("district", "subdistrict", "township", "community")
#: What keeps the installation running: an operator reads it, and nothing of what goes on in a community.
OPERATIONS = ("session.", "signin.", "credential.", "desk.", "role.", "audit.")
#: One person may have been known as two before the platform said so; the chain of such joins is no longer than this.
JOINS = 5


def visible(actor: Actor, action: str = "audit.read") -> peewee.Expression:
    """`action` (audit.read or audit.export) as a condition on Audit; never NULL.

    Who is complained about does not read there who complained: rows of that case are not among them.
    """
    kinds = holders(action)
    inside = [place.id for place in _places(actor, kinds - {"operator"})]
    found = [Audit.community.is_null(False) & Audit.community.in_(inside) & ~_of_complaint(actor)] if inside else []
    if "operator" in kinds and any(role.kind == "operator" for role in actor.roles):
        operated = [place.id for place in _places(actor, frozenset({"operator"}))]
        operations = reduce(or_, [Audit.action.startswith(prefix) for prefix in OPERATIONS])
        found.append(Audit.community.is_null())
        found.append(Audit.community.is_null(False) & Audit.community.in_(operated) & operations)
    return reduce(or_, found, Audit.id.is_null())


def _places(actor: Actor, kinds: frozenset[str]) -> list[Place]:
    """The places of the administrative tree at or below the actor's roles of these kinds."""
    roots = {role.place_id for role in actor.roles if role.kind in kinds}
    every = Place.select().where(Place.kind.in_(LEVELS)) if roots else []
    return [place for place in every if roots & set(line_of(place))]


def _of_complaint(actor: Actor) -> peewee.Expression:
    """The rows of cases that complain about this person or a unit this person answers for."""
    about = Case.about.is_null(False) & (Case.about == actor.person)
    if actor.units:
        about |= Case.about_unit.is_null(False) & Case.about_unit.in_(list(actor.units))
    return Audit.subject.in_(Case.select(Case.key).where(about))


def about_oneself(actor: Actor) -> peewee.Expression:
    """The rows about the actor's data, done by somebody else: also those about an alias, and about who one was before.

    The system's own rows are among them; nobody needs to be told of the own deeds.
    """
    ids = {actor.person.id, *actor.aliases, *_before(actor.person)}
    return Audit.about.in_(list(ids)) & (Audit.person.is_null() | Audit.person.not_in(list(ids)))


def _before(person: Person) -> list[int]:
    """The ids under which this person was known before the platform told that it is the same one."""
    found: list[int] = []
    keys = {person.key}
    for _ in range(JOINS):
        joined = Audit.select(Audit.detail).where(
            Audit.person.is_null(), Audit.action == "person.join", Audit.subject.in_(list(keys))
        )  # fmt: skip
        keys = {row.detail.get("newcomer", "") for row in joined}
        if not keys:
            break
        found += [row.id for row in Person.select(Person.id).where(Person.key.in_(list(keys)))]
    return found
