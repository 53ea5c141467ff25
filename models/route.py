"""Routing rules of a community: who gets which case, in order, the first that fits."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place


class Route(Row):
    """`conditions` and `target` are words of app.rules.route, as {"categories": ["exposed_wire"], "hours": "off"}."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, backref="routes", on_delete="RESTRICT")
    position = peewee.SmallIntegerField()
    name = peewee.CharField(40)
    conditions = peewee.JSONField(default=dict)
    target = peewee.JSONField(default=dict)
    active = peewee.BooleanField(default=True)
    changed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    created_at = MomentField(default=now)
    updated_at = MomentField(default=now)

    class Meta:
        indexes = ((("community", "position"), False),)
