"""A case that an indicator does not count 不予考核, with the reason and the two who answer for it."""

import peewee

from models.base import MomentField, Row, now
from models.case import Case
from models.person import Person

#: Why a case may be left out of assessment (domain §3.3, after 北京 接诉即办 Art. 11 and 潍坊 12345 Art. 19, 21).
REASONS = {
    "legal_channel": "应走诉讼、仲裁、信访等法定渠道",
    "emergency_line": "应由 110、119、120、122 处置",
    "duplicate": "重复反映，没有新情况",
    "secret_privacy": "涉及国家秘密、商业秘密或他人隐私",
    "unlawful": "诉求违法或违背公序良俗",
    "no_cooperation": "本人拒绝配合，经复核属实",
    "unreachable": "不同时间三次联系不上",
    "withdrawn": "本人撤回",
}


class Exclusion(Row):
    id = peewee.AutoField()
    case = peewee.ForeignKeyField(Case, backref="exclusions", unique=True, on_delete="RESTRICT")
    reason = peewee.CharField(24)
    note = peewee.CharField(300)
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    agreed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    at = MomentField(default=now)
