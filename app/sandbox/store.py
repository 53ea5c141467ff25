"""Where the sandbox remembers: one SQLite file in WAL mode, plain SQL.

Every thread has its own connection, opened on first use and never carried over a fork. Writers take the write lock at
once (`BEGIN IMMEDIATE`), so read-then-write is safe between threads and between processes.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (key TEXT PRIMARY KEY, unionid TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    app TEXT NOT NULL, person TEXT NOT NULL, openid TEXT NOT NULL UNIQUE,
    session_key TEXT, session_at REAL NOT NULL DEFAULT 0,
    follows INTEGER NOT NULL DEFAULT 0, followed_at REAL NOT NULL DEFAULT 0, scene TEXT NOT NULL DEFAULT '',
    opened_at REAL NOT NULL DEFAULT 0, contact_at REAL NOT NULL DEFAULT 0, typing_until REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (app, person));
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, app TEXT NOT NULL, kind TEXT NOT NULL,
    issued_at REAL NOT NULL, expires_at REAL NOT NULL, superseded_at REAL);
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, kind TEXT NOT NULL, app TEXT NOT NULL, person TEXT NOT NULL,
    expires_at REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS items (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, app TEXT NOT NULL, at REAL NOT NULL,
    body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS items_person ON items (person, seq);
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, app TEXT NOT NULL, kind TEXT NOT NULL, filename TEXT NOT NULL, mime TEXT NOT NULL,
    bytes BLOB NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS windows (
    app TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, remaining INTEGER NOT NULL, until REAL NOT NULL,
    PRIMARY KEY (app, person, kind));
CREATE TABLE IF NOT EXISTS subscriptions (
    app TEXT NOT NULL, person TEXT NOT NULL, template TEXT NOT NULL, remaining INTEGER NOT NULL,
    PRIMARY KEY (app, person, template));
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, person TEXT NOT NULL, lane TEXT NOT NULL,
    msg_id TEXT, event TEXT, message TEXT NOT NULL, item INTEGER, state TEXT NOT NULL DEFAULT 'pending',
    tries INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL, lease TEXT, lease_until REAL NOT NULL DEFAULT 0,
    last_status TEXT, last_reply TEXT);
CREATE INDEX IF NOT EXISTS deliveries_pending ON deliveries (state, lane, id);
CREATE INDEX IF NOT EXISTS deliveries_item ON deliveries (item);
CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, path TEXT NOT NULL, app TEXT, query TEXT NOT NULL,
    body TEXT NOT NULL, errcode INTEGER, errmsg TEXT, rid TEXT NOT NULL, fault TEXT, answer TEXT NOT NULL,
    cost_ms INTEGER NOT NULL, client TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS calls_rid ON calls (rid);
CREATE TABLE IF NOT EXISTS counters (
    app TEXT NOT NULL, name TEXT NOT NULL, slot TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (app, name, slot));
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, remaining INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS scan_codes (
    ticket TEXT PRIMARY KEY, app TEXT NOT NULL, kind TEXT NOT NULL, scene TEXT NOT NULL, page TEXT, url TEXT NOT NULL,
    created_at REAL NOT NULL, expires_at REAL);
CREATE TABLE IF NOT EXISTS links (
    url TEXT PRIMARY KEY, app TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL, env TEXT NOT NULL,
    created_at REAL NOT NULL, expires_at REAL NOT NULL);
"""


class Store:
    """One SQLite file; hands out per-thread connections and transactions."""

    def __init__(self, path: str):
        self.path = path
        self._local = threading.local()
        self._abandoned: list[sqlite3.Connection] = []
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.connection().executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")

    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection, in autocommit mode."""
        held = getattr(self._local, "held", None)
        if held and held[0] == os.getpid():
            return held[1]
        if held:  # inherited over a fork: closing it here could disturb the parent's locks, so it is only put aside
            self._abandoned.append(held[1])
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # survives a killed process, which is what is promised
        self._local.held = (os.getpid(), connection)
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is kept together, or nothing of it when an exception leaves the block."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def insert(db: sqlite3.Connection, statement: str, values: tuple) -> int:
    """Run one INSERT and return the number of the new row."""
    return db.execute(f"{statement} RETURNING rowid", values).fetchone()[0]


def get_setting(db: sqlite3.Connection, name: str, default=None):
    """A remembered value (any JSON), or `default`."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return json.loads(row["value"]) if row else default


def set_setting(db: sqlite3.Connection, name: str, value) -> None:
    """Remember any JSON value under a name."""
    db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, json.dumps(value)))


def drop_setting(db: sqlite3.Connection, name: str) -> None:
    """Forget a name."""
    db.execute("DELETE FROM settings WHERE name = ?", (name,))


def count_up(db: sqlite3.Connection, app: str, name: str, slot: str) -> int:
    """Add one to a counter of this app and slot (a day, a month) and return the new value."""
    row = db.execute(
        "INSERT INTO counters (app, name, slot, used) VALUES (?, ?, ?, 1)"
        " ON CONFLICT (app, name, slot) DO UPDATE SET used = used + 1 RETURNING used",
        (app, name, slot),
    ).fetchone()
    return row["used"]
