"""The hash chain over the audit rows: whoever changes, adds, swaps or drops one has to forge every later hash.

A row is written without a link, in the transaction of its deed, so that deeds do not queue for the chain; `seal` adds
the links afterwards. The format, which app/verify_audit.py reads on its own and docs/审计.md explains to operators:

    text    the row as JSON: the fields of `FIELDS`, keys sorted, no blanks, every character beyond ASCII as \\uXXXX;
            moments in UTC as 2026-11-23T09:30:00.000000+00:00, people and places by their ids
    digest  sha256(salt + text), in hex; the salt is 32 hex digits of the link's own
    hash    sha256(hash of the position before + digest), in hex; the first position follows 64 zeros

The hash takes the digest and not the text: an export can verify the whole chain without showing every row of it. Its
lines are written by `head_line` and `line_of` alone: what is hashed is what stands there, letter by letter.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

import peewee

from models.audit import Audit, AuditHead, AuditLink
from models.base import database, now

#: What of a row is hashed, which is all of it.
FIELDS = (
    "id", "at", "person", "role", "community", "action", "subject", "result", "about", "before", "after", "detail",
    "reason", "address", "door",
)  # fmt: skip
START = "0" * 64
#: Links that are added in one transaction at most.
BATCH = 500
#: On PostgreSQL a lower id may be committed after a higher one. So far back each round looks for it; once an hour all
#: the way (`straggler`).
BACK = 1000
#: The advisory lock of PostgreSQL that says "somebody is sealing"; any number will do, if it is always the same.
LOCK = 7_330_912


@dataclass(frozen=True)
class Head:
    """Where the chain ends: how many rows, and the hash that stands for all of them."""

    position: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """The first position where the chain does not hold, and why: missing, changed, gap or head."""

    position: int
    why: str


def row_of(audit: Audit) -> dict:
    """A row as plain values, as it is hashed and exported."""
    found = {name: audit.__data__[name] for name in FIELDS}
    return found | {"at": audit.at.astimezone(UTC).isoformat(timespec="microseconds")}


def text_of(row: dict) -> str:
    """The one way to write a row: pure ASCII in one line, whatever somebody put into it."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest_of(salt: str, row: dict) -> str:
    """The sha256 of a row and its salt."""
    return hashlib.sha256((salt + text_of(row)).encode("ascii")).hexdigest()


def follow(before: str, digest: str) -> str:
    """The hash of a position, from the hash before it and the digest of its row."""
    return hashlib.sha256((before + digest).encode("ascii")).hexdigest()


def head_line(after: int) -> str:
    """The first line of an export: after which position it goes on, and the hash of that."""
    before = AuditLink.get_or_none(AuditLink.position == after)
    return f'{{"format":"doorstep-audit-1","after":{after},"hash":"{before.hash if before else START}"}}\n'


def line_of(link: AuditLink, row: dict | None, *, shown: bool) -> str:
    """One position of an export: with its salt and row, or, when that is not `shown`, with its digest alone.

    `row` is what row_of gives, None when it is gone: then the line cannot be verified, and shall not.
    """
    head = f'{{"position":{link.position},"hash":"{link.hash}",'
    if row is None:
        return f'{head}"missing":true}}\n'
    if shown:
        return f'{head}"salt":"{link.salt}","row":{text_of(row)}}}\n'
    return f'{head}"digest":"{digest_of(link.salt, row)}"}}\n'


def end() -> Head:
    """The end of the chain as it is now."""
    last = AuditLink.select().order_by(AuditLink.position.desc()).first()
    return Head(last.position, last.hash) if last else Head(0, START)


def waiting(since: int | None = None) -> bool:
    """Whether a committed row has no link yet, as far back as `seal` looks."""
    return _unlinked(since).exists()


def straggler() -> int | None:
    """The lowest id of a row without a link, over the whole table. It reads all of it, so ask outside a transaction."""
    return _unlinked(0).select(peewee.fn.MIN(Audit.id)).scalar()


def seal(since: int | None = None) -> int:
    """Link the committed rows that have no link, in the order of their ids, at most BATCH. Returns how many.

    `since` is the id from which to look, by default BACK before the last linked. Two at once cannot fork the chain: on
    SQLite there is one writer, on PostgreSQL the second goes away with 0, and a position is unique in the database.
    """
    if not _alone():
        return 0
    last, links = end(), []
    for audit in _unlinked(since).order_by(Audit.id).limit(BATCH):
        salt = secrets.token_hex(16)
        last = Head(last.position + 1, follow(last.hash, digest_of(salt, row_of(audit))))
        links.append({"position": last.position, "audit": audit.id, "salt": salt, "hash": last.hash})
    if links:
        AuditLink.insert_many(links).execute()
    return len(links)


def _alone() -> bool:
    """Whether nobody else seals until this transaction ends."""
    if database.obj.is_sqlite:
        return True
    return database.execute_sql("SELECT pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone()[0]


def _unlinked(since: int | None) -> peewee.ModelSelect:
    if since is None:
        since = (AuditLink.select(peewee.fn.MAX(AuditLink.audit)).scalar() or 0) - BACK
    linked = AuditLink.select(AuditLink.audit).where(AuditLink.audit == Audit.id)
    return Audit.select().where(Audit.id >= since, ~peewee.fn.EXISTS(linked))


def publish() -> AuditHead | None:
    """Note the end of the chain as published now. None when there is nothing new since the last time."""
    last = end()
    if last.position == 0 or AuditHead.select().where(AuditHead.position == last.position).exists():
        return None
    AuditHead.insert(position=last.position, hash=last.hash, published_at=now()).on_conflict_ignore().execute()
    return AuditHead.get(AuditHead.position == last.position)


def published() -> AuditHead | None:
    """The newest head that was published."""
    return AuditHead.select().order_by(AuditHead.position.desc()).first()


def pages(after: int = 0, size: int = 2000) -> Iterator[list[tuple[AuditLink, Audit | None]]]:
    """The chain from a position on, by page: each link with its row, None where the row is gone."""
    while True:
        links = list(
            AuditLink.select().where(AuditLink.position > after).order_by(AuditLink.position).limit(size)
        )  # fmt: skip
        if not links:
            return
        rows = {row.id: row for row in Audit.select().where(Audit.id.in_([link.audit for link in links]))}
        yield [(link, rows.get(link.audit)) for link in links]
        after = links[-1].position


def verify(last: int | None = None) -> Fault | None:
    """The first fault in the chain, or None: every link, or only the `last` so many.

    Also held against the heads that were published: a chain hashed anew or cut off differs from them.
    """
    newest = end()
    after = max(0, newest.position - last) if last is not None else 0
    hash_before = START
    if after:
        start = AuditLink.get_or_none(AuditLink.position == after)
        if start is None:
            return Fault(after, "gap")
        hash_before = start.hash
    heads = {head.position: head.hash for head in AuditHead.select().where(AuditHead.position > after)}
    for page in pages(after):
        for link, row in page:
            after += 1
            fault = _fault(after, hash_before, link, row, heads)
            if fault:
                return Fault(after, fault)
            hash_before = link.hash
    beyond = [position for position in heads if position > after]
    return Fault(after + 1, "head") if beyond else None


def _fault(position: int, before: str, link: AuditLink, row: Audit | None, heads: dict[int, str]) -> str:
    if link.position != position:
        return "gap"
    if row is None:
        return "missing"
    if follow(before, digest_of(link.salt, row_of(row))) != link.hash:
        return "changed"
    return "head" if heads.get(position, link.hash) != link.hash else ""
