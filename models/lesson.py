"""What a correction taught: words that somebody on duty moved from one category to another."""

import peewee

from models.base import MomentField, Row, now
from models.category import Category
from models.place import Place


class Lesson(Row):
    """Pairs of neighbouring characters of a report, and the category it belonged to; never the sentence itself."""

    id = peewee.AutoField()
    community = peewee.ForeignKeyField(Place, backref="lessons", on_delete="RESTRICT")
    category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
    grams = peewee.JSONField(default=list)
    at = MomentField(default=now)

    class Meta:
        indexes = ((("community", "id"), False),)
