"""Throw away what has served: answers kept for repetitions, rows for open screens, finished work, old sessions.

Runs once an hour without a leader: the hour is part of the task's key, so the first worker to write it owns it.
"""

from datetime import timedelta

import peewee

from app.context import Context
from models.base import now, write
from models.event import Event
from models.receipt import Receipt
from models.session import Session, Signin
from models.task import Task

#: How long each is kept after it has served.
KEEP = {
    "receipt": timedelta(days=2),
    "event": timedelta(days=2),
    "task": timedelta(days=14),
    "signin": timedelta(days=30),
    "session": timedelta(days=180),
}


def plan(planned: str) -> str:
    """Owe the tidying of this hour, if nobody does yet. Takes and gives the hour for which that was done last."""
    hour = now().strftime("%Y-%m-%dT%H")
    if hour != planned:
        Task.insert(key=f"tidy:{hour}", kind="tidy").on_conflict_ignore().execute()
    return hour


def tidy(context: Context, payload: dict) -> None:
    """Delete what is past its time, each kind in its own short transaction."""
    moment = now()
    for query in (
        Receipt.delete().where(Receipt.at < moment - KEEP["receipt"]),
        # Never the newest: on SQLite the ids of an emptied table begin anew, and open screens wait for higher ones.
        Event.delete().where(Event.at < moment - KEEP["event"], Event.id < Event.select(peewee.fn.MAX(Event.id))),
        Task.delete().where(Task.state == "done", Task.ended_at < moment - KEEP["task"]),
        Signin.delete().where(Signin.expires_at < moment - KEEP["signin"]),
        Session.delete().where(Session.expires_at < moment - KEEP["session"]),
    ):
        with write():
            query.execute()
