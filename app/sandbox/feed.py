"""What a person sees on the phone: one growing list of items per person, and the budgets that belong to a chat.

An item is a dict with `where` (chat, notifications, system), `kind`, `from` (me, them) and what its kind needs.
Budgets: after a user's message 5 answers within 48 hours; after entering a mini-program's chat 2 within a minute; after
a menu tap, a follow or a scan in an official account 3 within a minute. A new trigger resets its budget; nothing adds
up.
Source: 开发/指南/开放能力/消息/客服消息/发送消息.
"""

import json
import sqlite3
import time

from app.sandbox.refusals import Refused
from app.sandbox.store import insert

BUDGETS = {
    "message": (5, 48 * 3600),
    "enter": (2, 60),
    "menu": (3, 60),
    "follow": (3, 60),
    "scan": (3, 60),
}
TYPING_SECONDS = 15


def add_item(db: sqlite3.Connection, person: str, app: str, **body) -> int:
    """Put one item on a person's phone; returns its seq. Items carry the real time, not the platform's moved clock."""
    return insert(db, "INSERT INTO items (person, app, at, body) VALUES (?, ?, ?, ?)",
                  (person, app, time.time(), json.dumps(body, ensure_ascii=False)))


def from_them(db: sqlite3.Connection, person: str, app: str, kind: str, *, where: str = "chat", **body) -> int:
    """An item that the app sends to the person."""
    return add_item(db, person, app, where=where, kind=kind, **{"from": "them"}, **body)


def items_after(db: sqlite3.Connection, person: str, seq: int, limit: int = 500) -> list[dict]:
    """The person's items with a higher seq, oldest first; own messages say how their delivery stands."""
    rows = db.execute(
        "SELECT i.seq, i.at, i.app, i.body, d.state, d.tries FROM items i"
        " LEFT JOIN deliveries d ON d.id = (SELECT MIN(id) FROM deliveries WHERE item = i.seq)"
        " WHERE i.person = ? AND i.seq > ? ORDER BY i.seq LIMIT ?",
        (person, seq, limit),
    ).fetchall()
    return [_item(row) for row in rows]


def _item(row: sqlite3.Row) -> dict:
    item = {"seq": row["seq"], "at": row["at"], "app": row["app"]} | json.loads(row["body"])
    if row["state"]:
        item |= {"status": {"done": "delivered"}.get(row["state"], row["state"]), "tries": row["tries"]}
    return item


def open_window(db: sqlite3.Connection, account: sqlite3.Row, kind: str, now: float) -> None:
    """A trigger happened: the budget of this kind is full again; typing is possible for 30 seconds."""
    count, seconds = BUDGETS[kind]
    db.execute(
        "INSERT OR REPLACE INTO windows (app, person, kind, remaining, until) VALUES (?, ?, ?, ?, ?)",
        (account["app"], account["person"], kind, count, now + seconds),
    )
    touch(db, account, now)


def touch(db: sqlite3.Connection, account: sqlite3.Row, now: float) -> None:
    """Somebody said something in this chat just now."""
    db.execute(
        "UPDATE accounts SET contact_at = ? WHERE app = ? AND person = ?", (now, account["app"], account["person"])
    )


def spend(db: sqlite3.Connection, account: sqlite3.Row, now: float) -> None:
    """Take one message from the budget that ends first; raises Refused 45015 (no window) or 45047 (used up)."""
    windows = db.execute(
        "SELECT kind, remaining FROM windows WHERE app = ? AND person = ? AND until > ? ORDER BY until",
        (account["app"], account["person"], now),
    ).fetchall()
    if not windows:
        raise Refused(45015)
    usable = next((window for window in windows if window["remaining"] > 0), None)
    if usable is None:
        raise Refused(45047)
    db.execute(
        "UPDATE windows SET remaining = remaining - 1 WHERE app = ? AND person = ? AND kind = ?",
        (account["app"], account["person"], usable["kind"]),
    )
    db.execute(
        "UPDATE accounts SET typing_until = 0 WHERE app = ? AND person = ?", (account["app"], account["person"])
    )
    touch(db, account, now)


def close_windows(db: sqlite3.Connection, account: sqlite3.Row) -> None:
    """The person has left: no more messages."""
    db.execute("DELETE FROM windows WHERE app = ? AND person = ?", (account["app"], account["person"]))
