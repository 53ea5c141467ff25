"""What has served is thrown away after its time, once an hour, and nothing that is still needed."""

from datetime import timedelta

from app.jobs import tasks, tidy
from app.rules import audit
from app.rules import session as sessions
from models.base import now
from models.event import Event
from models.receipt import Receipt
from models.session import Session, Signin
from models.task import Task
from tests.rules.together import at_once

DAY = timedelta(days=1)


def test_what_has_served_goes_and_the_rest_stays(town):
    zhanglan, moment = town.person("zhanglan"), now()
    for days in (3, 1):
        Receipt.create(person=zhanglan, key=f"k{days}", request_hash="", status=200, at=moment - days * DAY)
        Event.create(community=town.community(), kind="case", subject=f"e{days}", at=moment - days * DAY)
    for state in ("done", "dead", "ready"):
        Task.create(key=state, kind="lapse", state=state, run_at=moment + DAY, ended_at=moment - 15 * DAY)
    Task.create(key="young", kind="lapse", state="done", ended_at=moment - 13 * DAY)
    for days in (1, 181):
        sessions.open_session(zhanglan, door="api", lasts=-days * DAY)
        sessions.show_signin(browser=str(days), purpose="desk", lasts=-days * DAY, agent="", address="")
    tidy.tidy(town.context, {})
    assert ([row.key for row in Receipt.select()], [row.subject for row in Event.select()]) == (["k1"], ["e1"])
    # What is planned for the day (the topics of the morning) depends on the hour.
    kept = sorted(row.key for row in Task.select() if not row.key.startswith("topics:"))
    assert kept == ["dead", "ready", "young"]
    assert (Session.select().count(), Signin.select().count()) == (1, 1)


def test_ids_of_events_never_begin_anew(town):
    """A quiet weekend: everything is old. An open screen still waits for a higher id than it has seen."""
    for subject in "abc":
        audit.tell_screens(town.community(), "case", subject)
    Event.update(at=now() - 9 * DAY).execute()
    newest = Event.select().order_by(Event.id.desc()).first().id
    tidy.tidy(town.context, {})
    assert [row.id for row in Event.select()] == [newest]
    audit.tell_screens(town.community(), "case", "monday")
    assert Event.get(Event.subject == "monday").id > newest


def test_many_workers_tidy_once_an_hour(town):
    hours = at_once(*[lambda: tidy.plan("")] * 5)
    assert (len(set(hours)), Task.select().where(Task.kind == "tidy").count()) == (1, 1)
    assert tidy.plan(hours[0]) == hours[0]
    while tasks.next_task(town.context):
        pass
    assert Task.get(Task.kind == "tidy").state == "done"
