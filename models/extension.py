"""The ledger of extensions 延期 and holds 挂账: each asked for and agreed to before the case was overdue."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case
from models.person import Person

KINDS = {"extension": "延期", "hold": "挂账"}


class Extension(Row):
    """`from_due` and `to_due` are the limit before and after; a hold lasts until `until` at most."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    case = peewee.ForeignKeyField(Case, backref="extensions", on_delete="RESTRICT")
    kind = peewee.CharField(12)
    reason = peewee.CharField(300)
    from_due = MomentField(null=True)
    to_due = MomentField(null=True)
    #: A hold: what was left of the limit when it began, in seconds of its clock, and the day planned.
    left_seconds = peewee.IntegerField(null=True)
    until = MomentField(null=True)
    resumed_at = MomentField(null=True)
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    agreed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    created_at = MomentField(default=now)

    class Meta:
        indexes = ((("case", "kind"), False),)
