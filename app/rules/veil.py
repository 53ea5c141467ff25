"""Anonymous reports: an alias reports, and who stands behind it is known to one table, opened by breaking the glass.

Everything the person does as its reporter is done by the alias (Actor.facing), so that no history, letter or log names
the person; `behind` is the only reader of the table beside the person's own session. On duty nobody has a hand in the
own anonymous case: it goes to a colleague.
"""

from app.rules.actor import Actor
from app.rules.refusal import Refusal
from app.rules.words import case_number, clean
from models.case import Case
from models.person import Identity, Person, Veil

NAME = "匿名居民"


def put_on(actor: Actor) -> Actor:
    """The actor under a fresh alias, good for one report: two reports of one person cannot be told to be one's.

    Where the report belongs is decided before: an alias lives nowhere and holds no part.
    """
    alias = Person.create(name=NAME)
    Veil.create(alias=alias, person=actor.person)
    return actor.under(alias)


def behind(person: Person) -> Person:
    """Who stands behind an alias; whoever wears none stands for the own."""
    found = Veil.select(Veil, Person).join(Person, on=(Veil.person == Person.id)).where(Veil.alias == person).first()
    return found.person if found else person


def identities_of(person: Person) -> list[Identity]:
    """The ways to a person, also to whoever stands behind an alias: one query."""
    worn = Veil.select(Veil.person).where(Veil.alias == person)
    return list(Identity.select().where((Identity.person == person) | Identity.person.in_(worn)))


def others_than_behind(case: Case, people: list[Person]) -> list[Person]:
    """Without whoever stands behind an anonymous case: nobody is sent to the own."""
    if not case.anonymous:
        return people
    return [one for one in people if one != behind(case.reporter)]


def need_other(case: Case, actor: Actor) -> None:
    """Refuse whoever reported this very case anonymously. Raises Refusal `own_case`."""
    if case.reporter_id in actor.aliases:
        raise Refusal("own_case", "这是您自己上报的，请让同事处理。")


def named_in(text: str, actor: Actor) -> Case | None:
    """The own anonymous case whose number stands in the words ("#1002 好的"): they are said under its alias."""
    number = case_number(clean(text, len(text))) if actor.aliases else None
    if number is None:
        return None
    own = Case.select().where(Case.reporter.in_(list(actor.aliases)), Case.anonymous, Case.number == number)
    return own.order_by(Case.id.desc()).first()
