"""Acts that need a second person: asked for by one, decided by another, done only then."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place


class Approval(Row):
    """One act that waits for a second person. `action` is a row of the table of rights, `payload` what to do."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    action = peewee.CharField(40)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    subject = peewee.CharField(40, default="")
    #: What will be done, for the second person to read.
    words = peewee.CharField(300)
    payload = peewee.JSONField(default=dict)
    reason = peewee.CharField(200, default="")
    state = peewee.CharField(12, default="asked")
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    asked_at = MomentField(default=now)
    expires_at = MomentField()
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_at = MomentField(null=True)

    class Meta:
        indexes = ((("community", "state"), False),)
