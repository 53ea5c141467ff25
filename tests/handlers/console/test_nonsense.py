"""Nonsense in every address and form of the desk, on both databases: it is answered, and nothing breaks."""

import re

import pytest

from app.factory import create_app
from handlers.console import ROUTES
from models.base import database
from models.notice import Notice
from tests.handlers.console.conftest import report

GARBAGE = ["", "0", "-1", "1", "9" * 5000, str(2**63), "1e9", "NaN", "١", "１０２３", "#1", "\x00", "a\x00b", "%00",
           "../../etc", "' OR 1=1--", "\\", "{{7*7}}", "\u202e", "\ud7ff", "😀" * 50, "null", "[]", "true",
           "a" * 20_000, "\r\nX: y", "%", "%ff", "\xff", "*", "_", "aaaaaaaaaaaaaaaa"]  # fmt: skip
WORST = ["", "\x00", "9" * 5000, "1e9", "²", "-1", "aaaaaaaaaaaaaaaa"]
QUESTIONS = ["before", "number", "state", "category", "late", "older", "after", "seen", "wait", "person", "v",
             "place", "action", "result", "from", "to", "who", "about", "subject", "compound", "building"]  # fmt: skip
SINGLE = ["community", "before", "number", "person", "category", "from", "to"]
PLAIN = [address for _, method, address, _ in ROUTES if method == "GET" and "<" not in address and address != "/live"]
FIELDS = ["answer", "text", "about", "note", "post", "person", "key", "code", "reason", "satisfaction", "worker",
          "category", "place", "solved", "community", "kind", "title", "body", "urgent", "once", "corrects",
          "unit"]  # fmt: skip


@pytest.fixture
def client(town):
    """The app on either engine: what one database takes, the other may choke on."""
    database.close_all()
    client = create_app(town.settings).test_client()
    client.town = town
    return client


def nonsense() -> list[str]:
    """All of it; for PostgreSQL what a database, and not a page, could stumble over."""
    return GARBAGE if database.obj.is_sqlite else WORST


def test_nonsense_in_an_address_is_answered(desk, hall):
    report(hall)
    chenjing, broken = desk("chenjing"), []
    for address in PLAIN:
        queries = [dict.fromkeys(QUESTIONS, value) for value in nonsense()]
        if not database.obj.is_sqlite:  # one mistake may hide the next
            queries += [{name: value} for name in SINGLE for value in WORST[2:5]]
        for query in queries:
            status = chenjing.client.get(f"/console{address}", query_string=query).status_code
            if status in (500, 503):
                broken.append((address, {name: value[:12] for name, value in query.items()}))
    assert broken == []


def test_nonsense_for_a_key_is_not_found(desk, hall):
    report(hall)
    chenjing = desk("chenjing")
    for _, method, address, _ in ROUTES:
        for value in nonsense()[1:] if "<" in address else []:
            spelled = "".join(f"%{byte:02x}" for byte in value[:3000].encode())
            status = chenjing.client.open("/console" + re.sub(r"<[^>]*>", spelled, address), method=method).status_code
            assert status in (302, 303, 308, 400, 403, 404, 405), (address, value[:20], status)


def test_nonsense_in_a_form_is_answered(desk, hall):
    """Every form, with its token and with every field full of the same nonsense."""
    case, chenjing = report(hall), desk("chenjing")
    token, broken = re.search(r'name="form_token" value="([0-9a-f]{64})"', chenjing.text("/"))[1], []
    for _, method, address, _ in ROUTES:
        if method != "POST" or re.search("/sign|setup|/security", address):
            continue
        path = "/console" + address.replace("<key>", case.key).replace("<verb>", "dispatch")
        for value in nonsense()[::2]:
            status = chenjing.client.post(path, data=dict.fromkeys(FIELDS, value) | {"form_token": token}).status_code
            if status in (500, 503):
                broken.append((path, value[:12]))
    assert broken == []


def test_nonsense_in_a_notice_for_a_real_place_is_answered(desk, hall):
    """One field of it at a time; whatever is published by it can be looked at."""
    chenjing, broken = desk("chenjing"), []
    token = re.search(r'name="form_token" value="([0-9a-f]{64})"', chenjing.text("/"))[1]
    good = {"place": hall.community().key, "kind": "life", "title": "周六开门", "body": "大厅周六上午开门"}
    for address in ("/console/notices/preview", "/console/notices"):
        for name in ("kind", "title", "body", "urgent", "once", "corrects"):
            for value in nonsense()[::2]:
                sent = good | {name: value, "form_token": token}
                status = chenjing.client.post(address, data=sent).status_code
                if status not in (200, 303, 404, 409, 422, 429):
                    broken.append((address, name, value[:12], status))
    assert broken == []
    for row in Notice.select():
        assert chenjing.client.get(f"/console/notices/{row.key}").status_code == 200
    assert Notice.select().exists()
