"""What somebody said instead of typing it, recorded in the mini-program. A voice message of the chat is a Line."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case
from models.person import Person


class Voice(Row):
    """A recording. Its bytes lie in the file store, see app.rules.voice.FILES."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    uploader = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    case = peewee.ForeignKeyField(Case, backref="voices", null=True, on_delete="RESTRICT")
    #: What it is by its content: mp3, aac, m4a, amr or wav.
    format = peewee.CharField(4)
    seconds = peewee.SmallIntegerField()
    #: How much room it takes in the file store, for the uploader's quota.
    size = peewee.IntegerField()
    created_at = MomentField(default=now)
