"""Anonymous reports: an alias reports, and who stands behind it is known to one table, opened by breaking the glass.

Everything the person does about such a case is done by the alias (Actor.facing), so that no history, letter or log
names the person; `behind` is the only reader of the table beside the person's own session.
"""

from dataclasses import replace

from app.rules.actor import Actor
from models.person import Identity, Person, Veil

NAME = "匿名居民"


def put_on(actor: Actor) -> Actor:
    """The actor under a fresh alias, good for one report: two reports of one person cannot be told to be one's."""
    alias = Person.create(name=NAME)
    Veil.create(alias=alias, person=actor.person)
    aliases = actor.aliases | {alias.id}
    return replace(actor, person=alias, address="", principals=frozenset(), aliases=aliases)


def behind(person: Person) -> Person:
    """Who stands behind an alias; whoever wears none stands for the own."""
    found = Veil.select(Veil, Person).join(Person, on=(Veil.person == Person.id)).where(Veil.alias == person).first()
    return found.person if found else person


def identities_of(person: Person) -> list[Identity]:
    """The ways to a person, also to whoever stands behind an alias: one query."""
    worn = Veil.select(Veil.person).where(Veil.alias == person)
    return list(Identity.select().where((Identity.person == person) | Identity.person.in_(worn)))
