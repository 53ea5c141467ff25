"""A visit 走访 at the door of a household: when, what for, whether somebody was met, and what they need."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place

KINDS = {"routine": "日常走访", "care": "关爱走访", "safety": "安全走访", "mediation": "矛盾走访"}


class Visit(Row):
    """Who was spoken with is not kept: a household was visited, not a person."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    household = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    visitor = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    kind = peewee.CharField(12)
    met = peewee.BooleanField()
    at = MomentField()
    note = peewee.CharField(500, default="")
    #: What the people of the household said they need, a sentence each.
    needs = peewee.JSONField(default=list)
    created_at = MomentField(default=now)

    class Meta:
        indexes = ((("household", "at"), False), (("community", "id"), False), (("visitor", "id"), False))
