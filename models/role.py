"""In which part: what a person is in a place, from when until when."""

from datetime import datetime

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Grid, Place

#: The parts that are appointed (a resident is one by living there, see models.person.Residence).
ROLES = {
    "building_head": "楼栋长",
    "volunteer": "志愿者",
    "grid_worker": "网格员",
    "mediator": "调解员",
    "community_admin": "社区管理员",
    "subdistrict_admin": "街道管理员",
    "district_admin": "区管理员",
    "operator": "系统运维员",
}


class Role(Row):
    """`person` is `kind` in `place`: a building for its head, else a community, subdistrict or district.

    A grid worker also has a `grid` of the community.
    """

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    person = peewee.ForeignKeyField(Person, backref="roles", on_delete="RESTRICT")
    place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
    grid = peewee.ForeignKeyField(Grid, backref="workers", null=True, on_delete="RESTRICT")
    kind = peewee.CharField(24)
    #: Who is asked first among several workers of one grid: the smallest number.
    rank = peewee.SmallIntegerField(default=0)
    starts_at = MomentField(default=now)
    ends_at = MomentField(null=True)
    appointed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")

    class Meta:
        indexes = ((("place", "kind"), False),)


def holds_at(moment: datetime) -> peewee.Expression:
    """The condition that a role is in force at a moment: begun, and not yet ended."""
    return (Role.starts_at <= moment) & (Role.ends_at.is_null() | (Role.ends_at > moment))


def roles_of(person: Person, moment: datetime | None = None) -> list[Role]:
    """A person's roles in force, with their places: one query."""
    return list(Role.select(Role, Place).join(Place).where(Role.person == person, holds_at(moment or now())))
