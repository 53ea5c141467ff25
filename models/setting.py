"""Facts of a place that differ from the defaults in app.rules.setting: one row a community and name."""

import peewee

from models.base import Row
from models.place import Place


class Setting(Row):
    id = peewee.AutoField()
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    name = peewee.CharField(32)
    value = peewee.JSONField()

    class Meta:
        indexes = ((("community", "name"), True),)
