"""Poor signal: the same report sent six times at once, on either engine, is one report."""

import threading

import pytest

from app.context import database_open
from app.factory import create_app
from models.base import database
from models.case import Case, Step
from models.letter import Letter
from models.receipt import Receipt
from tests.handlers.api.conftest import Door


@pytest.fixture
def client(town):
    """The app on either engine, for threads are stopped by locks of the database."""
    database.close_all()
    client = create_app(town.settings).test_client()
    client.town = town
    return client


def at_once(doors, deed):
    """What each of them got, all starting together."""
    gate, found = threading.Barrier(len(doors)), []

    def one(door):
        gate.wait()
        found.append(deed(door))

    threads = [threading.Thread(target=one, args=(door,)) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def copies(door, count):
    return [Door(door.client.application.test_client(), door.token) for _ in range(count)]


def test_six_times_at_once_is_one_report(door):
    six = copies(door("zhanglan"), 6)
    found = at_once(six, lambda one: one.post("/cases", {"words": "井盖坏了"}, once="report-1"))
    assert ({status for status, _ in found}, len({said["key"] for _, said in found})) == ({201}, 1)
    with database_open():
        assert (Case.select().count(), Receipt.select().count(), Receipt.get().status) == (1, 1, 201)


def test_six_times_at_once_is_one_anonymous_report(client, door):
    """Its receipt changes hands while the other five wait for it."""
    six = copies(door("zhanglan"), 6)
    said = {"words": "邻居打牌太吵", "anonymous": True}
    found = at_once(six, lambda one: one.post("/cases", said, once="report-1"))
    assert ({status for status, _ in found}, len({said["key"] for _, said in found})) == ({201}, 1)
    with database_open():
        assert (Case.select().count(), Receipt.select().count()) == (1, 1)
        assert Receipt.get().person == Case.get().reporter != client.town.person("zhanglan")


def test_two_who_accept_at_once(door, key_of):
    case = door("zhanglan").report(place=key_of("building"))
    six = copies(door("wangdashan"), 6)
    found = at_once(six, lambda one: one.post(f"/cases/{case['key']}/accept", {}, once=None)[0])
    assert sorted(found) == [200] + [409] * 5
    with database_open():
        assert Step.select().where(Step.verb == "accept").count() == 1
        told = Letter.select().where(Letter.kind == "case_progress", Letter.follows.is_null())
        assert len({letter.event for letter in told}) == 1


def test_a_refusal_leaves_no_receipt(door):
    zhanglan = door("zhanglan")
    assert zhanglan.post("/cases", {"words": "x", "category": "nothing"}, once="report-1")[0] == 422
    with database_open():
        assert (Receipt.select().count(), Case.select().count()) == (0, 0)
    assert zhanglan.post("/cases", {"words": "x"}, once="report-1")[0] == 201


def test_the_same_key_for_another_address_is_another_request(door, key_of):
    zhanglan = door("zhanglan")
    case = zhanglan.report(place=key_of("building"))
    zhanglan.post(f"/cases/{case['key']}/notes", {"note": "x"}, once="note-001")
    error = zhanglan.refused(409, "POST", f"/cases/{case['key']}/withdraw", {"note": "x"}, once="note-001")
    assert error["code"] == "idempotency_key_reused"
