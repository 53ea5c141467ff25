"""张兰 asks for her copy, fetches it, asks to be forgotten and thinks better of it; nobody else does it for her."""

import io
import zipfile
from datetime import datetime, timedelta

import pytest

from app.context import database_open
from app.jobs import tasks
from app.rules import delegation, personal
from models.audit import Audit
from models.base import now, write
from models.delegation import Delegation
from models.person import Person
from models.personal import DataRequest
from models.place import Place
from models.task import Task

GONE = ("GET", "/me/exports/{}/file")


@pytest.fixture
def work(client):
    """Lets the worker do what is due of one kind."""

    def do(kind: str) -> None:
        with database_open():
            Task.update(run_at=now() + timedelta(days=9)).where(Task.kind != kind, Task.state == "ready").execute()
            while tasks.next_task(client.town.context):
                pass

    return do


def fetch(door, key):
    return door.client.get(f"/api/v1/me/exports/{key}/file", headers={"Authorization": f"Bearer {door.token}"})


def test_the_copy_from_asking_to_fetching(door, work):
    zhanglan = door("zhanglan")
    zhanglan.report("3号楼门口井盖坏了")
    status, asked = zhanglan.post("/me/exports")
    assert (status, asked["kind"], asked["state"], asked["file_until"]) == (201, "export", "asked", None)
    assert zhanglan.post("/me/exports")[1]["key"] == asked["key"]
    assert fetch(zhanglan, asked["key"]).status_code == 404
    work("export")
    answer = fetch(zhanglan, asked["key"])
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "3号楼门口井盖坏了" in zipfile.ZipFile(io.BytesIO(answer.data)).read("data.json").decode()
    told = zhanglan.get("/me/requests")[1]["requests"]
    assert [(one["key"], one["state"], one["state_words"]) for one in told] == [(asked["key"], "done", "已办完")]
    assert (told[0]["fetched_at"] is not None, len(told[0]["proof"]["sha256"])) == (True, 64)
    with database_open():
        assert Audit.select().where(Audit.action == "person.export_fetch", Audit.subject == asked["key"]).count() == 1


def test_a_day_later_it_is_gone(door, work):
    zhanglan = door("zhanglan")
    asked = zhanglan.post("/me/exports")[1]
    work("export")
    with database_open():
        DataRequest.update(file_until=now()).execute()
        file = DataRequest.get().file
    assert fetch(zhanglan, asked["key"]).status_code == 404
    with database_open():
        DataRequest.update(file_until=now() - timedelta(seconds=1)).execute()
        Task.insert(key="tidy:now", kind="tidy").execute()
    work("tidy")
    assert not door().client.town.context.files.exists(file)
    assert zhanglan.get("/me/requests")[1]["requests"][0]["file_until"] is None


def test_nobody_else_fetches_it(door, work):
    asked = door("zhanglan").post("/me/exports")[1]
    work("export")
    never = fetch(door("hefang"), "a" * 16)
    for who in ("hefang", "chenjing", "zhaoqiang"):
        answer = fetch(door(who), asked["key"])
        assert (answer.status_code, answer.get_json()) == (404, never.get_json())
    assert door().client.get(f"/api/v1/me/exports/{asked['key']}/file").status_code == 401
    assert fetch(door("zhanglan"), asked["key"]).status_code == 200


def test_a_file_that_was_lost_is_not_there(door, work):
    zhanglan = door("zhanglan")
    asked = zhanglan.post("/me/exports")[1]
    work("export")
    with database_open():
        zhanglan.client.town.context.files.delete(DataRequest.get().file)
    assert zhanglan.refused(404, "GET", f"/me/exports/{asked['key']}/file")["code"] == "not_found"


def test_the_wish_to_be_forgotten_is_no_copy(door):
    zhanglan = door("zhanglan")
    asked = zhanglan.post("/me/erasure")[1]
    assert fetch(zhanglan, asked["key"]).status_code == 404


def test_forgotten_within_a_day(door, work):
    zhanglan = door("zhanglan")
    status, asked = zhanglan.post("/me/erasure")
    assert (status, asked["kind"], asked["state"]) == (201, "erase", "asked")
    moments = [datetime.fromisoformat(asked[name]) for name in ("asked_at", "undo_until", "due_at")]
    assert (moments[1] - moments[0], moments[2] - moments[0]) == (personal.UNDO, timedelta(hours=24))
    work("erase")
    assert zhanglan.get("/me")[0] == 200, "not before its time"
    with database_open():
        Task.update(run_at=now()).where(Task.kind == "erase").execute()
    work("erase")
    assert zhanglan.refused(401, "GET", "/me")["code"] == "unauthorized"


def test_thinking_better_of_it(door, work):
    zhanglan = door("zhanglan")
    asked = zhanglan.post("/me/erasure")[1]
    status, said = zhanglan.ask("DELETE", "/me/erasure")
    assert (status, said["key"], said["state"], said["undo_until"]) == (200, asked["key"], "withdrawn", None)
    assert zhanglan.refused(409, "DELETE", "/me/erasure")["code"] == "nothing_to_withdraw"
    with database_open():
        Task.update(run_at=now()).where(Task.kind == "erase").execute()
    work("erase")
    assert zhanglan.get("/me")[1]["person"]["name"] == "张兰"


def test_the_stranger_takes_nothing_back(door):
    door("zhanglan").post("/me/erasure")
    assert door("hefang").refused(409, "DELETE", "/me/erasure")["code"] == "nothing_to_withdraw"
    assert door("zhanglan").get("/me/requests")[1]["requests"][0]["state"] == "asked"
    assert door("hefang").get("/me/requests") == (200, {"requests": []})


@pytest.fixture
def father(client):
    """张兰's father 张国强 has no WeChat; the community confirmed that she acts for him."""
    with database_open(), write():
        home = Place.get(Place.kind == "household", Place.label == "幸福家园 3号楼 2单元 502")
        row = delegation.ask(
            actor=client.town.actor("zhanglan"), kind="family", relation="daughter", name="张国强", home=home
        )
        delegation.decide(row, actor=client.town.actor("chenjing"), confirmed=True, both_present=True)
        return row.principal.key


def test_the_daughter_asks_for_her_fathers_copy(door, work, father):
    zhanglan = door("zhanglan")
    zhanglan.report("3号楼门口井盖坏了", behalf_of=father)
    status, asked = zhanglan.post(f"/me/exports?person={father}")
    assert (status, zhanglan.get("/me/requests")[1]) == (201, {"requests": []})
    work("export")
    answer = fetch(zhanglan, asked["key"])
    assert "张国强" in zipfile.ZipFile(io.BytesIO(answer.data)).read("data.json").decode()
    assert zhanglan.get(f"/me/requests?person={father}")[1]["requests"][0]["state"] == "done"
    with database_open():
        row = DataRequest.get()
        assert (row.person.key, row.asked_by.name) == (father, "张兰")
        noted = Audit.get(Audit.action == "person.export", Audit.result == "asked")
        assert (noted.about.key, noted.person.name) == (father, "张兰")
        with write():
            delegation.end(Delegation.get(), actor=door().client.town.actor("zhanglan"))
    assert fetch(zhanglan, asked["key"]).status_code == 404


def test_the_daughter_asks_that_her_father_be_forgotten(door, work, father):
    zhanglan = door("zhanglan")
    assert zhanglan.post(f"/me/erasure?person={father}")[0] == 201
    assert zhanglan.ask("DELETE", f"/me/erasure?person={father}")[1]["state"] == "withdrawn"
    assert zhanglan.post(f"/me/erasure?person={father}")[0] == 201
    with database_open():
        Task.update(run_at=now()).where(Task.kind == "erase").execute()
    work("erase")
    with database_open():
        assert Person.get(Person.key == father).erased_at is not None
        assert Person.get(Person.name == "张兰").erased_at is None


def test_nobody_asks_for_whom_one_does_not_act_or_who_has_a_phone(door, client, father):
    with database_open(), write():
        sunmei = client.town.person("sunmei")
        row = delegation.ask(actor=client.town.actor("zhanglan"), kind="family", relation="other", person=sunmei)
        delegation.decide(row, actor=client.town.actor("chenjing"), confirmed=True, both_present=True)
    for who, whom in (("hefang", father), ("zhaoqiang", father), ("zhanglan", sunmei.key), ("zhanglan", "nosuchkey1")):
        for method, path in (("POST", "/me/exports"), ("POST", "/me/erasure"), ("DELETE", "/me/erasure")):
            assert door(who).refused(404, method, f"{path}?person={whom}")["code"] == "not_found"
    with database_open():
        assert DataRequest.select().count() == 0


def test_somebody_on_duty_is_told_what_to_do(door):
    error = door("wangdashan").refused(422, "POST", "/me/erasure")
    assert error["code"] == "still_on_duty"
    assert "网格员" in error["message"] and "结束职务" in error["message"]


def test_asking_once_more_with_the_same_key(door):
    zhanglan = door("zhanglan")
    first = zhanglan.post("/me/erasure", once="forget-me-1")
    assert zhanglan.post("/me/erasure", once="forget-me-1") == first


def test_copies_have_a_limit(door, work):
    zhanglan = door("zhanglan")
    for _ in range(10):
        assert zhanglan.post("/me/exports")[0] == 201
    assert zhanglan.refused(429, "POST", "/me/exports")["code"] == "too_many_requests"
