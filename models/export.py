"""Lists that leave the system: asked for, approved by a second person, fetched once, gone after a day."""

import peewee

from models.approval import Approval
from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place


class Export(Row):
    """One list of a community as a file. `kind` is what it lists ("cases")."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    kind = peewee.CharField(16)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    approval = peewee.ForeignKeyField(Approval, null=True, on_delete="RESTRICT")
    file = peewee.CharField(64, null=True)
    rows = peewee.IntegerField(default=0)
    made_at = MomentField(default=now)
    until = MomentField()
    fetched_at = MomentField(null=True)
