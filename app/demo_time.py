"""Let time pass in a demo: every moment that is kept moves back, so that what is due in three days is due now.

For who shows or tries the service and cannot wait three days for nobody to answer. Only with the sandbox: where real
people are served no time is changed. The audit log is not touched, it can only be added to.
"""

import re
from datetime import datetime, timedelta

from models import TABLES
from models.audit import Audit, AuditHead, AuditLink
from models.base import MomentField, write
from models.task import Task

KEPT = (Audit, AuditLink, AuditHead)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
MOST = timedelta(days=400)
_SPAN = re.compile(r"([1-9][0-9]{0,5})([mhd])")


def span_of(words: str) -> timedelta | None:
    """"3d", "90m", "12h" as a span of at most 400 days; None for anything else."""
    found = _SPAN.fullmatch(words)
    span = int(found[1]) * UNITS[found[2]] if found else None
    return span if span and span <= MOST else None


def pass_time(span: timedelta) -> int:
    """Move every kept moment back by a span, in one transaction; how many rows were touched."""
    touched = 0
    with write():
        for table in TABLES:
            moments = [field for field in table._meta.sorted_fields if isinstance(field, MomentField)]
            if not moments or table in KEPT:
                continue
            own = table._meta.primary_key
            for key, *values in list(table.select(own, *moments).tuples()):
                back = {field: at - span for field, at in zip(moments, values, strict=True) if at is not None}
                touched += table.update(back).where(own == key).execute() if back else 0
        for task in list(Task.select().where(Task.state == "ready")):
            Task.update(payload={name: _moved(value, span) for name, value in task.payload.items()}).where(
                Task.id == task.id
            ).execute()
    return touched


def _moved(value: object, span: timedelta) -> object:
    """A deadline that a task remembers, to see whether it was changed meanwhile; anything else stays as it is."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return value
    return (at - span).isoformat() if at is not None and at.tzinfo is not None else value
