"""A frequent problem: what recurs at one place becomes a proposal for a meeting."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.category import Category
from models.person import Person
from models.place import Place


class Topic(Row):
    """`times` cases of a category at a compound or building within the days of the community's setting."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
    state = peewee.CharField(12, default="proposed")
    times = peewee.SmallIntegerField()
    first_at = MomentField()
    last_at = MomentField()
    note = peewee.CharField(300, default="")
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_at = MomentField(null=True)
    version = peewee.IntegerField(default=0)
    created_at = MomentField(default=now)
    updated_at = MomentField(default=now)

    class Meta:
        indexes = ((("community", "state"), False), (("place", "category"), False))
