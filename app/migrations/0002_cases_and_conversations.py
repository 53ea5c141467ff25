"""Cases with their steps and photos, conversations with their lines.

The tables stand here as they were then, apart from the models of today.
"""

import peewee


def up(migrator, db):
    class Category(peewee.Model):
        class Meta:
            database = db
            table_name = "category"

    class Grid(peewee.Model):
        class Meta:
            database = db
            table_name = "grid"

    class Identity(peewee.Model):
        class Meta:
            database = db
            table_name = "identity"

    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Place(peewee.Model):
        class Meta:
            database = db
            table_name = "place"

    class Unit(peewee.Model):
        class Meta:
            database = db
            table_name = "unit"

    class Case(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        number = peewee.IntegerField()
        reporter = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        channel = peewee.CharField(max_length=16)
        words = peewee.TextField()
        first_category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
        category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
        hazard = peewee.BooleanField(default=False)
        place = peewee.ForeignKeyField(Place, null=True, on_delete="RESTRICT")
        place_words = peewee.CharField(max_length=120, default="")
        lat = peewee.DoubleField(null=True)
        lng = peewee.DoubleField(null=True)
        grid = peewee.ForeignKeyField(Grid, null=True, on_delete="RESTRICT")
        handler = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
        about = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        state = peewee.CharField(max_length=20, default="reported")
        accept_due = peewee.DateTimeField(null=True)
        safe_due = peewee.DateTimeField(null=True)
        resolve_due = peewee.DateTimeField(null=True)
        contacted_at = peewee.DateTimeField(null=True)
        accepted_at = peewee.DateTimeField(null=True)
        safe_at = peewee.DateTimeField(null=True)
        handled_at = peewee.DateTimeField(null=True)
        closed_at = peewee.DateTimeField(null=True)
        solved = peewee.BooleanField(null=True)
        satisfaction = peewee.CharField(null=True, max_length=20)
        reopened = peewee.SmallIntegerField(default=0)
        version = peewee.IntegerField(default=0)
        created_at = peewee.DateTimeField()
        updated_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "case"
            indexes = (
                (("community", "number"), True),
                (("community", "state", "id"), False),
                (("handler", "state"), False),
                (("reporter", "id"), False),
            )

    db.create_tables([Case])

    class Conversation(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        identity = peewee.ForeignKeyField(Identity, null=True, on_delete="RESTRICT")
        waiting_since = peewee.DateTimeField(null=True)
        last_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "conversation"
            indexes = (
                (("community", "person"), True),
                (("community", "waiting_since"), False),
                (("community", "last_at"), False),
            )

    db.create_tables([Conversation])

    class Draft(peewee.Model):
        conversation = peewee.ForeignKeyField(Conversation, on_delete="RESTRICT")
        words = peewee.TextField(default="")
        place = peewee.ForeignKeyField(Place, null=True, on_delete="RESTRICT")
        place_words = peewee.CharField(max_length=120, default="")
        lat = peewee.DoubleField(null=True)
        lng = peewee.DoubleField(null=True)
        asked = peewee.CharField(max_length=12, default="")
        questions = peewee.SmallIntegerField(default=0)
        state = peewee.CharField(max_length=8, default="open")
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
        created_at = peewee.DateTimeField()
        updated_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "draft"
            indexes = ((("conversation", "state"), False),)

    db.create_tables([Draft])

    class Photo(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        uploader = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=8, default="report")
        sha256 = peewee.CharField(max_length=64)
        width = peewee.IntegerField()
        height = peewee.IntegerField()
        verdict = peewee.CharField(max_length=8, default="waiting")
        trace = peewee.CharField(index=True, null=True, max_length=64)
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "photo"

    db.create_tables([Photo])

    class Line(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        conversation = peewee.ForeignKeyField(Conversation, on_delete="RESTRICT")
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
        draft = peewee.ForeignKeyField(Draft, null=True, on_delete="RESTRICT")
        author = peewee.CharField(max_length=12)
        speaker = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        speaker_role = peewee.CharField(max_length=24, default="")
        kind = peewee.CharField(max_length=12, default="text")
        text = peewee.TextField(default="")
        photo = peewee.ForeignKeyField(Photo, null=True, on_delete="RESTRICT")
        shows = peewee.CharField(max_length=8, default="")
        recording = peewee.CharField(null=True, max_length=64)
        lat = peewee.DoubleField(null=True)
        lng = peewee.DoubleField(null=True)
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "line"
            indexes = ((("conversation", "id"), False),)

    db.create_tables([Line])

    class Step(peewee.Model):
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        verb = peewee.CharField(max_length=20)
        from_state = peewee.CharField(max_length=20)
        to_state = peewee.CharField(max_length=20)
        actor = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        actor_role = peewee.CharField(max_length=24)
        note = peewee.TextField(default="")
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "step"

    db.create_tables([Step])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("step"))
    migrator.migrate(migrator.drop_table("line"))
    migrator.migrate(migrator.drop_table("photo"))
    migrator.migrate(migrator.drop_table("draft"))
    migrator.migrate(migrator.drop_table("conversation"))
    migrator.migrate(migrator.drop_table("case"))
