"""What changed, for screens that are open (server-sent events)."""

import peewee

from models.base import MomentField, Row, now
from models.place import Place


class Event(Row):
    """What changed, for screens that are open: read by id, so that a reader who was away catches up."""

    id = peewee.AutoField()
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    kind = peewee.CharField(24)
    subject = peewee.CharField(40)
    at = MomentField(default=now)
