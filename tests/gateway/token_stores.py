"""Two token stores with real locking: one for the threads of a test, one for several processes."""

import sqlite3
import threading
import time
import uuid
from pathlib import Path

from app.gateway.tokens import Token


class MemoryTokens:
    """A store for one process. `kept` may be looked at and changed by a test, `claims` counts the asks for a lease."""

    def __init__(self) -> None:
        self.kept: dict[str, Token] = {}
        self.claims = 0
        self._leases: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def read(self, appid: str) -> Token | None:
        with self._lock:
            return self.kept.get(appid)

    def claim(self, appid: str, seconds: float) -> str | None:
        with self._lock:
            self.claims += 1
            if appid in self._leases and self._leases[appid][1] > time.monotonic():
                return None
            fence = uuid.uuid4().hex
            self._leases[appid] = (fence, time.monotonic() + seconds)
            return fence

    def store(self, appid: str, fence: str, token: Token) -> bool:
        with self._lock:
            if self._leases.get(appid, ("", 0.0))[0] != fence:
                return False
            self.kept[appid] = token
            return True

    def release(self, appid: str, fence: str) -> None:
        with self._lock:
            if self._leases.get(appid, ("", 0.0))[0] == fence:
                del self._leases[appid]

    def lapse(self) -> None:
        """All leases run out, as they would with time."""
        with self._lock:
            self._leases.clear()


class SqliteTokens:
    """A store for several processes on one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as db:
            db.execute("CREATE TABLE IF NOT EXISTS token (appid TEXT PRIMARY KEY, value TEXT, deadline REAL)")
            db.execute("CREATE TABLE IF NOT EXISTS lease (appid TEXT PRIMARY KEY, fence TEXT, until REAL)")

    def _open(self) -> "_Transaction":
        return _Transaction(self._path)

    def read(self, appid: str) -> Token | None:
        with self._open() as db:
            row = db.execute("SELECT value, deadline FROM token WHERE appid = ?", (appid,)).fetchone()
        return Token(*row) if row else None

    def claim(self, appid: str, seconds: float) -> str | None:
        fence = uuid.uuid4().hex
        with self._open() as db:
            taken = db.execute(
                "INSERT INTO lease VALUES (?, ?, ?) ON CONFLICT (appid) DO UPDATE"
                " SET fence = excluded.fence, until = excluded.until WHERE until < ?",
                (appid, fence, time.time() + seconds, time.time()),
            ).rowcount
        return fence if taken else None

    def store(self, appid: str, fence: str, token: Token) -> bool:
        with self._open() as db:
            if not db.execute("SELECT 1 FROM lease WHERE appid = ? AND fence = ?", (appid, fence)).fetchone():
                return False
            db.execute("INSERT OR REPLACE INTO token VALUES (?, ?, ?)", (appid, token.value, token.deadline))
        return True

    def release(self, appid: str, fence: str) -> None:
        with self._open() as db:
            db.execute("DELETE FROM lease WHERE appid = ? AND fence = ?", (appid, fence))


class _Transaction:
    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=20)

    def __enter__(self) -> sqlite3.Connection:
        self._db.execute("BEGIN IMMEDIATE")
        return self._db

    def __exit__(self, failure: object, *_: object) -> None:
        self._db.execute("ROLLBACK" if failure else "COMMIT")
        self._db.close()
