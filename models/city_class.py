"""The classes of city management: what may be filed, when, how soon it is due, and what must be true to close it."""

import peewee

from models.base import Row

#: 部件 is a thing, 事件 something that happens, 小区 what the city standard leaves out: the inside of a compound.
KINDS = {"component": "部件", "event": "事件", "compound": "小区内事项"}


class CityClass(Row):
    """A minor class 小类. Codes differ between editions of the standard, so it is known by (edition, kind, code)."""

    id = peewee.AutoField()
    edition = peewee.CharField(24)
    kind = peewee.CharField(12)
    #: Major and minor class, two digits each: "0101".
    code = peewee.CharField(8)
    major = peewee.CharField(32)
    name = peewee.CharField(48)

    class Meta:
        indexes = ((("edition", "kind", "code"), True),)


class FilingCondition(Row):
    """When a case of a class is filed 立案条件, its limit (of app.rules.clock), and its closing condition 结案条件."""

    id = peewee.AutoField()
    city_class = peewee.ForeignKeyField(CityClass, backref="conditions", on_delete="RESTRICT")
    position = peewee.SmallIntegerField(default=0)
    words = peewee.CharField(160)
    amount = peewee.SmallIntegerField()
    clock = peewee.CharField(16)
    closing = peewee.CharField(160)
    hazard = peewee.BooleanField(default=False)

    class Meta:
        indexes = ((("city_class", "position"), True),)
