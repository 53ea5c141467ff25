"""The judgement of a resident: one for each time that the work was called done."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case
from models.person import Person

#: What is judged besides the whole, each as models.lifecycle.SATISFACTION.
ASPECTS = {"speed": "快不快", "manner": "态度好不好", "result": "效果怎么样"}


class Judgement(Row):
    """What was said of a round (`round` counts the reopenings); `answers` are codes of the standard answers chosen.

    An answer may ask for reopening: then a person decides, `decision` is "reopened" or "kept".
    """

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    case = peewee.ForeignKeyField(Case, backref="judgements", on_delete="RESTRICT")
    round = peewee.SmallIntegerField(default=0)
    satisfaction = peewee.CharField(20)
    aspects = peewee.JSONField(default=dict)
    answers = peewee.JSONField(default=list)
    note = peewee.TextField(default="")
    asks_reopen = peewee.BooleanField(default=False)
    decision = peewee.CharField(12, default="")
    decision_note = peewee.CharField(300, default="")
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_at = MomentField(null=True)
    at = MomentField(default=now)

    class Meta:
        indexes = ((("case", "round"), True),)
