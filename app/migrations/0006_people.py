"""What people agreed to and asked for, who acts for whom, and how they come in.

The tables stand here as they were then, apart from the models of today.
"""

import peewee


def up(migrator, db):
    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Place(peewee.Model):
        class Meta:
            database = db
            table_name = "place"

    class ConsentText(peewee.Model):
        kind = peewee.CharField(max_length=16)
        version = peewee.SmallIntegerField()
        title = peewee.CharField(max_length=64)
        text = peewee.TextField()
        sensitive = peewee.BooleanField(default=False)
        published_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "consent_text"
            indexes = ((("kind", "version"), True),)

    class Consent(peewee.Model):
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        text = peewee.ForeignKeyField(ConsentText, on_delete="RESTRICT")
        answer = peewee.CharField(max_length=12)
        answered_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        channel = peewee.CharField(max_length=16, default="")
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "consent"
            indexes = ((("person", "id"), False),)

    class Delegation(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        kind = peewee.CharField(max_length=12)
        principal = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        agent = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        relation = peewee.CharField(max_length=16)
        state = peewee.CharField(max_length=12, default="asked")
        asked_at = peewee.DateTimeField()
        confirmed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        confirmed_at = peewee.DateTimeField(null=True)
        ended_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "delegation"
            indexes = ((("agent", "state"), False), (("principal", "state"), False))

    class DataRequest(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        asked_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=8)
        state = peewee.CharField(max_length=12, default="asked")
        asked_at = peewee.DateTimeField()
        due_at = peewee.DateTimeField()
        done_at = peewee.DateTimeField(null=True)
        file = peewee.CharField(null=True, max_length=64)
        file_until = peewee.DateTimeField(null=True)
        fetched_at = peewee.DateTimeField(null=True)
        proof = peewee.JSONField(default=dict)

        class Meta:
            database = db
            table_name = "data_request"
            indexes = ((("person", "kind", "state"), False),)

    class Deletion(peewee.Model):
        kind = peewee.CharField(max_length=24)
        count = peewee.IntegerField()
        cutoff = peewee.DateTimeField(null=True)
        request = peewee.ForeignKeyField(DataRequest, null=True, on_delete="RESTRICT")
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "deletion"

    class Credential(peewee.Model):
        person = peewee.ForeignKeyField(Person, primary_key=True, on_delete="RESTRICT")
        login = peewee.CharField(unique=True, max_length=32)
        password_hash = peewee.CharField(max_length=200)
        totp_secret = peewee.CharField(max_length=200)
        totp_step = peewee.BigIntegerField(default=0)
        confirmed_at = peewee.DateTimeField(null=True)
        changed_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "credential"

    class Failure(peewee.Model):
        key = peewee.CharField(primary_key=True, max_length=160)
        count = peewee.IntegerField(default=0)
        again_at = peewee.DateTimeField()
        last_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "failure"

    db.create_tables([ConsentText, Consent, Delegation, DataRequest, Deletion, Credential, Failure])
    migrator.migrate(migrator.add_column("person", "age_group", peewee.CharField(max_length=8, default="")))
    migrator.migrate(migrator.add_column("person", "erased_at", peewee.DateTimeField(null=True)))
    migrator.migrate(migrator.add_column("session", "way", peewee.CharField(max_length=8, default="")))
    migrator.migrate(
        migrator.add_column("session", "previous_hash", peewee.CharField(unique=True, null=True, max_length=64))
    )
    migrator.migrate(migrator.add_column("session", "rotated_at", peewee.DateTimeField(null=True)))


def down(migrator, db):
    migrator.migrate(migrator.drop_index("session", "session_previous_hash"))
    migrator.migrate(migrator.drop_column("session", "rotated_at"))
    migrator.migrate(migrator.drop_column("session", "previous_hash"))
    migrator.migrate(migrator.drop_column("session", "way"))
    migrator.migrate(migrator.drop_column("person", "erased_at"))
    migrator.migrate(migrator.drop_column("person", "age_group"))
    migrator.migrate(migrator.drop_table("failure"))
    migrator.migrate(migrator.drop_table("credential"))
    migrator.migrate(migrator.drop_table("deletion"))
    migrator.migrate(migrator.drop_table("data_request"))
    migrator.migrate(migrator.drop_table("delegation"))
    migrator.migrate(migrator.drop_table("consent"))
    migrator.migrate(migrator.drop_table("consent_text"))
