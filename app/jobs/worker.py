"""The worker: one loop that delivers letters, runs due tasks and frees what got stuck.

Any number of workers may run on any host: each piece of work is claimed by a guarded UPDATE and finished under the
fence of that claim, so a second worker does no double work.
"""

import logging
import signal
import threading
from collections.abc import Callable
from itertools import takewhile

import peewee

from app.context import Context, database_open
from app.jobs import deliver, seal, tasks, tidy

log = logging.getLogger(__name__)
#: Letters in a row before tasks get their turn.
BURST = 20


def work(context: Context, stop: threading.Event) -> None:
    """Work until told to stop; an error of one round is logged and the next round begins anew."""
    hour = ""
    while not stop.is_set():
        try:
            with database_open():
                hour = tidy.plan(hour)
                busy = round_of_work(context)
        except peewee.OperationalError as error:
            log.error("database: %s", type(error).__name__)
            busy = False
        except Exception:
            log.exception("round failed")
            busy = False
        if not busy:
            stop.wait(context.settings.letters.poll_seconds)


def round_of_work(context: Context) -> bool:
    """One round: some letters, some tasks, the sweep, the audit chain. True when there was anything to do."""
    delivered = _until_idle(deliver.next_letter, context)
    done = _until_idle(tasks.next_task, context)
    freed = deliver.sweep()
    more = seal.step(context)
    return bool(delivered or done or freed or more)


def _until_idle(step: Callable[[Context], bool], context: Context) -> int:
    """Take one piece after the other until there is none, at most BURST."""
    return sum(1 for _ in takewhile(bool, (step(context) for _ in range(BURST))))


def run(context: Context) -> None:
    """The worker process: until SIGTERM or SIGINT, then the piece in hand is finished."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("worker started")
    work(context, stop)
