"""Acting for somebody: a daughter for her father, a guardian for a child. Recorded as such wherever it shows."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place


class Delegation(Row):
    """`agent` may act for `principal`. `kind` is family or guardian; staff of the community confirm it."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    kind = peewee.CharField(12)
    principal = peewee.ForeignKeyField(Person, backref="delegations", on_delete="RESTRICT")
    agent = peewee.ForeignKeyField(Person, backref="acts_for", on_delete="RESTRICT")
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    #: What the agent is to the principal: daughter, son, spouse, parent, guardian, other.
    relation = peewee.CharField(16)
    state = peewee.CharField(12, default="asked")
    asked_at = MomentField(default=now)
    confirmed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    confirmed_at = MomentField(null=True)
    ended_at = MomentField(null=True)

    class Meta:
        indexes = ((("agent", "state"), False), (("principal", "state"), False))


def principals_of(agent: Person) -> list[Person]:
    """For whom a person may act, confirmed and not ended, in the order of confirmation: one query."""
    return _confirmed(Delegation.principal, Delegation.agent == agent)


def agents_of(principal: Person) -> list[Person]:
    """Who may act for a person, confirmed and not ended: one query."""
    return _confirmed(Delegation.agent, Delegation.principal == principal)


def guardians_of(child: Person) -> list[Person]:
    """The confirmed guardians of a child: one query."""
    return _confirmed(Delegation.agent, (Delegation.principal == child) & (Delegation.kind == "guardian"))


def _confirmed(side: peewee.ForeignKeyField, condition: peewee.Expression) -> list[Person]:
    rows = (
        Person.select()
        .join(Delegation, on=(side == Person.id))
        .where(condition, Delegation.state == "confirmed", Person.erased_at.is_null())
        .order_by(Delegation.confirmed_at, Delegation.id)
    )
    return list({person.id: person for person in rows}.values())
