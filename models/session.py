"""Who is speaking now: sessions, and the QR codes by which a desk is signed in."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.person import Person


class Session(Row):
    """An opened session. The token itself is only with its bearer; we keep its sha256."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    person = peewee.ForeignKeyField(Person, backref="sessions", on_delete="RESTRICT")
    door = peewee.CharField(8)
    #: How it was opened: wechat, qr, password or setup.
    way = peewee.CharField(8, default="")
    token_hash = peewee.CharField(64, unique=True)
    #: The token before the last rotation, good for some seconds more: two requests may be on their way at once.
    previous_hash = peewee.CharField(64, null=True, unique=True)
    rotated_at = MomentField(null=True)
    agent = peewee.CharField(200, default="")
    address = peewee.CharField(64, default="")
    created_at = MomentField(default=now)
    seen_at = MomentField(default=now)
    expires_at = MomentField()
    ended_at = MomentField(null=True)


class Signin(Row):
    """A QR code shown on one browser: scanned, then consented to with the number on that screen, then used once.

    `purpose` is "desk" for a sign-in and "setup" for the first administrator of an installation.
    """

    id = peewee.AutoField()
    scene = peewee.CharField(64, unique=True)
    browser_hash = peewee.CharField(64)
    number = peewee.CharField(4)
    purpose = peewee.CharField(8, default="desk")
    qr_url = peewee.CharField(256, default="")
    agent = peewee.CharField(200, default="")
    address = peewee.CharField(64, default="")
    state = peewee.CharField(12, default="shown")
    tries = peewee.SmallIntegerField(default=0)
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    created_at = MomentField(default=now)
    expires_at = MomentField()


class SetupCode(Row):
    """The one-time code by which the first administrator is made; only its hash is kept."""

    id = peewee.AutoField()
    code_hash = peewee.CharField(64, unique=True)
    created_at = MomentField(default=now)
    expires_at = MomentField()
    used_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    used_at = MomentField(null=True)
