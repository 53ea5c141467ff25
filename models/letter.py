"""What we owe people: letters (the outbox) and what they allowed us to send."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case
from models.conversation import Line
from models.person import Identity, Person
from models.place import Place


class Letter(Row):
    """One owed push on one channel. It ends in exactly one of sent, refused, expired, failed, uncertain.

    `content` holds our own field names and plain values; the channel lays them out. `run_at` is when to try
    next and, while `sending`, the end of the lease; `fence` is the lease's token.
    """

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    #: What it is about; the same event never owes the same person the same letter on the same way twice.
    event = peewee.CharField(80)
    event_key = peewee.CharField(160, unique=True)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, backref="letters", on_delete="RESTRICT")
    case = peewee.ForeignKeyField(Case, backref="letters", null=True, on_delete="RESTRICT")
    line = peewee.ForeignKeyField(Line, backref="letters", null=True, on_delete="RESTRICT")
    kind = peewee.CharField(24)
    urgent = peewee.BooleanField(default=False)
    channel = peewee.CharField(16)
    identity = peewee.ForeignKeyField(Identity, null=True, on_delete="RESTRICT")
    content = peewee.JSONField(default=dict)
    #: Channels still to be tried for this person, then persons still to be tried, when this one does not arrive.
    next_channels = peewee.JSONField(default=list)
    next_persons = peewee.JSONField(default=list)
    follows = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
    state = peewee.CharField(12, default="owed")
    attempts = peewee.SmallIntegerField(default=0)
    run_at = MomentField(default=now)
    expires_at = MomentField()
    fence = peewee.CharField(32, null=True)
    outcome_code = peewee.IntegerField(null=True)
    outcome = peewee.CharField(80, default="")
    platform_id = peewee.CharField(64, null=True)
    created_at = MomentField(default=now)
    ended_at = MomentField(null=True)

    class Meta:
        indexes = ((("state", "urgent", "run_at"), False), (("community", "state"), False))


class Subscription(Row):
    """How many one-time subscribe messages of a kind a person still lets us send: +1 an accept, -1 a send."""

    id = peewee.AutoField()
    identity = peewee.ForeignKeyField(Identity, backref="subscriptions", on_delete="RESTRICT")
    kind = peewee.CharField(24)
    remaining = peewee.IntegerField(default=0)
    refused_at = MomentField(null=True)
    updated_at = MomentField(default=now)

    class Meta:
        indexes = ((("identity", "kind"), True),)


class Quota(Row):
    """A call of an account that is over its daily quota: nothing of that kind goes out before `until`."""

    id = peewee.AutoField()
    account = peewee.CharField(32)
    channel = peewee.CharField(16)
    until = MomentField()

    class Meta:
        indexes = ((("account", "channel"), True),)
