"""The tidying of an hour is owed once: the hour is part of its task's key, so the first worker to write it owns it.

What is thrown away after how long stands in app.rules.retention and in [retention] of config.toml.
"""

from app.context import Context
from app.jobs import retention, topic
from app.rules import holiday
from models.base import now, write
from models.task import Task


def plan(planned: str) -> str:
    """Owe the tidying of this hour, if nobody does yet. Takes and gives the hour for which that was done last."""
    hour = now().strftime("%Y-%m-%dT%H")
    if hour != planned:
        Task.insert(key=f"tidy:{hour}", kind="tidy").on_conflict_ignore().execute()
    return hour


def tidy(context: Context, payload: dict) -> None:
    """Throw away what is past its time, at night also the files that nobody knows; miss next year's calendar."""
    retention.note(retention.apply(context))
    with write():
        holiday.warn()
    moment = now()
    topic.plan(moment)
    if moment.hour == retention.NIGHT:
        retention.drop_orphans(context, moment)
