"""Questions to the reporter, extensions, judgements and exclusions.

The tables stand here as they were then, apart from the models of today.
"""

import peewee


def up(migrator, db):
    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Question(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        state = peewee.CharField(max_length=12, default="open")
        text = peewee.CharField(max_length=300)
        asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        due_at = peewee.DateTimeField()
        answer = peewee.TextField(default="")
        answered_at = peewee.DateTimeField(null=True)
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "question"
            indexes = ((("case", "state"), False),)

    class Extension(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=12)
        reason = peewee.CharField(max_length=300)
        from_due = peewee.DateTimeField(null=True)
        to_due = peewee.DateTimeField(null=True)
        left_seconds = peewee.IntegerField(null=True)
        until = peewee.DateTimeField(null=True)
        resumed_at = peewee.DateTimeField(null=True)
        asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        agreed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "extension"
            indexes = ((("case", "kind"), False),)

    class Judgement(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        round = peewee.SmallIntegerField(default=0)
        satisfaction = peewee.CharField(max_length=20)
        aspects = peewee.JSONField(default=dict)
        answers = peewee.JSONField(default=list)
        note = peewee.TextField(default="")
        asks_reopen = peewee.BooleanField(default=False)
        decision = peewee.CharField(max_length=12, default="")
        decision_note = peewee.CharField(max_length=300, default="")
        decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        decided_at = peewee.DateTimeField(null=True)
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "judgement"
            indexes = ((("case", "round"), True),)

    class Exclusion(peewee.Model):
        case = peewee.ForeignKeyField(Case, unique=True, on_delete="RESTRICT")
        reason = peewee.CharField(max_length=24)
        note = peewee.CharField(max_length=300)
        asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        agreed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "exclusion"

    db.create_tables([Question, Extension, Judgement, Exclusion])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("exclusion"))
    migrator.migrate(migrator.drop_table("judgement"))
    migrator.migrate(migrator.drop_table("extension"))
    migrator.migrate(migrator.drop_table("question"))
