"""Messages on their way to the backend: a queue of rows that survives the process.

A row is claimed with a guarded UPDATE and a lease, and finished only by the one who holds the lease. Rows of one lane
(one person) go out one after the other; a row that waits for its next try holds back the ones behind it.
"""

import json
import secrets
import sqlite3
import time
from dataclasses import dataclass

from app.sandbox.store import insert
from app.sandbox.world import App, account_of

TRIES = 3


@dataclass(frozen=True)
class Delivery:
    """One claimed delivery."""

    id: int
    app: str
    person: str
    message: dict
    tries: int
    lease: str


def new_msg_id() -> int:
    """A message id that fits 64 bits and grows with time."""
    return time.time_ns() // 1000 * 1000 + secrets.randbelow(1000)


def enqueue(db: sqlite3.Connection, app: App, person: str, fields: dict, *, item: int | None = None) -> dict:
    """Owe the backend a message; `fields` begin with MsgType. Returns the whole message.

    An app without a callback address receives nothing, as on the platform.
    """
    openid = account_of(db, app, person)["openid"]
    head = {"ToUserName": app.original_id, "FromUserName": openid, "CreateTime": int(time.time())}
    message = head | fields
    _insert(db, app.name, person, message, lane=person, item=item)
    return message


def _insert(db: sqlite3.Connection, app: str, person: str, message: dict, *, lane: str, item: int | None) -> int:
    msg_id = message.get("MsgId")
    return insert(
        db, "INSERT INTO deliveries (app, person, lane, msg_id, event, message, item, due_at) VALUES (?,?,?,?,?,?,?,?)",
        (app, person, lane, str(msg_id) if msg_id else None, message.get("Event"),
         json.dumps(message, ensure_ascii=False), item, time.time()),
    )


def repeat(db: sqlite3.Connection, delivery_id: int, copies: int, *, parallel: bool) -> list[int] | None:
    """Send the same message again `copies` times, in order or all at once; None when there is no such delivery."""
    row = db.execute("SELECT * FROM deliveries WHERE id = ?", (delivery_id,)).fetchone()
    if row is None:
        return None
    message = json.loads(row["message"])
    lanes = [f"copy-{secrets.token_hex(6)}" if parallel else row["person"] for _ in range(copies)]
    return [_insert(db, row["app"], row["person"], message, lane=lane, item=None) for lane in lanes]


def claim(db: sqlite3.Connection, lease_seconds: float) -> Delivery | None:
    """Take the next due delivery for `lease_seconds`, or None when nothing may go out now."""
    now, lease = time.time(), secrets.token_hex(8)
    row = db.execute(
        "UPDATE deliveries SET lease = :lease, lease_until = :until WHERE id = ("
        "  SELECT d.id FROM deliveries d WHERE d.state = 'pending' AND d.due_at <= :now AND d.lease_until <= :now"
        "  AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.state = 'pending' AND e.lane = d.lane AND e.id < d.id)"
        "  ORDER BY d.id LIMIT 1)"
        " AND state = 'pending' AND lease_until <= :now RETURNING *",
        {"now": now, "lease": lease, "until": now + lease_seconds},
    ).fetchone()
    if row is None:
        return None
    return Delivery(row["id"], row["app"], row["person"], json.loads(row["message"]), row["tries"], lease)


def next_due(db: sqlite3.Connection, longest: float) -> float:
    """Seconds until some delivery may be claimed, between 0.02 and `longest`."""
    row = db.execute(
        "SELECT MIN(MAX(d.due_at, d.lease_until)) AS at FROM deliveries d WHERE d.state = 'pending' AND NOT EXISTS"
        " (SELECT 1 FROM deliveries e WHERE e.state = 'pending' AND e.lane = d.lane AND e.id < d.id)"
    ).fetchone()
    return longest if row["at"] is None else min(longest, max(0.02, row["at"] - time.time()))


def finish(db: sqlite3.Connection, delivery: Delivery, state: str, *, status: str, reply: str,
           due_at: float = 0) -> bool:
    """Write down how a try ended: `state` done, failed, or pending again at `due_at`. False when the lease was lost."""
    cursor = db.execute(
        "UPDATE deliveries SET state = ?, tries = tries + 1, last_status = ?, last_reply = ?, due_at = ?,"
        " lease = NULL, lease_until = 0 WHERE id = ? AND lease = ?",
        (state, status, reply, due_at, delivery.id, delivery.lease),
    )
    return cursor.rowcount == 1


def pending(db: sqlite3.Connection) -> int:
    """How many deliveries have not come to an end."""
    return db.execute("SELECT COUNT(*) FROM deliveries WHERE state = 'pending'").fetchone()[0]
