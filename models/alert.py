"""What those who answer for a community must look at: a broken glass, a spent budget, many refusals."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place


class Alert(Row):
    """One alert at the desk of a place; `person` is who gave rise to it and cannot wave it away."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    kind = peewee.CharField(24)
    subject = peewee.CharField(40, default="")
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    words = peewee.CharField(300)
    at = MomentField(default=now)
    seen_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    seen_at = MomentField(null=True)

    class Meta:
        indexes = ((("place", "seen_at"), False),)
