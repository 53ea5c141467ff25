"""Who: a person, the WeChat identities by which the person reaches us, and the households lived in."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.place import Place


class Person(Row):
    """Somebody. `name` is what the person lets us call them; it may be empty."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    name = peewee.CharField(32, default="")
    phone = peewee.CharField(20, null=True, index=True)
    unionid = peewee.CharField(64, null=True, unique=True)
    #: As the person or a guardian said: "adult", "teen" (14 to 17), "child" (under 14), or not said.
    age_group = peewee.CharField(8, default="")
    created_at = MomentField(default=now)
    #: Since when nothing is known of this person any more, at the person's own wish.
    erased_at = MomentField(null=True)


class Veil(Row):
    """Who stands behind the alias under which an anonymous report was made: the only place that says it."""

    alias = peewee.ForeignKeyField(Person, primary_key=True, on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, backref="veils", on_delete="RESTRICT")
    made_at = MomentField(default=now)


class Identity(Row):
    """One openid at one of our accounts, with what the platform lets us still say to it."""

    id = peewee.AutoField()
    person = peewee.ForeignKeyField(Person, backref="identities", on_delete="RESTRICT")
    account = peewee.CharField(32)
    #: What the account is: "official" or "miniprogram"; it decides by which calls we may speak.
    kind = peewee.CharField(16)
    openid = peewee.CharField(64)
    followed = peewee.BooleanField(default=True)
    #: The customer-service window: until when, and how many messages are left in it (contract D).
    window_until = MomentField(null=True)
    replies_left = peewee.SmallIntegerField(default=0)
    created_at = MomentField(default=now)
    seen_at = MomentField(default=now)

    class Meta:
        indexes = ((("account", "openid"), True),)


class Residence(Row):
    """That a person lives in or owns a household; confirmed by a code of the community or by staff."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    person = peewee.ForeignKeyField(Person, backref="residences", on_delete="RESTRICT")
    household = peewee.ForeignKeyField(Place, backref="residences", on_delete="RESTRICT")
    relation = peewee.CharField(16, default="resident")
    state = peewee.CharField(16, default="asked")
    confirmed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    asked_at = MomentField(default=now)
    confirmed_at = MomentField(null=True)
    ended_at = MomentField(null=True)

    class Meta:
        indexes = ((("person", "state"), False),)


class HouseholdCode(Row):
    """A code that the community hands to a household, good for one binding; only its hash is kept."""

    id = peewee.AutoField()
    household = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    code_hash = peewee.CharField(64, unique=True)
    issued_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    expires_at = MomentField()
    used_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    used_at = MomentField(null=True)


def homes_of(person: Person) -> list[Place]:
    """The households a person is bound to, the newest first: one query."""
    rows = (
        Residence.select(Residence, Place)
        .join(Place)
        .where(Residence.person == person, Residence.state == "confirmed", Residence.ended_at.is_null())
        .order_by(Residence.confirmed_at.desc())
    )
    return [row.household for row in rows]


def home_of(person: Person) -> Place | None:
    """The household a person is bound to, the newest when there are several."""
    return next(iter(homes_of(person)), None)
