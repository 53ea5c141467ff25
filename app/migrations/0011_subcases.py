"""Whistles and subcases: what one party answers for by a time.

The tables stand here as they were then, apart from the models of today.
"""

import peewee


def up(migrator, db):
    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Unit(peewee.Model):
        class Meta:
            database = db
            table_name = "unit"

    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Photo(peewee.Model):
        class Meta:
            database = db
            table_name = "photo"

    class Whistle(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=16)
        state = peewee.CharField(max_length=12, default="wished")
        reason = peewee.CharField(max_length=500)
        due_at = peewee.DateTimeField(null=True)
        raised_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        decided_at = peewee.DateTimeField(null=True)
        decision = peewee.CharField(max_length=500, default="")
        result = peewee.CharField(max_length=1000, default="")
        closed_at = peewee.DateTimeField(null=True)
        version = peewee.IntegerField(default=0)
        created_at = peewee.DateTimeField()
        updated_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "whistle"
            indexes = ((("case", "state"), False),)

    class Subcase(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        whistle = peewee.ForeignKeyField(Whistle, null=True, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=16)
        words = peewee.CharField(max_length=500)
        unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
        worker = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        lead = peewee.BooleanField(default=False)
        state = peewee.CharField(max_length=12, default="asked")
        due_at = peewee.DateTimeField(null=True)
        fixed = peewee.BooleanField(default=False)
        accepted_at = peewee.DateTimeField(null=True)
        arrived_at = peewee.DateTimeField(null=True)
        arrived_who = peewee.CharField(max_length=32, default="")
        arrived_mode = peewee.CharField(max_length=8, default="")
        warned_at = peewee.DateTimeField(null=True)
        plan = peewee.CharField(max_length=500, default="")
        planned_until = peewee.DateTimeField(null=True)
        result = peewee.CharField(max_length=1000, default="")
        done_at = peewee.DateTimeField(null=True)
        unit_rating = peewee.SmallIntegerField(null=True)
        call_rating = peewee.SmallIntegerField(null=True)
        call_rating_note = peewee.CharField(max_length=200, default="")
        reminded = peewee.SmallIntegerField(default=0)
        created_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        version = peewee.IntegerField(default=0)
        created_at = peewee.DateTimeField()
        updated_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "subcase"
            indexes = ((("case", "id"), False), (("unit", "state"), False), (("state", "due_at"), False))

    class SubcaseStep(peewee.Model):
        subcase = peewee.ForeignKeyField(Subcase, on_delete="RESTRICT")
        verb = peewee.CharField(max_length=20)
        from_state = peewee.CharField(max_length=12)
        to_state = peewee.CharField(max_length=12)
        actor = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        actor_role = peewee.CharField(max_length=24)
        who = peewee.CharField(max_length=32, default="")
        note = peewee.CharField(max_length=1000, default="")
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "subcase_step"

    class SubcasePhoto(peewee.Model):
        subcase = peewee.ForeignKeyField(Subcase, on_delete="RESTRICT")
        photo = peewee.ForeignKeyField(Photo, unique=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "subcase_photo"

    db.create_tables([Whistle, Subcase, SubcaseStep, SubcasePhoto])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("subcase_photo"))
    migrator.migrate(migrator.drop_table("subcase_step"))
    migrator.migrate(migrator.drop_table("subcase"))
    migrator.migrate(migrator.drop_table("whistle"))
