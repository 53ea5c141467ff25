"""The ground of every table: the database, time, public keys and the one way to write.

Nothing here knows WeChat or HTTP. The database is chosen once, at start, by `connect(url)`;
the tables do not know which one it is.
"""

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import peewee
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

database = peewee.DatabaseProxy()
_turn = threading.RLock()

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    # NORMAL lost acknowledged commits in simulated power losses; a report that was answered must survive one.
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "cache_size": -16000,
    # What is deleted is overwritten with zeros: a person who asked to be forgotten is not found in the file either.
    "secure_delete": 1,
}


class Row(peewee.Model):
    """What every table shares."""

    class Meta:
        database = database
        legacy_table_names = False


class MomentField(peewee.DateTimeField):
    """A moment: aware UTC in Python, naive UTC in the database (the same text order on both engines)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, formats=["%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S"], **kwargs)

    if TYPE_CHECKING:
        # On a row peewee's accessor stands where the field is; like its other fields it gives what the table holds.
        def __get__(self, row: object, table: type) -> Any: ...
        def __set__(self, row: object, value: datetime | None) -> None: ...

    def db_value(self, value):
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a moment needs its time zone")
            value = value.astimezone(UTC).replace(tzinfo=None)
            # Always six digits, so that SQLite's text order is the order of time.
            return value.isoformat(" ", "microseconds") if self.model._meta.database.is_sqlite else value
        return super().db_value(value)

    def python_value(self, value):
        value = super().python_value(value)
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


class Database:
    """Mixed into both pools, so that a table can ask which engine keeps it."""

    is_sqlite = False


class SqlitePool(Database, PooledSqliteDatabase):
    is_sqlite = True


class PostgresPool(Database, PooledPostgresqlDatabase):
    pass


def connect(url: str, connections: int = 40, synchronous: str = "full") -> peewee.Database:
    """Choose the database: `sqlite:///path` or `postgresql://user:password@host:port/name`.

    The connections are pooled per thread and opened when first used, so that none crosses a fork. `synchronous` is that
    of SQLite, "full" or "extra". Raises ValueError for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # Every transaction begins IMMEDIATE: a read that turns into a write cannot fail halfway (SQLITE_BUSY_SNAPSHOT).
        chosen: peewee.Database = SqlitePool(
            unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path),
            pragmas=SQLITE_PRAGMAS | {"synchronous": synchronous},
            lock_type="IMMEDIATE",
            max_connections=connections,
            timeout=10,
            check_same_thread=False,
        )
    elif parts.scheme in ("postgresql", "postgres"):
        chosen = PostgresPool(
            url.replace("postgres://", "postgresql://", 1),
            prefer_psycopg3=True,
            max_connections=connections,
            stale_timeout=300,
            timeout=10,
        )
    else:
        raise ValueError(f"unknown database scheme {parts.scheme!r}")
    database.initialize(chosen)
    return chosen


@contextmanager
def write() -> Iterator[None]:
    """One transaction: everything in it is kept, or nothing is. No network call belongs inside.

    SQLite has one writer at a time, and whoever finds it busy sleeps up to 100 ms between looks. Threads of one process
    therefore queue for a lock of ours, which wakes the next at once; other processes still meet at SQLite's own.
    """
    with _turn if database.obj.is_sqlite else nullcontext(), database.atomic():
        yield


def empty_log() -> bool:
    """On SQLite, empty the write-ahead log, which holds pages as they were before a deletion. False while it is read.

    PostgreSQL cleans up by itself (autovacuum).
    """
    if not database.obj.is_sqlite:
        return True
    return database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def new_key() -> str:
    """A fresh public id: 16 letters and digits, 80 random bits, safe in an URL and not to be guessed."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()
