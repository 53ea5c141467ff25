"""The audit log as nobody can change it: what it says more, its chain, and the heads that were published.

The tables stand here as they were then, apart from the models of today.
"""

import peewee

#: Tables whose rows are added and never changed.
KEPT = ("audit", "audit_link", "audit_head")
#: What makes a row of them the one it is: SQLite's INSERT OR REPLACE drops whoever has it, past the other triggers.
UNIQUE = {"audit": ("id",), "audit_link": ("position", "audit"), "audit_head": ("id", "position")}
REFUSAL = "audit rows are added, never changed or deleted"


def up(migrator, db):
    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class AuditHead(peewee.Model):
        position = peewee.IntegerField(unique=True)
        hash = peewee.CharField(max_length=64)
        published_at = peewee.DateTimeField()

        class Meta:
            database = db
            table_name = "audit_head"

    class AuditLink(peewee.Model):
        position = peewee.IntegerField(primary_key=True)
        audit = peewee.IntegerField(unique=True)
        salt = peewee.CharField(max_length=32)
        hash = peewee.CharField(max_length=64)

        class Meta:
            database = db
            table_name = "audit_link"

    db.create_tables([AuditHead, AuditLink])
    migrator.migrate(
        migrator.add_column(
            "audit", "about_id", peewee.ForeignKeyField(Person, field=Person.id, null=True, on_delete="RESTRICT")
        )
    )
    migrator.migrate(migrator.add_column("audit", "before", peewee.JSONField(null=True)))
    migrator.migrate(migrator.add_column("audit", "after", peewee.JSONField(null=True)))
    migrator.migrate(migrator.add_column("audit", "reason", peewee.CharField(max_length=200, default="")))
    migrator.migrate(migrator.add_column("audit", "door", peewee.CharField(max_length=8, default="")))
    migrator.migrate(migrator.add_index("audit", ("about_id", "id")))
    migrator.migrate(migrator.add_index("audit", ("person_id", "action", "at")))
    protect(db)


def down(migrator, db):
    unprotect(db)
    migrator.migrate(migrator.drop_index("audit", "audit_person_id_action_at"))
    migrator.migrate(migrator.drop_index("audit", "audit_about_id_id"))
    migrator.migrate(migrator.drop_index("audit", "audit_about_id"))
    migrator.migrate(migrator.drop_column("audit", "door"))
    migrator.migrate(migrator.drop_column("audit", "reason"))
    migrator.migrate(migrator.drop_column("audit", "after"))
    migrator.migrate(migrator.drop_column("audit", "before"))
    migrator.migrate(migrator.drop_column("audit", "about_id"))
    migrator.migrate(migrator.drop_table("audit_link"))
    migrator.migrate(migrator.drop_table("audit_head"))


def protect(db):
    """Let the database refuse what nobody may do: by triggers, on PostgreSQL by missing privileges as well."""
    if is_sqlite(db):
        for table in KEPT:
            for deed in ("UPDATE", "DELETE"):
                db.execute_sql(
                    f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
            there = " OR ".join(f"{column} = NEW.{column}" for column in UNIQUE[table])
            taken = f"EXISTS (SELECT 1 FROM {table} WHERE {there})"  # noqa: S608  (names that stand above)
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    db.execute_sql(
        "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in KEPT:
        db.execute_sql(
            f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()"
        )
        db.execute_sql(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER")


def unprotect(db):
    """As it was before."""
    if is_sqlite(db):
        for table in KEPT:
            for deed in ("update", "delete", "replace"):
                db.execute_sql(f"DROP TRIGGER {table}_no_{deed}")
        return
    for table in KEPT:
        db.execute_sql(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")
        db.execute_sql(f"DROP TRIGGER {table}_is_kept ON {table}")
    db.execute_sql("DROP FUNCTION audit_is_kept()")


def is_sqlite(db):
    return isinstance(db, peewee.SqliteDatabase)
