"""Work for later that is not a letter: fetching what a resident sent, reminding, escalating, tidying."""

import peewee

from models.base import MomentField, Row, now


class Task(Row):
    """One piece of work, owned by a unique key, leased by one worker at a time (`run_at` is also the lease's end)."""

    id = peewee.AutoField()
    key = peewee.CharField(120, unique=True)
    kind = peewee.CharField(24)
    payload = peewee.JSONField(default=dict)
    state = peewee.CharField(8, default="ready")
    attempts = peewee.SmallIntegerField(default=0)
    run_at = MomentField(default=now)
    fence = peewee.CharField(32, null=True)
    problem = peewee.CharField(200, default="")
    created_at = MomentField(default=now)
    ended_at = MomentField(null=True)

    class Meta:
        indexes = ((("state", "run_at"), False),)
