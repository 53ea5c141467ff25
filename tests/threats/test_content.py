"""Who sends what does harm: words that run, files that explode, and so much or so odd that nobody else is served."""

import io
import json
import logging
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from app import logs
from app.context import database_open
from app.jobs import tasks
from models.base import now
from models.case import Photo
from models.person import Person
from models.session import Session
from models.task import Task
from tests.handlers.api import uploads
from tests.handlers.console.conftest import report
from tests.handlers.console.test_password import code, enter, set_up
from tests.handlers.wechat.phone import phone

BAIT = """<img src=x onerror=alert(1)>"'><script>alert(1)</script>{{7*7}}"""


def test_t12_what_strangers_write_is_shown_as_the_words_it_is(door, desk, hall):
    """T12 Stored XSS and template injection: escaped at the desk, under a policy without inline scripts."""
    door("zhanglan").ask("PUT", "/me/name", {"name": BAIT[:32]})
    case = door("zhanglan").report(f"井盖坏了{BAIT}", place_words=BAIT, community=hall.community().key)
    answer = desk("chenjing").get(f"/cases/{case['key']}")
    assert answer.status_code == 200
    assert "<img src=x" not in answer.text and "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_t14_a_bomb_is_refused_by_its_head_and_nothing_of_a_photo_but_the_picture_stays(door, client):
    """T14 Uploads that do harm: four gigapixels are refused undecoded; notes and place of a photo are gone."""
    zhanglan, image = door("zhanglan"), {"Content-Type": "image/jpeg"}
    bomb, refusal = uploads.REFUSED["png 65535 x 65535 without pixels"]
    assert zhanglan.refused(422, "POST", "/photos", bomb, headers=image)["code"] == refusal
    assert zhanglan.refused(422, "POST", "/photos", b"<svg onload=alert(1)>", headers=image)["code"] == "photo_kind"
    folder = Path(urlsplit(client.town.settings.files_url).path)
    assert list(folder.rglob("*.*")) == []
    data, note = uploads.gps()
    photo = zhanglan.add_photo(data)
    answer = client.get(photo["links"]["full"])
    assert uploads.runs_of(data, note) != [] and uploads.runs_of(answer.data, note) == []
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")


def test_t19_a_fault_tells_the_log_nothing_of_people_or_keys(client, door):
    """T19 Secrets and personal data in logs: not even when a view falls over them and they stand in the exception."""
    settings = client.town.settings
    secret, words = settings.secrets.key.get_secret_value(), "张兰 13800000001 34.7821,114.3611"

    def fall(**_):
        raise RuntimeError(f"{words} {secret} {door_token}")

    zhanglan = door("zhanglan")
    door_token = zhanglan.token
    client.application.view_functions["api.read_me"] = fall
    handler, root, told, before = logs.Stderr(settings), logging.getLogger(), io.StringIO(), sys.stderr
    root.addHandler(handler)
    sys.stderr = told
    try:
        status, said = zhanglan.get(f"/me?phone=13800000001&token={zhanglan.token}")
    finally:
        sys.stderr = before
        root.removeHandler(handler)
    assert (status, said["error"]["code"]) == (500, "internal")
    seen = told.getvalue() + json.dumps(said, ensure_ascii=False)
    assert "RuntimeError at tests/threats/test_content.py" in seen
    for canary in (secret, zhanglan.token, "13800000001", "张兰", "34.7821"):
        assert canary not in seen, canary


def test_t25_a_poisoned_task_stops_no_other_and_ends_where_one_sees_it(hall):
    """T25 Poison in the queue: a task that falls each time is dead after eight attempts; the others were all done."""
    moment = now() - timedelta(minutes=1)
    case = report(hall)
    Task.delete().execute()
    Task.create(key="poison", kind="remind", payload={"case": 404}, run_at=moment - timedelta(hours=1))
    for turn in range(20):
        Task.create(key=f"good:{turn}", kind="lapse", payload={"case": case.id, "version": 0}, run_at=moment)
    rounds = 0
    while Task.select().where(Task.state == "ready", Task.key == "poison").exists():
        rounds += 1
        assert rounds <= 60
        if not tasks.next_task(hall.context):
            Task.update(run_at=moment).where(Task.key == "poison").execute()
    done = Task.select().where(Task.key.startswith("good:"), Task.state == "done").count()
    poison = Task.get(Task.key == "poison")
    assert (done, poison.state, poison.attempts, poison.problem) == (20, "dead", 8, "CaseDoesNotExist")


def test_t25_whoever_guesses_the_password_of_an_official_locks_only_himself_out(desk, hall):
    """T25 Locking an official out: a guesser must wait at his address; 陈静 signs in from hers all the while."""
    set_up(hall)
    guesser = desk()
    guesser.client.environ_base["REMOTE_ADDR"] = "203.0.113.66"
    answers = [enter(guesser, typed="000000").status_code for _ in range(6)]
    assert answers[-1] == 429 and Session.select().count() == 0
    hers = desk()
    hers.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert enter(hers, typed=code()).status_code == 303
    assert Session.get().person == hall.person("chenjing")


def test_t25_too_large_too_deep_or_too_long_is_refused_at_once(client, door):
    """T25 Bodies and pages without end: refused by their size and shape, before anything is done with them."""
    zhanglan = door("zhanglan")
    limit = client.town.settings.server.request_limit_bytes
    assert zhanglan.refused(413, "POST", "/cases", b" " * (limit + 1))["code"] == "too_large"
    assert zhanglan.ask("POST", "/cases", b"[" * 5000)[0] == 400
    assert zhanglan.ask("GET", "/cases?limit=1000000000")[0] == 422
    assert phone(client, "zhanglan").deliver({}, content=b"x" * 70_000).status_code == 413
    with database_open():
        assert Photo.select().count() == 0 and Person.select().where(Person.name == "").count() == 0
