"""创城专班: one team for each compound, of five kinds of members."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place
from models.unit import Unit

#: The five kinds of members (M09).
KINDS = {
    "assigned_unit": "分包单位", "community": "社区", "party_member": "居民党员", "enthusiast": "热心群众",
    "volunteer": "志愿者",
}  # fmt: skip


class TaskForce(Row):
    """The team of a compound; one that ended stays in the records."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    compound = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    name = peewee.CharField(40)
    created_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    created_at = MomentField(default=now)
    ended_at = MomentField(null=True)

    class Meta:
        indexes = ((("community", "ended_at"), False), (("compound", "ended_at"), False))


class TaskForceMember(Row):
    """A person who said yes, or a unit. Nobody is put on the list without having asked or agreed."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    task_force = peewee.ForeignKeyField(TaskForce, backref="members", on_delete="RESTRICT")
    kind = peewee.CharField(16)
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
    #: asked: wants to join; joined: the community said yes.
    state = peewee.CharField(8, default="asked")
    asked_at = MomentField(default=now)
    joined_at = MomentField(null=True)
    left_at = MomentField(null=True)

    class Meta:
        indexes = ((("task_force", "state"), False), (("person", "state"), False))
