"""What came in, what we owe, work for later, and the records of both.

The tables stand here as they were then, apart from the models of today.
"""

import peewee


def up(migrator, db):
    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Identity(peewee.Model):
        class Meta:
            database = db
            table_name = "identity"

    class Line(peewee.Model):
        class Meta:
            database = db
            table_name = "line"

    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Place(peewee.Model):
        class Meta:
            database = db
            table_name = "place"

    class Audit(peewee.Model):
        at = peewee.DateTimeField()
        person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        role = peewee.CharField(max_length=24, default="")
        community = peewee.ForeignKeyField(Place, null=True, on_delete="RESTRICT")
        action = peewee.CharField(max_length=40)
        subject = peewee.CharField(max_length=40, default="")
        result = peewee.CharField(max_length=12, default="done")
        detail = peewee.JSONField(default=dict)
        address = peewee.CharField(max_length=64, default="")

        class Meta:
            database = db
            table_name = "audit"
            indexes = ((("community", "id"), False),)

    db.create_tables([Audit])

    class Event(peewee.Model):
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=24)
        subject = peewee.CharField(max_length=40)
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "event"

    db.create_tables([Event])

    class Inbound(peewee.Model):
        account = peewee.CharField(max_length=32)
        event_key = peewee.CharField(max_length=200)
        kind = peewee.CharField(max_length=40)
        payload = peewee.JSONField(default=dict)
        state = peewee.CharField(max_length=12, default="handled")
        problem = peewee.CharField(max_length=80, default="")
        reply = peewee.TextField(default="")
        received_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "inbound"
            indexes = ((("account", "event_key"), True),)

    db.create_tables([Inbound])

    class Letter(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        event = peewee.CharField(max_length=80)
        event_key = peewee.CharField(unique=True, max_length=160)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
        line = peewee.ForeignKeyField(Line, null=True, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=24)
        urgent = peewee.BooleanField(default=False)
        channel = peewee.CharField(max_length=16)
        identity = peewee.ForeignKeyField(Identity, null=True, on_delete="RESTRICT")
        content = peewee.JSONField(default=dict)
        next_channels = peewee.JSONField(default=list)
        next_persons = peewee.JSONField(default=list)
        follows = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
        state = peewee.CharField(max_length=12, default="owed")
        attempts = peewee.SmallIntegerField(default=0)
        run_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()
        fence = peewee.CharField(null=True, max_length=32)
        outcome_code = peewee.IntegerField(null=True)
        outcome = peewee.CharField(max_length=80, default="")
        platform_id = peewee.CharField(null=True, max_length=64)
        created_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "letter"
            indexes = ((("state", "urgent", "run_at"), False), (("community", "state"), False))

    db.create_tables([Letter])

    class Quota(peewee.Model):
        account = peewee.CharField(max_length=32)
        channel = peewee.CharField(max_length=16)
        until = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "quota"
            indexes = ((("account", "channel"), True),)

    db.create_tables([Quota])

    class Receipt(peewee.Model):
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        key = peewee.CharField(max_length=80)
        request_hash = peewee.CharField(max_length=64)
        status = peewee.SmallIntegerField()
        body = peewee.JSONField(default=dict)
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "receipt"
            indexes = ((("person", "key"), True),)

    db.create_tables([Receipt])

    class Subscription(peewee.Model):
        identity = peewee.ForeignKeyField(Identity, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=24)
        remaining = peewee.IntegerField(default=0)
        refused_at = peewee.DateTimeField(null=True)
        updated_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "subscription"
            indexes = ((("identity", "kind"), True),)

    db.create_tables([Subscription])

    class Task(peewee.Model):
        key = peewee.CharField(unique=True, max_length=120)
        kind = peewee.CharField(max_length=24)
        payload = peewee.JSONField(default=dict)
        state = peewee.CharField(max_length=8, default="ready")
        attempts = peewee.SmallIntegerField(default=0)
        run_at = peewee.DateTimeField()
        fence = peewee.CharField(null=True, max_length=32)
        problem = peewee.CharField(max_length=200, default="")
        created_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "task"
            indexes = ((("state", "run_at"), False),)

    db.create_tables([Task])

    class WechatToken(peewee.Model):
        appid = peewee.CharField(primary_key=True, max_length=32)
        value = peewee.CharField(max_length=700, default="")
        deadline = peewee.DoubleField(default=0)
        fence = peewee.CharField(null=True, max_length=32)
        lease_until = peewee.DoubleField(default=0)

        class Meta:
            database = db
            table_name = "wechat_token"

    db.create_tables([WechatToken])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("wechat_token"))
    migrator.migrate(migrator.drop_table("task"))
    migrator.migrate(migrator.drop_table("subscription"))
    migrator.migrate(migrator.drop_table("receipt"))
    migrator.migrate(migrator.drop_table("quota"))
    migrator.migrate(migrator.drop_table("letter"))
    migrator.migrate(migrator.drop_table("inbound"))
    migrator.migrate(migrator.drop_table("event"))
    migrator.migrate(migrator.drop_table("audit"))
