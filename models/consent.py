"""What people agreed to: the texts with their versions, and every answer anybody gave."""

import peewee

from models.base import MomentField, Row, now
from models.person import Person


class ConsentText(Row):
    """One version of a text that people are asked to agree to; a published text is never changed."""

    id = peewee.AutoField()
    kind = peewee.CharField(16)
    version = peewee.SmallIntegerField()
    title = peewee.CharField(64)
    text = peewee.TextField()
    #: Needs a consent of its own (PIPL 29): sensitive data.
    sensitive = peewee.BooleanField(default=False)
    published_at = MomentField(default=now)

    class Meta:
        indexes = ((("kind", "version"), True),)


class Consent(Row):
    """One answer: given, refused or withdrawn. Answers are added; the newest of a kind counts."""

    id = peewee.AutoField()
    person = peewee.ForeignKeyField(Person, backref="consents", on_delete="RESTRICT")
    text = peewee.ForeignKeyField(ConsentText, on_delete="RESTRICT")
    #: given, refused, withdrawn
    answer = peewee.CharField(12)
    #: Who answered, when it was a guardian or a family member acting for the person.
    answered_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    channel = peewee.CharField(16, default="")
    at = MomentField(default=now)

    class Meta:
        indexes = ((("person", "id"), False),)
