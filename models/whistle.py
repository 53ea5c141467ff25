"""社区吹哨、部门报到: the community calls several units to one matter, each with its own deadline."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case
from models.person import Person

#: Why one blows: a residents' problem the street cannot solve, key work, joint enforcement, an emergency (domain §3.2).
KINDS = {"public_appeal": "群众诉求", "key_work": "重点工作", "enforcement": "综合执法", "emergency": "应急处置"}


class Whistle(Row):
    """One call for help in a case. Whom it calls are its subcases (models.subcase), one of them the lead."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    case = peewee.ForeignKeyField(Case, backref="whistles", on_delete="RESTRICT")
    kind = peewee.CharField(16)
    state = peewee.CharField(12, default="wished")
    reason = peewee.CharField(500)
    #: By when the called units have to report in 报到.
    due_at = MomentField(null=True)
    raised_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    #: Who in the street confirmed or refused it, where the community asks for that.
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_at = MomentField(null=True)
    decision = peewee.CharField(500, default="")
    #: What the units did together, written when it is closed.
    result = peewee.CharField(1000, default="")
    closed_at = MomentField(null=True)
    version = peewee.IntegerField(default=0)
    created_at = MomentField(default=now)
    updated_at = MomentField(default=now)

    class Meta:
        indexes = ((("case", "state"), False),)
