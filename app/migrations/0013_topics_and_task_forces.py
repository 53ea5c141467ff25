"""Frequent problems, the ledger of improvements, and task forces.

The tables stand here as they were then, apart from the models of today.
"""

import peewee


def up(migrator, db):
    class Place(peewee.Model):
        class Meta:
            database = db
            table_name = "place"

    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Unit(peewee.Model):
        class Meta:
            database = db
            table_name = "unit"

    class Category(peewee.Model):
        class Meta:
            database = db
            table_name = "category"

    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Photo(peewee.Model):
        class Meta:
            database = db
            table_name = "photo"

    class Topic(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
        state = peewee.CharField(max_length=12, default="proposed")
        times = peewee.SmallIntegerField()
        first_at = peewee.DateTimeField()
        last_at = peewee.DateTimeField()
        note = peewee.CharField(max_length=300, default="")
        decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        decided_at = peewee.DateTimeField(null=True)
        version = peewee.IntegerField(default=0)
        created_at = peewee.DateTimeField()
        updated_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "topic"
            indexes = ((("community", "state"), False), (("place", "category"), False))

    class Improvement(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        compound = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=16)
        quantity = peewee.IntegerField()
        unit = peewee.CharField(max_length=8)
        note = peewee.CharField(max_length=300, default="")
        day = peewee.DateField()
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
        before = peewee.ForeignKeyField(Photo, null=True, on_delete="RESTRICT")
        after = peewee.ForeignKeyField(Photo, null=True, on_delete="RESTRICT")
        recorded_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        created_at = peewee.DateTimeField()
        withdrawn_at = peewee.DateTimeField(null=True)
        withdrawn_note = peewee.CharField(max_length=200, default="")

        class Meta:
            database = db
            table_name = "improvement"
            indexes = ((("community", "day"), False),)

    class TaskForce(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        compound = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        name = peewee.CharField(max_length=40)
        created_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        created_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "task_force"
            indexes = ((("community", "ended_at"), False), (("compound", "ended_at"), False))

    class TaskForceMember(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        task_force = peewee.ForeignKeyField(TaskForce, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=16)
        person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
        state = peewee.CharField(max_length=8, default="asked")
        asked_at = peewee.DateTimeField()
        joined_at = peewee.DateTimeField(null=True)
        left_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "task_force_member"
            indexes = ((("task_force", "state"), False), (("person", "state"), False))

    db.create_tables([Topic, Improvement, TaskForce, TaskForceMember])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("task_force_member"))
    migrator.migrate(migrator.drop_table("task_force"))
    migrator.migrate(migrator.drop_table("improvement"))
    migrator.migrate(migrator.drop_table("topic"))
