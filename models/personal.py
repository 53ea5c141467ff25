"""What people ask us to do with their data, and what was deleted when."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person


class DataRequest(Row):
    """Somebody asks for a copy of the own data ("export") or to be forgotten ("erase"): done within a day, provably."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    #: Who asked, when somebody acts for the person.
    asked_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    kind = peewee.CharField(8)
    #: See models.lifecycle.DATA_REQUEST.
    state = peewee.CharField(12, default="asked")
    asked_at = MomentField(default=now)
    due_at = MomentField()
    done_at = MomentField(null=True)
    #: Of an export: the key of the file, until when it can be fetched, and when it was.
    file = peewee.CharField(64, null=True)
    file_until = MomentField(null=True)
    fetched_at = MomentField(null=True)
    #: What was done: counts by kind, and the sha256 of the exported file.
    proof = peewee.JSONField(default=dict)

    class Meta:
        indexes = ((("person", "kind", "state"), False),)


class Deletion(Row):
    """The record of a deletion: what kind, how many, older than when, and on whose word. It names nobody."""

    id = peewee.AutoField()
    kind = peewee.CharField(24)
    count = peewee.IntegerField()
    cutoff = MomentField(null=True)
    request = peewee.ForeignKeyField(DataRequest, null=True, on_delete="RESTRICT")
    at = MomentField(default=now)
