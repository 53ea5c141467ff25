"""A notice of the community, and who has read it."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place

#: What a notice can be about.
KINDS = {
    "water_power": "停水停电",
    "safety": "安全提醒",
    "meeting": "会议",
    "affairs": "社务公开",
    "life": "便民",
}
#: How far one can reach: the levels of the tree to which a notice can be addressed.
SCOPES = ("community", "compound", "building")


class Notice(Row):
    """What the community tells those who live in `place`. Once published the text is never changed."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    kind = peewee.CharField(16)
    title = peewee.CharField(60)
    body = peewee.TextField()
    urgent = peewee.BooleanField(default=False)
    state = peewee.CharField(12, default="published")
    sent_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    published_at = MomentField(default=now)
    #: The notice whose place this one takes: a mistake is put right by another notice.
    corrects = peewee.ForeignKeyField("self", null=True, unique=True, on_delete="RESTRICT")
    withdrawn_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    withdrawn_at = MomentField(null=True)
    withdrawn_reason = peewee.CharField(200, default="")

    class Meta:
        indexes = ((("community", "id"), False),)


class NoticeReading(Row):
    """That somebody has opened a notice, and when for the first time."""

    id = peewee.AutoField()
    notice = peewee.ForeignKeyField(Notice, on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    at = MomentField(default=now, index=True)

    class Meta:
        indexes = ((("notice", "person"), True),)
