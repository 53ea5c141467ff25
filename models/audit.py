"""Who did what, to what, from where, and whether it was allowed. Rows are added, never changed or deleted.

The database itself refuses otherwise (app/migrations/0004). `AuditLink` chains the rows: each hash covers the one
before it, so that whoever edits a row has to forge every later hash, and `AuditHead` notes which hash was published.
"""

import peewee

from models.base import MomentField, Row, now
from models.person import Person
from models.place import Place


class Audit(Row):
    """One deed, refusal or sensitive reading. `about` is the person whose data it concerns, who may read the row.

    `before`, `after` and `detail` hold states and keys, never names, phones or what somebody said.
    """

    id = peewee.AutoField()
    at = MomentField(default=now)
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    role = peewee.CharField(24, default="")
    community = peewee.ForeignKeyField(Place, null=True, on_delete="RESTRICT")
    action = peewee.CharField(40)
    subject = peewee.CharField(40, default="")
    result = peewee.CharField(12, default="done")
    about = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    before = peewee.JSONField(null=True)
    after = peewee.JSONField(null=True)
    detail = peewee.JSONField(default=dict)
    #: Why, in the words of whoever had to give a reason.
    reason = peewee.CharField(200, default="")
    address = peewee.CharField(64, default="")
    #: Through which door it came: api, console, chat, job, cli.
    door = peewee.CharField(8, default="")

    class Meta:
        indexes = (
            (("community", "id"), False),
            (("about", "id"), False),
            (("person", "action", "at"), False),
        )


class AuditLink(Row):
    """The place of a row in the chain: `hash` is the sha256 of the hash before it and of the row (app.rules.chain).

    `audit` is the row's id and no foreign key: PostgreSQL checks one by locking the row, and nobody has that right.
    `salt` goes into the hash, so that nobody can guess a row that the own export shows as a hash alone.
    """

    position = peewee.IntegerField(primary_key=True)
    audit = peewee.IntegerField(unique=True)
    salt = peewee.CharField(32)
    hash = peewee.CharField(64)


class AuditHead(Row):
    """A head of the chain that was published: whoever kept it can show that nothing up to it has been changed."""

    id = peewee.AutoField()
    position = peewee.IntegerField(unique=True)
    hash = peewee.CharField(64)
    published_at = MomentField(default=now)
