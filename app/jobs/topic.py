"""Once a day what recurs is proposed as a topic, community by community."""

from datetime import datetime

from app.context import Context
from app.rules import topic
from app.rules.clock import ZONE
from models.base import now, write
from models.place import Place
from models.task import Task

#: The hour of the day, Beijing time, at which the desk is about to open.
HOUR = 7


def plan(moment: datetime) -> None:
    """Owe today's look, once it is HOUR, if nobody does yet (app.jobs.tidy asks every hour)."""
    here = moment.astimezone(ZONE)
    if here.hour >= HOUR:
        Task.insert(key=f"topics:{here.date()}", kind="topics").on_conflict_ignore().execute()


def propose(context: Context, payload: dict) -> None:
    """Every community in a transaction of its own."""
    for community in Place.select().where(Place.kind == "community", Place.active).order_by(Place.id):
        with write():
            topic.propose(community, now())
