"""Member units of a community: property companies, departments, co-building units and the rest of the alliance."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person
from models.place import Place

KINDS = {
    "property_company": "物业公司",
    "department": "职能部门",
    "co_unit": "共建单位",
    "sponsor_unit": "包保单位",
    "non_public_enterprise": "非公企业",
    "social_org": "社会组织",
    "utility_company": "专业经营单位",
    "street_section": "街道科室",
    "residents_committee": "居民委员会",
}


class Unit(Row):
    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, backref="units", on_delete="RESTRICT")
    kind = peewee.CharField(24)
    name = peewee.CharField(64)
    #: What it sees to, as codes of categories: whom a routing rule or a whistle proposes first.
    categories = peewee.JSONField(default=list)
    #: Who stands in the history for a unit that answered by its link: a person without any account.
    face = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    joined_at = MomentField(default=now)
    left_at = MomentField(null=True)

    class Meta:
        indexes = ((("community", "name"), True),)


class UnitContact(Row):
    """A person who answers for a unit."""

    id = peewee.AutoField()
    unit = peewee.ForeignKeyField(Unit, backref="contacts", on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    starts_at = MomentField(default=now)
    ends_at = MomentField(null=True)
