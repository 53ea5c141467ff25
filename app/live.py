"""Live screens: one thread a process looks for new events and wakes the open streams, which read their own.

The thread runs while there are streams. A stream never holds a database connection while it waits, and there are fewer
streams than threads, so that open desks cannot starve the rest.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import peewee
from playhouse.pool import MaxConnectionsExceeded

from models.base import database, now
from models.event import Event

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 3
BATCH = 500
#: PostgreSQL gives out an id before its commit, so a later id may be seen first. What lies behind a gap waits this
#: long for it; after that the id was rolled back. No transaction of ours takes so long.
GAP = timedelta(seconds=5)

log = logging.getLogger(__name__)

#: Which of some events a listener may hear of, in their order.
Hears = Callable[[list[Event]], list[Event]]


class Hub:
    """Hands events of the database to the streams of this process. `streams` is how many there may be."""

    def __init__(self, streams: int) -> None:
        self._room = threading.BoundedSemaphore(streams) if streams else None
        self._news = threading.Condition()
        #: Every event up to this id can be read.
        self._last = 0
        self._thread: threading.Thread | None = None
        self._streams = 0

    def enter(self) -> bool:
        """Take a place for a stream; False when all are taken (the screen then asks again later)."""
        return self._room is not None and self._room.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place back."""
        if self._room is not None:
            self._room.release()

    def listen(self, communities: frozenset[int], after: int | None, hears: Hears = list) -> Iterator[str]:
        """Server-sent events of some communities after an id (None: from now on), for ever; comments as heartbeat.

        `hears` picks those for this listener. What it leaves out is passed over like what happens elsewhere: the
        listener cannot tell the one from the other.
        """
        last = self._begin()
        seen = last if after is None else after
        try:
            while True:
                with self._news:
                    self._news.wait_for(partial(self._is_past, seen), HEARTBEAT_SECONDS)
                    last = self._last
                rows = _events(seen, Event.id <= last, Event.community.in_(communities))
                seen = rows[-1].id if len(rows) == BATCH else max(seen, last)
                told = hears(rows) if rows else rows
                yield "".join(map(_frame, told)) or ": still here\n\n"
        finally:
            with self._news:
                self._streams -= 1

    def _is_past(self, seen: int) -> bool:
        return self._last > seen

    def _begin(self) -> int:
        """Count a stream in; the position now. The thread that moves it on is started when it does not run."""
        with self._news:
            if self._thread is None or not self._thread.is_alive():
                self._last = _settled()
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
            self._streams += 1
            return self._last

    def _run(self) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            with self._news:
                if not self._streams:
                    self._thread = None
                    return
            self._look()

    def _look(self) -> None:
        """Move the position on, past what came since; an error of the database is logged, and we look again."""
        try:
            last = _before_gap(self._last)
        except (peewee.PeeweeException, MaxConnectionsExceeded) as error:
            log.error("live: %s", type(error).__name__)
            return
        if last > self._last:
            with self._news:
                self._last = last
                self._news.notify_all()


def _settled() -> int:
    """The newest id before which nothing can come any more."""
    with database.connection_context():
        return Event.select(Event.id).where(Event.at < now() - GAP).order_by(Event.id.desc()).limit(1).scalar() or 0


def _before_gap(last: int) -> int:
    """The newest id up to which every event is there, or too old to wait for what is missing before it."""
    for row in _events(last):
        if row.id != last + 1 and row.at > now() - GAP:
            break
        last = row.id
    return last


def _events(after: int, *conditions: peewee.Expression) -> list[Event]:
    """The next events after an id, at most BATCH of them."""
    with database.connection_context():
        return list(Event.select().where(Event.id > after, *conditions).order_by(Event.id).limit(BATCH))


def _frame(event: Event) -> str:
    return f"id: {event.id}\nevent: {event.kind}\ndata: {json.dumps({'key': event.subject})}\n\n"
