"""Answers already given to API writes, so that a repeated request has one effect."""

import peewee

from models.base import MomentField, Row, now
from models.person import Person


class Receipt(Row):
    """The answer to an API write, under its Idempotency-Key: the same key gets the same answer, once done.

    `request_hash` tells a repetition from another request that reuses the key.
    """

    id = peewee.AutoField()
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    key = peewee.CharField(80)
    request_hash = peewee.CharField(64)
    status = peewee.SmallIntegerField()
    body = peewee.JSONField(default=dict)
    at = MomentField(default=now)

    class Meta:
        indexes = ((("person", "key"), True),)
