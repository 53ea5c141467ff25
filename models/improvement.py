"""The ledger of improvements 整治成果台账: what was planted, mended or put up, where, and how much, with photos."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case, Photo
from models.person import Person
from models.place import Place

#: The kinds of the seed (M12), and the rest; each with the unit it is counted in.
KINDS = {
    "greening": ("绿化补植", "平方米"), "public_board": ("公益广告牌", "块"), "road_repair": ("路面修补", "处"),
    "old_compound": ("老旧小区改造", "个"), "manhole": ("井盖修复", "个"), "clutter": ("楼道清理", "处"),
    "other": ("其他", "项"),
}  # fmt: skip


class Improvement(Row):
    """Counts are exact and whole. A mistake is withdrawn with a reason, never edited."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    compound = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    kind = peewee.CharField(16)
    quantity = peewee.IntegerField()
    unit = peewee.CharField(8)
    note = peewee.CharField(300, default="")
    day = peewee.DateField()
    case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
    before = peewee.ForeignKeyField(Photo, null=True, on_delete="RESTRICT")
    after = peewee.ForeignKeyField(Photo, null=True, on_delete="RESTRICT")
    recorded_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    created_at = MomentField(default=now)
    withdrawn_at = MomentField(null=True)
    withdrawn_note = peewee.CharField(200, default="")

    class Meta:
        indexes = ((("community", "day"), False),)
