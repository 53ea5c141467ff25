"""Who did what, to what, from where, and whether it was allowed. Rows are added, never changed."""

import peewee

from models.base import MomentField, Row, now
from models.person import Person
from models.place import Place


class Audit(Row):
    id = peewee.AutoField()
    at = MomentField(default=now)
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    role = peewee.CharField(24, default="")
    community = peewee.ForeignKeyField(Place, null=True, on_delete="RESTRICT")
    action = peewee.CharField(40)
    subject = peewee.CharField(40, default="")
    result = peewee.CharField(12, default="done")
    detail = peewee.JSONField(default=dict)
    address = peewee.CharField(64, default="")

    class Meta:
        indexes = ((("community", "id"), False),)
