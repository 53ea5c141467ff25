"""What the platform told us, kept as it came: one row an event, however often it was delivered."""

import peewee

from models.base import MomentField, Row, now


class Inbound(Row):
    """`event_key` is MsgId for messages and FromUserName+CreateTime+Event+EventKey for events (contract C1).

    `reply` is the passive reply that was given, so that a repeated delivery gets the same one.
    """

    id = peewee.AutoField()
    account = peewee.CharField(32)
    event_key = peewee.CharField(200)
    kind = peewee.CharField(40)
    payload = peewee.JSONField(default=dict)
    state = peewee.CharField(12, default="handled")
    problem = peewee.CharField(80, default="")
    reply = peewee.TextField(default="")
    received_at = MomentField(default=now)

    class Meta:
        indexes = ((("account", "event_key"), True),)
