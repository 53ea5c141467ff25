"""The classes of the city standard, and what a case keeps of its class and its way to the end.

The tables stand here as they were then, apart from the models of today.
"""

import peewee

#: Indexes of what is going on and leads its like.
LEADING = {
    "case_leading_point": '"community_id", "lat", "lng"', "case_leading_place": '"place_id"',
    "case_leading_category": '"community_id", "category_id", "id"',
}  # fmt: skip
UNSHOWN = ("noise", "pets", "neighbour_dispute", "property_service", "consult", "suggestion", "other")


def up(migrator, db):
    class Place(peewee.Model):
        class Meta:
            database = db
            table_name = "place"

    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Category(peewee.Model):
        code = peewee.CharField(max_length=40)
        public = peewee.BooleanField(default=True)

        class Meta:
            database = db
            table_name = "category"

    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class CityClass(peewee.Model):
        edition = peewee.CharField(max_length=24)
        kind = peewee.CharField(max_length=12)
        code = peewee.CharField(max_length=8)
        major = peewee.CharField(max_length=32)
        name = peewee.CharField(max_length=48)

        class Meta:
            database = db
            table_name = "city_class"
            indexes = ((("edition", "kind", "code"), True),)

    class FilingCondition(peewee.Model):
        city_class = peewee.ForeignKeyField(CityClass, on_delete="RESTRICT")
        position = peewee.SmallIntegerField(default=0)
        words = peewee.CharField(max_length=160)
        amount = peewee.SmallIntegerField()
        clock = peewee.CharField(max_length=16)
        closing = peewee.CharField(max_length=160)
        hazard = peewee.BooleanField(default=False)

        class Meta:
            database = db
            table_name = "filing_condition"
            indexes = ((("city_class", "position"), True),)

    class Lesson(peewee.Model):
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
        grams = peewee.JSONField(default=list)
        at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "lesson"
            indexes = ((("community", "id"), False),)

    class Route(peewee.Model):
        key = peewee.CharField(unique=True, max_length=16)
        community = peewee.ForeignKeyField(Place, on_delete="RESTRICT")
        position = peewee.SmallIntegerField()
        name = peewee.CharField(max_length=40)
        conditions = peewee.JSONField(default=dict)
        target = peewee.JSONField(default=dict)
        active = peewee.BooleanField(default=True)
        changed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        created_at = peewee.DateTimeField()
        updated_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "route"
            indexes = ((("community", "position"), False),)

    db.create_tables([CityClass, FilingCondition, Lesson, Route])
    migrator.migrate(migrator.add_column("category", "city_classes", peewee.JSONField(default=peewee.SQL("'[]'"))))
    migrator.migrate(migrator.add_column("category", "questions", peewee.JSONField(default=peewee.SQL("'[]'"))))
    migrator.migrate(migrator.add_column("category", "answerable", peewee.JSONField(default=peewee.SQL("'[]'"))))
    migrator.migrate(migrator.add_column("category", "government", peewee.BooleanField(default=False)))
    migrator.migrate(migrator.add_column("category", "public", peewee.BooleanField(default=True)))
    migrator.migrate(migrator.add_column("category", "near_metres", peewee.SmallIntegerField(default=50)))
    migrator.migrate(migrator.add_column("unit", "categories", peewee.JSONField(default=peewee.SQL("'[]'"))))
    migrator.migrate(
        migrator.add_column(
            "unit", "face_id", peewee.ForeignKeyField(Person, field=Person.id, null=True, on_delete="RESTRICT")
        )
    )
    migrator.migrate(migrator.add_column("case", "zone", peewee.CharField(max_length=24, default="")))
    migrator.migrate(
        migrator.add_column(
            "case",
            "condition_id",
            peewee.ForeignKeyField(FilingCondition, field=FilingCondition.id, null=True, on_delete="RESTRICT"),
        )
    )
    migrator.migrate(migrator.add_column("case", "answers", peewee.JSONField(default=peewee.SQL("'{}'"))))
    migrator.migrate(migrator.add_column("case", "contact_due", peewee.DateTimeField(null=True)))
    migrator.migrate(migrator.add_column("case", "first_resolve_due", peewee.DateTimeField(null=True)))
    migrator.migrate(migrator.add_column("case", "reworked", peewee.SmallIntegerField(default=0)))
    migrator.migrate(migrator.add_column("case", "fixed", peewee.BooleanField(default=False)))
    migrator.migrate(migrator.add_column("case", "escalated", peewee.SmallIntegerField(default=0)))
    migrator.migrate(migrator.add_column("case", "on_the_spot", peewee.BooleanField(default=False)))
    migrator.migrate(migrator.add_column("case", "disposition", peewee.CharField(max_length=24, default="")))
    migrator.migrate(migrator.add_column("case", "handed_to", peewee.CharField(max_length=80, default="")))
    migrator.migrate(
        migrator.add_column(
            "case", "merged_into_id", peewee.ForeignKeyField(Case, field=Case.id, null=True, on_delete="RESTRICT")
        )
    )
    migrator.migrate(
        migrator.add_column(
            "case",
            "same_as_id",
            peewee.ForeignKeyField(Case, field=Case.id, null=True, index=False, on_delete="RESTRICT"),
        )
    )
    migrator.migrate(migrator.add_column("case", "planned_until", peewee.DateTimeField(null=True)))
    migrator.migrate(migrator.add_column("case", "checked_at", peewee.DateTimeField(null=True)))
    migrator.migrate(
        migrator.add_column(
            "case", "checked_by_id", peewee.ForeignKeyField(Person, field=Person.id, null=True, on_delete="RESTRICT")
        )
    )
    migrator.migrate(migrator.add_index("case", ("community_id", "category_id", "created_at"), False))
    db.execute_sql('CREATE INDEX "case_alike" ON "case" ("same_as_id", "created_at") WHERE ("same_as_id" IS NOT NULL)')
    for name, columns in LEADING.items():
        db.execute_sql(
            f'CREATE INDEX "{name}" ON "case" ({columns}) WHERE ("closed_at" IS NULL) AND ("same_as_id" IS NULL)'
        )
    # What may be about how somebody behaves or lives, and what is no state of a place, was never shown to neighbours.
    Category.update(public=False).where(Category.code.in_(UNSHOWN)).execute()


def down(migrator, db):
    for name in LEADING:
        db.execute_sql(f'DROP INDEX "{name}"')
    db.execute_sql('DROP INDEX "case_alike"')
    migrator.migrate(migrator.drop_column("case", "same_as_id"))
    migrator.migrate(migrator.drop_index("case", "case_community_id_category_id_created_at"))
    migrator.migrate(migrator.drop_column("category", "city_classes"))
    migrator.migrate(migrator.drop_column("category", "questions"))
    migrator.migrate(migrator.drop_column("category", "answerable"))
    migrator.migrate(migrator.drop_column("category", "government"))
    migrator.migrate(migrator.drop_column("category", "public"))
    migrator.migrate(migrator.drop_column("category", "near_metres"))
    migrator.migrate(migrator.drop_column("unit", "categories"))
    migrator.migrate(migrator.drop_index("unit", "unit_face_id"))
    migrator.migrate(migrator.drop_column("unit", "face_id"))
    migrator.migrate(migrator.drop_column("case", "zone"))
    migrator.migrate(migrator.drop_index("case", "case_condition_id"))
    migrator.migrate(migrator.drop_column("case", "condition_id"))
    migrator.migrate(migrator.drop_column("case", "answers"))
    migrator.migrate(migrator.drop_column("case", "contact_due"))
    migrator.migrate(migrator.drop_column("case", "first_resolve_due"))
    migrator.migrate(migrator.drop_column("case", "reworked"))
    migrator.migrate(migrator.drop_column("case", "fixed"))
    migrator.migrate(migrator.drop_column("case", "escalated"))
    migrator.migrate(migrator.drop_column("case", "on_the_spot"))
    migrator.migrate(migrator.drop_column("case", "disposition"))
    migrator.migrate(migrator.drop_column("case", "handed_to"))
    migrator.migrate(migrator.drop_index("case", "case_merged_into_id"))
    migrator.migrate(migrator.drop_column("case", "merged_into_id"))
    migrator.migrate(migrator.drop_column("case", "planned_until"))
    migrator.migrate(migrator.drop_column("case", "checked_at"))
    migrator.migrate(migrator.drop_index("case", "case_checked_by_id"))
    migrator.migrate(migrator.drop_column("case", "checked_by_id"))
    migrator.migrate(migrator.drop_table("route"))
    migrator.migrate(migrator.drop_table("lesson"))
    migrator.migrate(migrator.drop_table("filing_condition"))
    migrator.migrate(migrator.drop_table("city_class"))
