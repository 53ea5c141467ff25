"""Patrols of a grid and visits at doors. The tables stand here as they were then, apart from the models of today."""

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

    class Grid(peewee.Model):
        class Meta:
            database = db
            table_name = "grid"

    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Photo(peewee.Model):
        class Meta:
            database = db
            table_name = "photo"

    class Patrol(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        grid = peewee.ForeignKeyField(Grid, on_delete="RESTRICT")
        worker = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        started_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField()
        note = peewee.CharField(max_length=500, default="")
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "patrol"
            indexes = ((("community", "id"), False), (("worker", "id"), False))

    class PatrolCheck(peewee.Model):
        patrol = peewee.ForeignKeyField(Patrol, on_delete="RESTRICT")
        item = peewee.CharField(max_length=24)
        name = peewee.CharField(max_length=32)
        ok = peewee.BooleanField()
        note = peewee.CharField(max_length=200, default="")
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "patrol_check"

    class PatrolPhoto(peewee.Model):
        check = peewee.ForeignKeyField(PatrolCheck, on_delete="RESTRICT")
        photo = peewee.ForeignKeyField(Photo, unique=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "patrol_photo"

    class Visit(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        household = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        visitor = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=12)
        met = peewee.BooleanField()
        at = peewee.DateTimeField()
        note = peewee.CharField(max_length=500, default="")
        needs = peewee.JSONField(default=list)
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "visit"
            indexes = ((("household", "at"), False), (("community", "id"), False), (("visitor", "id"), False))

    db.create_tables([Patrol, PatrolCheck, PatrolPhoto, Visit])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("visit"))
    migrator.migrate(migrator.drop_table("patrol_photo"))
    migrator.migrate(migrator.drop_table("patrol_check"))
    migrator.migrate(migrator.drop_table("patrol"))
