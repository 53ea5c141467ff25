"""The tree of places, the people in it, and what kind of matters there are.

The tables stand here as they were then, apart from the models of today.
"""

import peewee


def up(migrator, db):
    class Person(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        name = peewee.CharField(max_length=32, default="")
        phone = peewee.CharField(index=True, null=True, max_length=20)
        unionid = peewee.CharField(unique=True, null=True, max_length=64)
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "person"

    db.create_tables([Person])

    class Place(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        kind = peewee.CharField(max_length=16)
        name = peewee.CharField(max_length=64)
        code = peewee.CharField(unique=True, null=True, max_length=32)
        parent = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
        community = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
        above = peewee.CharField(max_length=80, default="")
        label = peewee.CharField(max_length=160)
        lat = peewee.DoubleField(null=True)
        lng = peewee.DoubleField(null=True)
        active = peewee.BooleanField(default=True)
        created_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "place"
            indexes = ((("parent", "kind", "name"), True), (("community", "kind"), False))

    db.create_tables([Place])

    class CalendarDay(peewee.Model):
        day = peewee.DateField(primary_key=True)
        kind = peewee.CharField(max_length=8)
        name = peewee.CharField(max_length=32, default="")

        class Meta:
            database = db
            table_name = "calendar_day"

    db.create_tables([CalendarDay])

    class Category(peewee.Model):
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        code = peewee.CharField(max_length=40)
        name = peewee.CharField(max_length=32)
        zone = peewee.CharField(max_length=24, default="")
        hazard = peewee.BooleanField(default=False)
        emergency = peewee.BooleanField(default=False)
        priority = peewee.CharField(max_length=16)
        keywords = peewee.JSONField(default=list)
        negative = peewee.JSONField(default=list)
        limits = peewee.JSONField(default=dict)
        advice = peewee.CharField(max_length=200, default="")
        position = peewee.SmallIntegerField(default=0)
        active = peewee.BooleanField(default=True)

        class Meta:
            database = db
            table_name = "category"
            indexes = ((("community", "code"), True),)

    db.create_tables([Category])

    class Grid(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        parent = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
        code = peewee.CharField(unique=True, max_length=32)
        name = peewee.CharField(max_length=64)

        class Meta:
            database = db
            table_name = "grid"

    db.create_tables([Grid])

    class Unit(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=24)
        name = peewee.CharField(max_length=64)
        joined_at = peewee.DateTimeField()
        left_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "unit"
            indexes = ((("community", "name"), True),)

    db.create_tables([Unit])

    class Identity(peewee.Model):
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        account = peewee.CharField(max_length=32)
        kind = peewee.CharField(max_length=16)
        openid = peewee.CharField(max_length=64)
        followed = peewee.BooleanField(default=True)
        window_until = peewee.DateTimeField(null=True)
        replies_left = peewee.SmallIntegerField(default=0)
        created_at = peewee.DateTimeField()
        seen_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "identity"
            indexes = ((("account", "openid"), True),)

    db.create_tables([Identity])

    class Counter(peewee.Model):
        community = peewee.ForeignKeyField(Place, primary_key=True, on_delete="RESTRICT")
        last_number = peewee.IntegerField()

        class Meta:
            database = db
            table_name = "counter"

    db.create_tables([Counter])

    class GridPlace(peewee.Model):
        grid = peewee.ForeignKeyField(Grid, on_delete="RESTRICT")
        place = peewee.ForeignKeyField(Place, unique=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "grid_place"

    db.create_tables([GridPlace])

    class HouseholdCode(peewee.Model):
        household = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        code_hash = peewee.CharField(unique=True, max_length=64)
        issued_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        expires_at = peewee.DateTimeField()
        used_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        used_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "household_code"

    db.create_tables([HouseholdCode])

    class Residence(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        household = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        relation = peewee.CharField(max_length=16, default="resident")
        state = peewee.CharField(max_length=16, default="asked")
        confirmed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        asked_at = peewee.DateTimeField()
        confirmed_at = peewee.DateTimeField(null=True)
        ended_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "residence"
            indexes = ((("person", "state"), False),)

    db.create_tables([Residence])

    class Role(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        place = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        grid = peewee.ForeignKeyField(Grid, null=True, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=24)
        rank = peewee.SmallIntegerField(default=0)
        starts_at = peewee.DateTimeField()
        ends_at = peewee.DateTimeField(null=True)
        appointed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "role"
            indexes = ((("place", "kind"), False),)

    db.create_tables([Role])

    class Session(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        door = peewee.CharField(max_length=8)
        token_hash = peewee.CharField(unique=True, max_length=64)
        agent = peewee.CharField(max_length=200, default="")
        address = peewee.CharField(max_length=64, default="")
        created_at = peewee.DateTimeField()
        seen_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "session"

    db.create_tables([Session])

    class Setting(peewee.Model):
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        name = peewee.CharField(max_length=32)
        value = peewee.JSONField()

        class Meta:
            database = db
            table_name = "setting"
            indexes = ((("community", "name"), True),)

    db.create_tables([Setting])

    class SetupCode(peewee.Model):
        code_hash = peewee.CharField(unique=True, max_length=64)
        created_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()
        used_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        used_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "setup_code"

    db.create_tables([SetupCode])

    class Signin(peewee.Model):
        scene = peewee.CharField(unique=True, max_length=64)
        browser_hash = peewee.CharField(max_length=64)
        number = peewee.CharField(max_length=4)
        purpose = peewee.CharField(max_length=8, default="desk")
        qr_url = peewee.CharField(max_length=256, default="")
        agent = peewee.CharField(max_length=200, default="")
        address = peewee.CharField(max_length=64, default="")
        state = peewee.CharField(max_length=12, default="shown")
        tries = peewee.SmallIntegerField(default=0)
        person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        created_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "signin"

    db.create_tables([Signin])

    class UnitContact(peewee.Model):
        unit = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        starts_at = peewee.DateTimeField()
        ends_at = peewee.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "unit_contact"

    db.create_tables([UnitContact])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("unit_contact"))
    migrator.migrate(migrator.drop_table("signin"))
    migrator.migrate(migrator.drop_table("setup_code"))
    migrator.migrate(migrator.drop_table("setting"))
    migrator.migrate(migrator.drop_table("session"))
    migrator.migrate(migrator.drop_table("role"))
    migrator.migrate(migrator.drop_table("residence"))
    migrator.migrate(migrator.drop_table("household_code"))
    migrator.migrate(migrator.drop_table("grid_place"))
    migrator.migrate(migrator.drop_table("counter"))
    migrator.migrate(migrator.drop_table("identity"))
    migrator.migrate(migrator.drop_table("unit"))
    migrator.migrate(migrator.drop_table("grid"))
    migrator.migrate(migrator.drop_table("category"))
    migrator.migrate(migrator.drop_table("calendar_day"))
    migrator.migrate(migrator.drop_table("place"))
    migrator.migrate(migrator.drop_table("person"))
