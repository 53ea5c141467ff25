"""Breaking the glass: reading what one may not usually read, for a reason, for a while, seen by others."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case
from models.person import Person


class Glass(Row):
    """Somebody broke the glass of one case: until `ends_at` this person holds the right `action` towards it."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    action = peewee.CharField(40)
    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    reason = peewee.CharField(200)
    broken_at = MomentField(default=now)
    ends_at = MomentField()
    reviewed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    reviewed_at = MomentField(null=True)

    class Meta:
        indexes = ((("person", "case", "action"), False),)
