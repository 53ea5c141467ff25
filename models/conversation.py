"""The talk between a resident and the community: one conversation a person, its lines in order."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.case import Case, Photo
from models.person import Identity, Person
from models.place import Place


class Conversation(Row):
    """All lines between one person and one community. `waiting_since` is set while a human answer is owed."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, backref="conversations", on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, backref="conversations", on_delete="RESTRICT")
    #: The identity through which the person spoke last: answers go back the same way.
    identity = peewee.ForeignKeyField(Identity, null=True, on_delete="RESTRICT")
    waiting_since = MomentField(null=True)
    last_at = MomentField(default=now)

    class Meta:
        indexes = (
            (("community", "person"), True),
            (("community", "waiting_since"), False),
            (("community", "last_at"), False),
        )


class Draft(Row):
    """A report that is still being told: what is known so far, in whatever order it came."""

    id = peewee.AutoField()
    conversation = peewee.ForeignKeyField(Conversation, backref="drafts", on_delete="RESTRICT")
    words = peewee.TextField(default="")
    place = peewee.ForeignKeyField(Place, null=True, on_delete="RESTRICT")
    place_words = peewee.CharField(120, default="")
    lat = peewee.DoubleField(null=True)
    lng = peewee.DoubleField(null=True)
    #: What the bot asked last (words, place, compound) and how many questions it has spent.
    asked = peewee.CharField(12, default="")
    questions = peewee.SmallIntegerField(default=0)
    state = peewee.CharField(8, default="open")
    case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
    created_at = MomentField(default=now)
    updated_at = MomentField(default=now)

    class Meta:
        indexes = ((("conversation", "state"), False),)


class Line(Row):
    """One line. `author` says whose: resident, community (a human spoke for it) or bot."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    conversation = peewee.ForeignKeyField(Conversation, backref="lines", on_delete="RESTRICT")
    case = peewee.ForeignKeyField(Case, backref="lines", null=True, on_delete="RESTRICT")
    draft = peewee.ForeignKeyField(Draft, backref="lines", null=True, on_delete="RESTRICT")
    author = peewee.CharField(12)
    speaker = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    speaker_role = peewee.CharField(24, default="")
    kind = peewee.CharField(12, default="text")
    text = peewee.TextField(default="")
    #: The photo, once it has been fetched and cleaned; what it shows (see Photo.kind) is known before that.
    photo = peewee.ForeignKeyField(Photo, null=True, on_delete="RESTRICT")
    shows = peewee.CharField(8, default="")
    #: The key of a kept voice recording in the file store.
    recording = peewee.CharField(64, null=True)
    lat = peewee.DoubleField(null=True)
    lng = peewee.DoubleField(null=True)
    at = MomentField(default=now)

    class Meta:
        indexes = ((("conversation", "id"), False),)
