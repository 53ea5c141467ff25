"""The deadlines of called units: the task of each share reminds, and after the deadline another comes a day later."""

from datetime import timedelta

from app.jobs import tasks
from models.base import now
from models.letter import Letter
from models.subcase import Subcase
from models.task import Task
from tests.rules.pieces import LEAD, blow, call_of


def test_a_unit_that_does_not_come_is_reminded_and_the_street_hears_of_it(town):
    row = call_of(blow(town, names=(LEAD,)), town)
    Task.update(run_at=now() - timedelta(minutes=1)).where(Task.kind == "call_due").execute()
    Task.update(run_at=now() + timedelta(days=9)).where(Task.kind != "call_due").execute()
    while tasks.next_task(town.context):
        pass
    told = [letter.person.name for letter in Letter.select().where(Letter.event.startswith("call_due:"))]
    assert told == ["陈静", "陈静", "陈静", "邓伟"]
    assert Subcase.get_by_id(row.id).reminded == 3
    states = [(task.payload["percent"], task.payload["level"], task.state) for task in Task.select().where(
        Task.kind == "call_due"
    ).order_by(Task.id)]  # fmt: skip
    assert states == [(50, 0, "done"), (80, 0, "done"), (100, 0, "done"), (100, 1, "ready")]
