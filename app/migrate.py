"""Run the numbered scripts of app/migrations, one at a time over all hosts, each in one transaction.

A script is a pair `up(migrator, db)` and `down(migrator, db)`. Its change and the record that it ran are one commit, on
both engines, so that a run killed in the middle begins again where it stopped. peewee's runner takes no lock; we do.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from models.base import database

SCRIPTS = Path(__file__).parent / "migrations"
#: The advisory lock of PostgreSQL that says "somebody is migrating"; any number will do, if it is always the same.
LOCK = 7_330_911


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until nobody else migrates this database."""
    engine = database.obj
    if engine.is_sqlite:
        with open(f"{engine.database}.migrating", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    database.execute_sql("SELECT pg_advisory_lock(%s)", (LOCK,))
    try:
        yield
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _runner() -> Runner:
    return Runner(database.obj, str(SCRIPTS))


def up(target: str | None = None) -> list[str]:
    """Apply what is pending, up to a script's name when given. Returns the names applied."""
    with database.connection_context(), _alone():
        return _runner().up(target)


def down(target: str | None = None) -> list[str]:
    """Revert the last script, or every one back through `target`. Returns the names reverted."""
    with database.connection_context(), _alone():
        return _runner().down(target)


def pending() -> list[str]:
    """The scripts not applied yet."""
    with database.connection_context():
        return [step.name for step in _runner().status() if not step.applied]
