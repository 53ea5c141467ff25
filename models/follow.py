"""Who met the same thing: a neighbour who follows a case hears how it goes on."""

import peewee

from models.base import MomentField, Row, now
from models.case import Case
from models.person import Person


class Follow(Row):
    """That somebody said "我也遇到了" about a case of somebody else. Neighbours learn how many there are, never who."""

    id = peewee.AutoField()
    case = peewee.ForeignKeyField(Case, backref="follows", on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, backref="follows", on_delete="RESTRICT")
    at = MomentField(default=now)

    class Meta:
        indexes = ((("case", "person"), True),)
