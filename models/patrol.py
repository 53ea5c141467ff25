"""A patrol 巡查 of a grid: when, and what was found at each thing that was looked at."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case, Photo
from models.person import Person
from models.place import Grid, Place


class Patrol(Row):
    """One round of a worker, written whole when it is over. No track is kept of where the worker went."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    grid = peewee.ForeignKeyField(Grid, on_delete="RESTRICT")
    worker = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    started_at = MomentField()
    ended_at = MomentField()
    note = peewee.CharField(500, default="")
    created_at = MomentField(default=now)

    class Meta:
        indexes = ((("community", "id"), False), (("worker", "id"), False))


class PatrolCheck(Row):
    """What was found at one item of the list; `name` is what the item was called then."""

    id = peewee.AutoField()
    patrol = peewee.ForeignKeyField(Patrol, backref="checks", on_delete="RESTRICT")
    item = peewee.CharField(24)
    name = peewee.CharField(32)
    ok = peewee.BooleanField()
    note = peewee.CharField(200, default="")
    #: What was reported because of it.
    case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")


class PatrolPhoto(Row):
    """A photo taken on a patrol; Photo.kind is "patrol" and its case stays empty."""

    id = peewee.AutoField()
    check = peewee.ForeignKeyField(PatrolCheck, backref="photos", on_delete="RESTRICT")
    photo = peewee.ForeignKeyField(Photo, unique=True, on_delete="RESTRICT")
