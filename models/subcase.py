"""A subcase: one piece of a case that one party answers for by a time, a unit by its link or a worker by phone."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case, Photo
from models.person import Person
from models.unit import Unit
from models.whistle import Whistle

#: The first three come from a hazard (domain §2.7); "share" is a piece of a case that was split, "call" of a whistle.
KINDS = {
    "safety_action": "先保安全", "decision": "商议决定", "repair_project": "修复工程", "share": "分办", "call": "报到",
}  # fmt: skip


class Subcase(Row):
    """`unit` or `worker` answers for it (neither: the community itself). One of a case may be the lead."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    case = peewee.ForeignKeyField(Case, backref="subcases", on_delete="RESTRICT")
    whistle = peewee.ForeignKeyField(Whistle, backref="calls", null=True, on_delete="RESTRICT")
    kind = peewee.CharField(16)
    words = peewee.CharField(500)
    unit = peewee.ForeignKeyField(Unit, backref="subcases", null=True, on_delete="RESTRICT")
    worker = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    lead = peewee.BooleanField(default=False)
    state = peewee.CharField(12, default="asked")
    #: When it must be met: to report in for a call, to be done for the rest.
    due_at = MomentField(null=True)
    #: Assigned by an arbiter after an objection: it cannot be refused again (潍坊 12345 Art. 22).
    fixed = peewee.BooleanField(default=False)
    accepted_at = MomentField(null=True)
    #: Signed in 报到: who came, on site or by telephone or video.
    arrived_at = MomentField(null=True)
    arrived_who = peewee.CharField(32, default="")
    arrived_mode = peewee.CharField(8, default="")
    #: A warning sign or a fence was put up, as evidence of proper care (Civil Code Art. 1258).
    warned_at = MomentField(null=True)
    plan = peewee.CharField(500, default="")
    planned_until = MomentField(null=True)
    result = peewee.CharField(1000, default="")
    done_at = MomentField(null=True)
    #: How the community judges the unit and the unit the call, 1 (bad) to 5 (good); both count (北京 接诉即办 Art. 33).
    unit_rating = peewee.SmallIntegerField(null=True)
    call_rating = peewee.SmallIntegerField(null=True)
    call_rating_note = peewee.CharField(200, default="")
    reminded = peewee.SmallIntegerField(default=0)
    created_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    version = peewee.IntegerField(default=0)
    created_at = MomentField(default=now)
    updated_at = MomentField(default=now)

    class Meta:
        indexes = ((("case", "id"), False), (("unit", "state"), False), (("state", "due_at"), False))


class SubcaseStep(Row):
    """One thing that happened to a subcase. Steps are added, never edited."""

    id = peewee.AutoField()
    subcase = peewee.ForeignKeyField(Subcase, backref="steps", on_delete="RESTRICT")
    verb = peewee.CharField(20)
    from_state = peewee.CharField(12)
    to_state = peewee.CharField(12)
    #: None: the unit by its link (`who` is the name given there), or what happened unasked.
    actor = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    actor_role = peewee.CharField(24)
    who = peewee.CharField(32, default="")
    note = peewee.CharField(1000, default="")
    at = MomentField(default=now)


class SubcasePhoto(Row):
    """That a photo of the case shows what was done in a subcase."""

    id = peewee.AutoField()
    subcase = peewee.ForeignKeyField(Subcase, backref="photos", on_delete="RESTRICT")
    photo = peewee.ForeignKeyField(Photo, unique=True, on_delete="RESTRICT")
