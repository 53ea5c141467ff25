"""Live screens: one thread a process reads the event table by id and wakes the open streams.

A stream never holds a database connection while it waits, and there are fewer streams than threads, so that open desks
cannot starve the rest.
"""

import json
import threading
import time
from collections.abc import Iterator

from models.base import database
from models.event import Event

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15
BATCH = 200


class Hub:
    """Hands events of the database to the streams of this process. `streams` is how many there may be."""

    def __init__(self, streams: int) -> None:
        self._room = threading.BoundedSemaphore(streams) if streams else None
        self._news = threading.Condition()
        self._recent: list[tuple[int, int, str, str]] = []
        self._last: int | None = None
        self._thread: threading.Thread | None = None

    def enter(self) -> bool:
        """Take a place for a stream; False when all are taken (the screen then asks again later)."""
        return self._room is not None and self._room.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place back."""
        if self._room is not None:
            self._room.release()

    def listen(self, communities: frozenset[int], after: int | None) -> Iterator[str]:
        """Server-sent events of some communities after an id (None: from now on), for ever; comments as heartbeat."""
        self._start()
        after = self._newest() if after is None else after
        for row in self._missed(communities, after):
            after = row[0]
            yield _frame(row)
        while True:
            with self._news:
                self._news.wait(HEARTBEAT_SECONDS)
                fresh = [row for row in self._recent if row[0] > after]
            after = fresh[-1][0] if fresh else after
            mine = [row for row in fresh if row[1] in communities]
            yield "".join(map(_frame, mine)) or ": still here\n\n"

    def _start(self) -> None:
        with self._news:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        self._last = self._newest()
        while True:
            time.sleep(POLL_SECONDS)
            rows = self._after(self._last)
            if rows:
                self._last = rows[-1][0]
                with self._news:
                    self._recent = (self._recent + rows)[-BATCH * 5 :]
                    self._news.notify_all()

    def _newest(self) -> int:
        with database.connection_context():
            row = Event.select(Event.id).order_by(Event.id.desc()).first()
            return row.id if row else 0

    def _after(self, last: int, communities: frozenset[int] | None = None) -> list[tuple[int, int, str, str]]:
        with database.connection_context():
            query = Event.select(Event.id, Event.community, Event.kind, Event.subject).where(Event.id > last)
            if communities is not None:
                query = query.where(Event.community.in_(communities))
            return list(query.order_by(Event.id).limit(BATCH).tuples())

    def _missed(self, communities: frozenset[int], after: int) -> list[tuple[int, int, str, str]]:
        return self._after(after, communities)


def _frame(row: tuple[int, int, str, str]) -> str:
    number, _, kind, subject = row
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps({'key': subject})}\n\n"
