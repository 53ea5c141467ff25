"""Notices of the community, and who has read them.

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

    class Notice(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=16)
        title = peewee.CharField(max_length=60)
        body = peewee.TextField()
        urgent = peewee.BooleanField(default=False)
        state = peewee.CharField(max_length=12, default="published")
        sent_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        published_at = peewee.DateTimeField()
        corrects = peewee.ForeignKeyField("self", null=True, unique=True, on_delete="RESTRICT")
        withdrawn_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        withdrawn_at = peewee.DateTimeField(null=True)
        withdrawn_reason = peewee.CharField(max_length=200, default="")

        class Meta:
            database = db
            table_name = "notice"
            indexes = ((("community", "id"), False),)

    class NoticeReading(peewee.Model):
        notice = peewee.ForeignKeyField(Notice, on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        at = peewee.DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "notice_reading"
            indexes = ((("notice", "person"), True),)

    db.create_tables([Notice, NoticeReading])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("notice_reading"))
    migrator.migrate(migrator.drop_table("notice"))
