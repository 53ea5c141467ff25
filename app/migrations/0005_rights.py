"""Second persons, broken glass, alerts, lists that leave, anonymous reports and the parties of a case.

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

    class Unit(peewee.Model):
        class Meta:
            database = db
            table_name = "unit"

    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Veil(peewee.Model):
        alias = peewee.ForeignKeyField(Person, primary_key=True, on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        made_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "veil"

    class Approval(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        action = peewee.CharField(max_length=40)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        subject = peewee.CharField(max_length=40, default="")
        words = peewee.CharField(max_length=300)
        payload = peewee.JSONField(default=dict)
        reason = peewee.CharField(max_length=200, default="")
        state = peewee.CharField(max_length=12, default="asked")
        asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        asked_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()
        decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        decided_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "approval"
            indexes = ((("community", "state"), False),)

    class Glass(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        action = peewee.CharField(max_length=40)
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        reason = peewee.CharField(max_length=200)
        broken_at = peewee.DateTimeField()
        ends_at = peewee.DateTimeField()
        reviewed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        reviewed_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "glass"
            indexes = ((("person", "case", "action"), False),)

    class Alert(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=24)
        subject = peewee.CharField(max_length=40, default="")
        person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        words = peewee.CharField(max_length=300)
        at = peewee.DateTimeField()
        seen_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        seen_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "alert"
            indexes = ((("place", "seen_at"), False),)

    class Export(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        kind = peewee.CharField(max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        approval = peewee.ForeignKeyField(Approval, null=True, on_delete="RESTRICT")
        file = peewee.CharField(null=True, max_length=64)
        rows = peewee.IntegerField(default=0)
        made_at = peewee.DateTimeField()
        until = peewee.DateTimeField()
        fetched_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "export"

    db.create_tables([Veil, Approval, Glass, Alert, Export])
    migrator.migrate(migrator.add_column("case", "anonymous", peewee.BooleanField(default=False)))
    migrator.migrate(
        migrator.add_column(
            "case", "filed_by_id", peewee.ForeignKeyField(Person, field=Person.id, null=True, on_delete="RESTRICT")
        )
    )
    migrator.migrate(
        migrator.add_column(
            "case", "about_unit_id", peewee.ForeignKeyField(Unit, field=Unit.id, null=True, on_delete="RESTRICT")
        )
    )
    migrator.migrate(migrator.add_column("case", "party_told_at", peewee.DateTimeField(null=True)))
    migrator.migrate(migrator.add_column("photo", "size", peewee.IntegerField(default=0)))


def down(migrator, db):
    migrator.migrate(migrator.drop_index("case", "case_filed_by_id"))
    migrator.migrate(migrator.drop_index("case", "case_about_unit_id"))
    migrator.migrate(migrator.drop_column("photo", "size"))
    migrator.migrate(migrator.drop_column("case", "party_told_at"))
    migrator.migrate(migrator.drop_column("case", "about_unit_id"))
    migrator.migrate(migrator.drop_column("case", "filed_by_id"))
    migrator.migrate(migrator.drop_column("case", "anonymous"))
    migrator.migrate(migrator.drop_table("export"))
    migrator.migrate(migrator.drop_table("alert"))
    migrator.migrate(migrator.drop_table("glass"))
    migrator.migrate(migrator.drop_table("approval"))
    migrator.migrate(migrator.drop_table("veil"))
