"""Neighbours who follow a case, and voices of the mini-program.

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

    class Follow(peewee.Model):
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "follow"
            indexes = ((("case", "person"), True),)

    class Voice(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        uploader = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
        format = peewee.CharField(max_length=4)
        seconds = peewee.SmallIntegerField()
        size = peewee.IntegerField()
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "voice"

    db.create_tables([Follow, Voice])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("voice"))
    migrator.migrate(migrator.drop_table("follow"))
