"""What is past its time goes unasked, a few batches an hour, and files that no row knows any more once a day.

Runs at any time on any host; what a run does not get done the next one does. `app.cli retention` tells what it would
do.
"""

from datetime import datetime, timedelta

import peewee

from app.context import Context
from app.jobs.personal import work_off
from app.rules import audit, personal_erasure, retention
from models.base import empty_log, now, write
from models.personal import Deletion

#: Batches of one kind in one run: a long backlog is worked off hour by hour.
ROUNDS = 20
#: A file without a row may be one whose row is just being written.
ORPHAN_AGE = timedelta(days=1)
#: In UTC: the hour before four in the morning here.
NIGHT = 19


def apply(context: Context, *, rounds: int | None = ROUNDS) -> dict[str, int]:
    """Delete or blank what is past its time. Gives how many rows of each kind there were, without those with none."""
    done, moment, days = {}, now(), context.settings.retention.model_dump()
    for kind in retention.KEEP:
        step, cutoff = retention.step_of(kind, days[kind.name], moment)
        done[kind.name] = work_off(context, step, cutoff=cutoff, rounds=rounds)
    for step in personal_erasure.left_over():
        done[f"erased_{step.kind}"] = work_off(context, step._replace(kind=f"erased_{step.kind}"), rounds=rounds)
    done = {name: count for name, count in done.items() if count}
    if done:
        empty_log()
    return done


def note(done: dict[str, int]) -> None:
    """One audit row of a run that took away what said something about people."""
    rows = sum(count for name, count in done.items() if name not in retention.TECHNICAL)
    if rows:
        with write():
            audit.note("retention.apply", actor=None, community=None, rows=rows)


def drop_orphans(context: Context, moment: datetime) -> int:
    """Delete the files of which no row knows, a day after they were put. Gives how many."""
    count = 0
    for folder in retention.FOLDERS:
        old = (file for file, put_at in context.files.listed(folder) if put_at < moment - ORPHAN_AGE)
        for files in peewee.chunked(old, 500):
            lost = retention.orphans(folder, files)
            for file in lost:
                context.files.delete(file)
            count += len(lost)
    if count:
        with write():
            Deletion.create(kind="orphans", count=count, cutoff=moment - ORPHAN_AGE)
    return count
