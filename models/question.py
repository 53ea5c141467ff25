"""A question of the community to whoever reported, with days to answer."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case
from models.person import Person


class Question(Row):
    """Asked once, answered once; unanswered it lapses by itself, and the case goes on as it is."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    case = peewee.ForeignKeyField(Case, backref="questions", on_delete="RESTRICT")
    state = peewee.CharField(12, default="open")
    text = peewee.CharField(300)
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    due_at = MomentField()
    answer = peewee.TextField(default="")
    answered_at = MomentField(null=True)
    created_at = MomentField(default=now)

    class Meta:
        indexes = ((("case", "state"), False),)
