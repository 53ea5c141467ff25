"""The other way to sign in at the desk: a password with a one-time code, and the waiting after failures."""

import peewee

from models.base import MomentField, Row, now
from models.person import Person


class Credential(Row):
    """A person's password (argon2id) and TOTP secret (encrypted with our key); in force once `confirmed_at` is set."""

    person = peewee.ForeignKeyField(Person, primary_key=True, on_delete="RESTRICT")
    #: By what the person is called at the door; chosen, unique, lower case.
    login = peewee.CharField(32, unique=True)
    password_hash = peewee.CharField(200)
    totp_secret = peewee.CharField(200)
    #: The time step of the last code accepted: none is taken twice (RFC 6238 §5.2).
    totp_step = peewee.BigIntegerField(default=0)
    confirmed_at = MomentField(null=True)
    changed_at = MomentField(default=now)


class Failure(Row):
    """Failed tries under one key (a login at an address, or an address): the next is looked at after `again_at`."""

    key = peewee.CharField(160, primary_key=True)
    count = peewee.IntegerField(default=0)
    again_at = MomentField()
    last_at = MomentField(default=now)
