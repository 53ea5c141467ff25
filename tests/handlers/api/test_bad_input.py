"""Input that nobody should send, at every operation of the description: a refusal in bounds, and nothing has changed.

Most of it is generated from /openapi.json and the tables, so that a new field, column or route is asked too. Threats T3
(keys of the platform), T4 (who one is comes from the session) and T5 (mass assignment) have their tests here.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from werkzeug.test import TestResponse

from app.context import database_open
from app.factory import create_app
from app.rules import session
from handlers.api import api
from models import TABLES
from models.base import database, now
from models.case import Case
from models.person import Person
from models.place import Place
from models.session import Session
from tests.fuzz.ground import Ground, ground
from tests.gateway.stand_in import StandIn
from tests.town import settings_for

ROOT = Path(__file__).resolve().parents[3]
JSON = {"Content-Type": "application/json"}
UNKNOWN = "不认识这一项，请去掉"
#: What every odd key stands for in a path, by the noun before it.
KEYS = {
    "cases": "reported", "households": "household", "communities": "community", "residences": "residence",
    "sessions": "session", "files": "link", "checks": "link", "places": "building", "notices": "notice",
    "grids": "grid", "topics": "topic",
}  # fmt: skip
#: What a well-made body holds, by operation; any other is put together from its description.
BODIES = {
    "reportCase": {"words": "3号楼门口井盖坏了"}, "addNote": {"note": "还在响"}, "renameMe": {"name": "张兰"},
    "say": {"text": "您好"}, "actOnCase": {"note": ""},
    "blowWhistle": {
        "kind": "key_work", "reason": "抢修", "units": [{"unit": "mzqxeyjtgrsw2l3c", "lead": True, "words": ""}],
    },
    "handleOnTheSpot": {"words": "井盖翘起来，已盖好", "after": ["mzqxeyjtgrsw2l3c"]},
    "addPatrol": {
        "grid": "mzqxeyjtgrsw2l3c", "started_at": "2026-11-24T09:30:00+08:00", "ended_at": "2026-11-24T10:30:00+08:00",
        "checks": [{"item": "manhole", "ok": True}],
    },
}  # fmt: skip
FIELDS = [field for table in TABLES for field in table._meta.sorted_fields]
COLUMNS = sorted({name for field in FIELDS for name in (field.name, field.column_name)})
#: T4: what somebody says to be, and T3: what only our server and the platform's may know.
CLAIMS = {"openid": "omini-chenjing", "user_id": 1, "role": "district_admin", "community_id": 1, "is_admin": True}
SECRETS = {"session_key": "HyVFkGl5F5OQWJZZaNzBBg==", "AppSecret": "x", "unionid": "x", "encryptedData": "x", "iv": "x"}
ODD_KEYS = {
    "zero": "0", "minus one": "-1", "2^53+1": "9007199254740993", "an exponent": "1e3", "an Arabic digit": "%D9%A1",
    "a way up": "%2E%2E", "an array": "%5B%5D", "an object": "%7B%7D", "null": "null", "true": "true", "NUL": "%00",
    "no UTF-8": "%FF", "a quote": "%27--", "very long": "a" * 2_000, "a line break": "a%0D%0Ab",
    "a look-alike": "%EF%BC%91",
}  # fmt: skip
FOREIGN = ["foreign", "foreign_household", "foreign_residence", "foreign_session", "foreign_community",
           "foreign_grid", "foreign_notice"]  # fmt: skip
#: The tree of places is the picker's and a notice board hangs in the street: by a key they are there for everybody.
FOR_ALL = [("readPlace", "foreign_household"), ("readPlace", "foreign_community"), ("readNotice", "foreign_notice")]
ODD_VALUES = {
    "zero": 0, "minus one": -1, "2^53+1": 2**53 + 1, "an exponent": "1e3!", "an Arabic digit": "١", "a way up": "../",
    "an array": [], "an object": {}, "true": True, "a number": 1.5, "NUL": "a\0", "nothing": "", "very long": "a" * 33,
}  # fmt: skip
PROTOTYPES = [
    "__proto__", "constructor", "prototype", "__class__", "__init__", "toString", "$where", "words.x", "words[]", "",
]  # fmt: skip


@pytest.fixture(scope="module")
def town_of_all(founded_sqlite: Path) -> Iterator[Ground]:
    with ground(founded=founded_sqlite) as one:
        yield one


@pytest.fixture
def here(town_of_all: Ground) -> Iterator[Ground]:
    """The ground, put back after each test."""
    with town_of_all.one_input():
        yield town_of_all


@pytest.fixture(scope="module")
def spec(town_of_all: Ground) -> dict:
    return town_of_all.client.get("/openapi.json").get_json()


class Operation:
    """One operation of the description, as somebody can ask it well or badly."""

    def __init__(self, here: Ground, spec: dict, name: str):
        self.here, self.name = here, name
        self.path, self.method, self.said = next(
            (path, method, one)
            for path, methods in spec["paths"].items() for method, one in methods.items() if one["operationId"] == name
        )  # fmt: skip
        content = self.said.get("requestBody", {}).get("content", {})
        reference = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        self.schema = spec["components"]["schemas"].get(reference, {})
        self.fields: dict = self.schema.get("properties", {})
        self.query = [one["name"] for one in self.said.get("parameters", []) if one["in"] == "query"]
        self.who = self._asker()

    def body(self) -> dict:
        """A body that is taken, as far as its description says."""
        return BODIES.get(self.name) or {name: _example(self.fields[name]) for name in self.schema.get("required", [])}

    def _asker(self) -> str:
        """张兰; where only staff are let as far as the body 陈静 or 王大山. It is asked with one that nobody takes."""
        for who in ("zhanglan", "chenjing", "wangdashan") if self.fields else ():
            headers = self.here.bearer(who) | JSON | {"Idempotency-Key": "bad-input-0"}
            if self.here.ask(self.method.upper(), self.address(), headers=headers, data=b"[]").status_code != 403:
                return who
        return "zhanglan"

    def address(self, key: str | None = None) -> str:
        """The path with the keys of things there are, or another key."""
        noun = next((part for part in self.path.split("/") if part in KEYS), "")
        choices = {"verb": "withdraw", "decision": "confirm"}
        filled = self.here.known.get(KEYS.get(noun, ""), "x") if key is None else key
        return re.sub(r"\{(\w+)\}", lambda found: choices.get(found[1], filled), self.path)

    def ask(
        self, body: object = None, query: str = "", who: str = "", key: str | None = None, **headers: str
    ) -> TestResponse:
        """The answer to this operation with this body, or its well-made one."""
        sent = self.here.bearer(who or self.who) | JSON | {"Idempotency-Key": "bad-input-1"} | headers
        data = json.dumps(self.body() if body is None else body) if self.fields or body is not None else None
        return self.here.ask(self.method.upper(), self.address(key), query, headers=sent, data=data)


def _example(schema: dict) -> object:
    """A value that a field of this description takes."""
    one = next((one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"), schema)
    if "const" in one or "enum" in one:
        return one.get("const", one.get("enum", [""])[0])
    examples = {"boolean": True, "integer": 1, "number": 1.0, "array": [], "object": {}}
    return one["examples"][0] if one.get("examples") else examples.get(one.get("type"), "x" * one.get("minLength", 1))


def names_of(spec: dict, wanted) -> list[str]:
    return sorted(one["operationId"] for methods in spec["paths"].values() for one in methods.values() if wanted(one))


def every(wanted=lambda operation: True):
    """The operations of the description that are wanted, for one test each; read without an installation."""
    return pytest.mark.parametrize("name", names_of(DESCRIPTION, wanted))


def described() -> dict:
    """The description, without an installation: pytest wants the names of tests before there is one."""
    app = APIFlask("described", json_errors=False)
    app.register_blueprint(api)
    with app.app_context():
        return app.spec


DESCRIPTION = described()
UNSAFE = {
    one["operationId"] for methods in DESCRIPTION["paths"].values() for method, one in methods.items()
    if method in ("post", "put", "patch", "delete")
}  # fmt: skip


def with_body(operation: dict) -> bool:
    return "application/json" in operation.get("requestBody", {}).get("content", {})


def without_body(operation: dict) -> bool:
    """Whether an operation changes something and says of no body that it reads it."""
    return "requestBody" not in operation and operation["operationId"] in UNSAFE


def with_key(operation: dict) -> bool:
    return any(one["in"] == "path" for one in operation.get("parameters", []))


def error_of(answer: TestResponse, *statuses: int) -> dict:
    assert answer.status_code in statuses, answer.text
    assert sorted(answer.json["error"]) == ["code", "fields", "message"]
    return answer.json["error"]


def bare(answer: TestResponse) -> tuple:
    """What an answer says without what is new each time."""
    volatile = r'"(key|links|near|words|token|code|[a-z]+_(at|until)|at|due|full|thumb)": ?("[^"]*"|null|\{[^}]*\})'
    return answer.status_code, re.sub(volatile, r'"\1"', answer.data.decode("latin-1"))


# Keys.


@pytest.mark.parametrize("odd", ODD_KEYS)
@every(with_key)
def test_an_odd_key_in_an_address_is_as_one_that_never_was(here, spec, name, odd):
    operation = Operation(here, spec, name)
    never, found = operation.ask(key="abcdefghijklmnop"), operation.ask(key=ODD_KEYS[odd])
    assert error_of(never, 404, 403)["code"] == error_of(found, never.status_code)["code"]
    assert list(found.headers.keys()) == list(never.headers.keys())


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("who", ["zhanglan", "wangdashan", "chenjing"])
@every(with_key)
def test_what_belongs_to_the_next_community_was_never_there(here, spec, name, who, foreign):
    operation = Operation(here, spec, name)
    never, found = (operation.ask(who=who, key=key) for key in ("abcdefghijklmnop", here.known[foreign]))
    if (name, foreign) in FOR_ALL:
        there = operation.ask(who="masuhua", key=here.known[foreign])
        assert (never.status_code, found.status_code, found.json) == (404, 200, there.json)
        assert "place" in found.json and found.json["place"] == in_the_picker(here, who, found.json["place"]["key"])
        return
    assert (found.status_code, found.data) == (never.status_code, never.data)
    assert list(found.headers.items()) == list(never.headers.items())
    assert found.status_code in (403, 404)


def in_the_picker(here: Ground, who: str, key: str) -> dict:
    """A place of the next community as the picker shows it."""
    with database_open():
        above = "none" if key == here.known["foreign_community"] else Place.get(Place.key == key).parent.key
    rows = here.ask("GET", "/api/v1/places", f"parent={above}", headers=here.bearer(who)).json["places"]
    return next(one for one in rows if one["key"] == key)


#: What 王大山 names in a body: the operation, the field the refusal names, and his body with the key in it.
NAMED = {
    "the grid of a patrol": ("addPatrol", "grid", "foreign_grid", lambda key: {"grid": key}),
    "a photo of a patrol": ("addPatrol", "photos", "foreign_photo", lambda key: _checked(photos=[key])),
    "a case of a patrol": ("addPatrol", "checks", "foreign", lambda key: _checked(case=key)),
    "a door": ("addVisit", "household", "foreign_household", lambda key: {"household": key}),
    "a unit": ("whistleForUnit", "unit", "foreign_unit", lambda key: {"unit": key, "note": "要断电才能修"}),
    "a voice": ("reportCase", "voices", "foreign_voice", lambda key: {"voices": [key]}),
}


def _checked(**more) -> dict:
    return {"checks": [{"item": "manhole", "ok": False, "note": "盖子裂了"} | more]}


@pytest.mark.parametrize("what", NAMED)
def test_what_a_worker_names_of_the_next_community_was_never_there(here, spec, what):
    """Each is refused by its field, and in the same words as a key that never was; the own one is taken."""
    name, field, foreign, with_key = NAMED[what]
    operation, at, said = Operation(here, spec, name), now().isoformat(), []
    good = {"addPatrol": {"grid": here.known["grid"], "started_at": at, "ended_at": at} | _checked(), "addVisit": {
        "household": here.known["household"], "kind": "care", "met": True, "at": at,
    }, "reportCase": {"words": "路灯不亮", "community": here.known["community"]}}.get(name, {})  # fmt: skip
    tables = ('"case"', "step", "patrol", "patrol_check", "patrol_photo", "visit")
    before = [here.count(table) for table in tables]
    for key in (here.known[foreign], "abcdefghijklmnop"):
        said.append(error_of(operation.ask(good | with_key(key), who="wangdashan"), 422))
    assert (said[0], list(said[0]["fields"]), [here.count(table) for table in tables]) == (said[1], [field], before)
    own = {"foreign": "reported", "foreign_photo": "worker_photo", "foreign_voice": "worker_voice"}
    key = here.known[own.get(foreign, foreign.removeprefix("foreign_"))]
    assert operation.ask(good | with_key(key), who="wangdashan").status_code in (200, 201)


@pytest.mark.parametrize(("name", "field"), [("reportCase", "photos"), ("addNote", "photos"), ("showPhoto", "photo")])
def test_somebody_elses_photo_is_no_photo(here, spec, name, field):
    operation, said = Operation(here, spec, name), []
    for key in (here.known["foreign_photo"], "abcdefghijklmnop"):
        body = operation.body() | {field: [key] if field == "photos" else key}
        said.append(error_of(operation.ask(body), 422))
    assert said[0] == said[1]
    assert said[0]["code"] == "photo_taken"


@pytest.mark.parametrize("odd", ODD_VALUES)
@every(with_body)
def test_an_odd_key_in_a_body_is_named(here, spec, name, odd):
    operation, before = Operation(here, spec, name), here.version()
    for field, schema in operation.fields.items():
        if "0-9A-Za-z" in str(schema) and schema.get("type") != "array":
            error = error_of(operation.ask(operation.body() | {field: ODD_VALUES[odd]}), 422)
            assert list(error["fields"]) == [field]
    assert here.version() == before


# Names of fields.


@pytest.mark.parametrize("odd", PROTOTYPES)
@every(with_body)
def test_a_name_that_is_not_asked_for_is_refused(here, spec, name, odd):
    operation, before = Operation(here, spec, name), here.version()
    error = error_of(operation.ask(operation.body() | {odd: {"admin": True}}), 422)
    assert error["fields"] == {odd or "body": UNKNOWN}
    assert here.version() == before


@pytest.mark.parametrize("body", [b'{"person": "abcdefghijklmnop"}', b"[]", b"x", b"{" + b" " * 70_000 + b"}x"])
@every(without_body)
def test_a_body_that_nobody_reads_is_refused(here, spec, name, body):
    """A daughter who asks for her child to be forgotten must not be forgotten herself."""
    operation, before = Operation(here, spec, name), here.version()
    headers = here.bearer("zhanglan") | JSON | {"Idempotency-Key": "bad-input-1"}
    answer = here.ask(operation.method.upper(), operation.address(), headers=headers, data=body)
    assert (error_of(answer, 422)["fields"], here.version()) == ({"body": UNKNOWN}, before)


@pytest.mark.parametrize("body", [b"", b"{}", b"{ }\n"])
def test_an_empty_object_is_no_body(here, body):
    answer = here.ask("POST", "/api/v1/sessions/renew", headers=here.bearer("zhanglan") | JSON, data=body)
    assert answer.status_code == 200


@every(with_body)
def test_a_name_given_twice_is_refused(here, spec, name):
    operation = Operation(here, spec, name)
    first = next(iter(operation.fields))
    body = f'{{"{first}": "x", "{first}": "y"}}'.encode()
    headers = here.bearer(operation.who) | JSON | {"Idempotency-Key": "bad-input-1"}
    error_of(here.ask(operation.method.upper(), operation.address(), headers=headers, data=body), 400)


@pytest.mark.parametrize("depth", [1_000, 9_000])
@every(with_body)
def test_a_thousand_objects_in_each_other(here, spec, name, depth):
    operation = Operation(here, spec, name)
    deep = '{"a":' * depth + "1" + "}" * depth
    headers = here.bearer(operation.who) | JSON | {"Idempotency-Key": "bad-input-1"}
    for body in (deep, f'{{"{next(iter(operation.fields))}": {deep}}}'):
        error_of(here.ask(operation.method.upper(), operation.address(), headers=headers, data=body), 400, 422)


@pytest.mark.parametrize(
    "query",
    ["limit=1000000000", "limit=-1", "per_page=1000000000", "page=2", "offset=9223372036854775808", "sort=password",
     "sort=__class__", "order=token_hash", "cursor=%00", "cursor=../..", "cursor=9223372036854775808", "cursor[]=x",
     "cursor=x&cursor=y", "mine=all&mine=reported", "state=__class__", "fields=phone", "include=reporter.phone", "=x"],
)  # fmt: skip
def test_a_list_is_asked_by_its_own_words_only(here, spec, query):
    for name in ("listCases", "readConversation"):
        error_of(Operation(here, spec, name).ask(query=query), 422)


@pytest.mark.parametrize("raw", [b"\xff", b"cursor=\xe4\xb8", b"limit=\x80"], ids=["ff", "half a character", "80"])
@every(lambda operation: any(one["in"] == "query" for one in operation.get("parameters", [])))
def test_a_query_that_is_no_text(here, spec, name, raw):
    error_of(Operation(here, spec, name).ask(query=raw.decode("latin-1"), who="chenjing"), 400)


# T5: mass assignment, T4: claims, T3: the platform's keys.


@every(with_body)
def test_t5_no_column_of_any_table_can_be_sent_along(here, spec, name):
    operation, before, taken = Operation(here, spec, name), here.version(), []
    for column in sorted({*COLUMNS, *CLAIMS, *SECRETS} - set(operation.fields)):
        for value in ("x", 1):
            answer = operation.ask(operation.body() | {column: value})
            if answer.status_code != 422 or answer.json["error"]["fields"] != {column: UNKNOWN}:
                taken.append((column, answer.status_code))
    assert (taken, here.version()) == ([], before)
    assert len(COLUMNS) > 150


def test_t5_nor_within_a_field(here, spec):
    operation, before = Operation(here, spec, "reportCase"), here.version()
    for column in COLUMNS:
        if column not in ("lat", "lng"):
            body = operation.body() | {"point": {"lat": 34.7, "lng": 114.3, column: 1}}
            assert error_of(operation.ask(body), 422)["fields"] == {f"point.{column}": UNKNOWN}
    assert here.version() == before


@pytest.mark.parametrize("where", ["query", "header", "cookie", "body"])
@every()
def test_t4_who_one_is_cannot_be_said(town_of_all, spec, name, where):
    """A claim changes nothing: it is refused, or the answer is the one that is given without it."""
    claims = CLAIMS | {"X-User-Id": 1, "X-Openid": "omini-chenjing", "X-Role": "admin", "session_key": "x", "actor": 3}
    more = {"query": "&".join(f"{claim}={value}" for claim, value in claims.items() if "-" not in claim)}
    if where == "header":
        more = {claim.replace("_", "-"): str(value) for claim, value in claims.items()}
    elif where == "cookie":
        more = {"Cookie": "; ".join(f"{claim}={value}" for claim, value in claims.items())}
    answers = []
    for sent in ({}, more):
        with town_of_all.one_input():
            operation = Operation(town_of_all, spec, name)
            if where == "body" and sent and (operation.fields or operation.method != "get"):
                sent = {"body": operation.body() | CLAIMS}
            elif where == "body":
                sent = {}
            answers.append(operation.ask(**sent))
            with database_open():
                assert {row.reporter.name for row in Case.select()} == {"张兰", "马素华"}
    without, claimed = answers
    assert claimed.status_code == 422 or bare(claimed) == bare(without)
    assert not any(canary in claimed.data for canary in town_of_all.canaries)


def test_t3_a_login_tells_nobody_the_key_of_the_session(founded_sqlite, tmp_path, caplog):
    (tmp_path / "doorstep.sqlite").write_bytes(founded_sqlite.read_bytes())
    platform, before = StandIn(), database.obj
    try:
        platform.says("/sns/jscode2session", {"openid": "onew", "session_key": "CanarySessionKey=="})
        url = f"sqlite:///{tmp_path}/doorstep.sqlite"
        client = create_app(settings_for(tmp_path, url, DOORSTEP_WECHAT__API=platform.url)).test_client()
        answer = client.post("/api/v1/login", json={"code": "x"})
    finally:
        platform.close()
        database.close_all()
        database.initialize(before)
    assert answer.status_code == 200
    assert "CanarySessionKey" not in answer.text + str(answer.headers) + caplog.text
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("doorstep.sqlite*"))
    assert b"CanarySessionKey" not in kept


@pytest.mark.parametrize("who", ["zhanglan", "wangdashan", "chenjing"])
def test_t3_no_answer_has_a_secret_in_it(town_of_all, spec, who):
    for name in names_of(spec, lambda operation: True):
        with town_of_all.one_input():
            answer = Operation(town_of_all, spec, name).ask(who=who)
            told = [one for one in town_of_all.canaries if one in answer.data or one.decode() in str(answer.headers)]
            assert (name, told, b"session_key" in answer.data) == (name, [], False)


def test_t3_what_is_shipped_to_phones_and_browsers_knows_no_secret(town_of_all):
    folders = [ROOT / "miniprogram", ROOT / "handlers" / "console" / "static"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    words = [b"session_key", b"sessionKey", b"AppSecret", b"appsecret", *town_of_all.canaries]
    assert [(path.name, word) for path in files for word in words if word in path.read_bytes()] == []
    assert len(files) > 5


# Who asks, and how.


@pytest.mark.parametrize(
    "token",
    ["", "null", "undefined", "x", "' OR 1=1--", "a" * 10_000, "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "\xff\xfe",
     "../../etc/passwd", "0", "true"],
    ids=lambda token: token[:24] or "empty",
)  # fmt: skip
def test_a_token_of_ones_own_making_opens_nothing(here, spec, token):
    for name in names_of(spec, lambda operation: operation.get("security")):
        answer = Operation(here, spec, name).ask(Authorization=f"Bearer {token}")
        assert error_of(answer, 401)["code"] == "unauthorized"


@pytest.mark.parametrize("kind", ["expired", "ended", "of the desk", "in capitals", "cut off"])
def test_a_token_that_was_good_elsewhere_opens_nothing(here, kind):
    token = here.tokens["zhanglan"]
    with database_open():
        mine = Session.token_hash == session.digest(token)
        changed = {"expired": {"expires_at": now()}, "ended": {"ended_at": now()}, "of the desk": {"door": "console"}}
        if kind in changed:
            assert Session.update(changed[kind]).where(mine).execute()
    sent = {"in capitals": token.upper(), "cut off": token[:-1]}.get(kind, token)
    answer = here.ask("GET", "/api/v1/me", headers={"Authorization": f"Bearer {sent}"})
    assert error_of(answer, 401)["code"] == "unauthorized"


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"])
def test_the_method_is_what_it_is(here, header):
    path, before = f"/api/v1/sessions/{here.known['session']}", here.version()
    headers = here.bearer("zhanglan") | JSON | {header: "DELETE"}
    assert here.ask("POST", path, f"{header}=DELETE", headers=headers, data=b'{"_method": "DELETE"}').status_code == 405
    assert here.ask("GET", "/api/v1/sessions", "_method=DELETE", headers=headers).status_code == 200
    assert here.ask("GET", "/api/v1/sessions", headers=headers).json["sessions"][-1]["key"]
    assert here.version() == before


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\u2028".encode().decode("latin-1")], ids=repr)
def test_a_line_break_in_a_header_becomes_no_header(here, break_):
    odd = f"abcdefgh{break_}X-Injected: 1"
    environ = {"HTTP_IDEMPOTENCY_KEY": odd, "HTTP_USER_AGENT": odd, "HTTP_X_FORWARDED_FOR": odd, "HTTP_REFERER": odd}
    answer = here.client.post(
        "/api/v1/cases", json={"words": "x"}, headers=here.bearer("zhanglan"), environ_overrides=environ
    )
    assert list(error_of(answer, 422)["fields"]) == ["Idempotency-Key"]
    assert "X-Injected" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1@evil.example", "[::1", "a b", "x" * 300]
)
def test_the_host_is_repeated_to_nobody(here, spec, host):
    for name in names_of(spec, lambda operation: True):
        answer = Operation(here, spec, name).ask(Host=host)
        assert answer.status_code < 500 or name in ("login", "setPhone")  # nobody answers as the platform here
        assert host not in answer.data.decode("latin-1") + str(answer.headers)


@pytest.mark.parametrize(
    "path",
    ["/api//v1/me", "/api/v1//me", "/api/v1/../v1/me", "/api/v1/./me", "/api/v1/me;.js",
     "/api/v1/me.js", "/api/v1/me.", "/api/v1/me/", "/api/v1/me\0", "/api/v1/me ", "/api/v1/ME", "/API/v1/me",
     "/api/v1/me/", "/api/v1/cases/../../me", "/api/v1/cases/..;/me", "/api/v1/me/.", "/api/v1/\\me",
     "/api/v1/me\r\nX: 1"],
)  # fmt: skip
def test_an_address_has_one_spelling(here, path):
    """However it was written, encoded once, twice or not: this is what a server hands on."""
    answer = here.client.get("/", headers=here.bearer("zhanglan"), environ_overrides={"PATH_INFO": path})
    assert answer.status_code in (404, 405, 308)
    assert answer.headers.get("Location", "/").removeprefix("http://localhost").startswith("/")


def test_slashes_at_the_beginning_are_one_slash_to_the_guard_too(here):
    for headers, status in (({}, 401), (here.bearer("zhanglan"), 200)):
        answer = here.client.get("/", headers=headers, environ_overrides={"PATH_INFO": "///api/v1/me"})
        assert answer.status_code == status


@pytest.mark.parametrize(
    "path",
    ["//evil.example/api/v1/me", "//evil.example//", "/\\evil.example", "///evil.example/", "//evil.example/console/"],
)
def test_nobody_is_sent_away_to_another_host(here, path):
    answer = here.client.get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code in (404, 308)
    assert re.fullmatch(r"(http://localhost)?/(?![/\\]).*", answer.headers.get("Location", "/"))


# Twice, and too late.


def test_the_same_key_with_another_body_is_another_request(here, spec):
    operation = Operation(here, spec, "reportCase")
    assert operation.ask().status_code == 201
    before = here.version()
    for body in ({"words": "路灯不亮"}, BODIES["reportCase"] | {"place_words": "东边"}):
        assert error_of(operation.ask(body), 409)["code"] == "idempotency_key_reused"
    assert here.version() == before


@pytest.mark.parametrize("match", ['"0"', "*", 'W/"1"', "１", "x" * 5_000], ids=lambda text: text[:8])
def test_a_step_from_a_state_that_is_gone_is_a_conflict(here, spec, match):
    """张兰 withdraws on one phone and again, with what she saw before, on the other: If-Match is no way round it."""
    operation = Operation(here, spec, "actOnCase")
    assert operation.ask(**{"Idempotency-Key": "first-phone"}).status_code == 200
    before = here.version()
    answer = operation.ask(**{"Idempotency-Key": "second-phone", "If-Match": match})
    error_of(answer, 409, 412)
    assert here.version() == before


# Words.


@every(with_body)
def test_a_text_is_as_long_as_it_may_be_and_no_longer(here, spec, name):
    operation, before = Operation(here, spec, name), here.version()
    for field, schema in operation.fields.items():
        longest = next((one["maxLength"] for one in schema.get("anyOf", [schema]) if "maxLength" in one), None)
        for length in {longest + 1, max(longest + 1, 2_501)} if longest else ():
            error = error_of(operation.ask(operation.body() | {field: "a" * length}), 422)
            assert error["fields"] == {field: f"太长了，最多 {longest} 个字"}
    assert here.version() == before


def test_two_thousand_words_are_kept_whole(here, spec):
    answer = Operation(here, spec, "reportCase").ask({"words": "井盖坏了" * 500})
    assert (answer.status_code, len(answer.json["words"])) == (201, 2_000)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("井\0盖\x07坏\x1b[31m了", "井盖坏[31m了"), ("井盖\u202e坏了\u2066", "井盖坏了"),
        ("井盖\r\n坏了", "井盖\n坏了"),
        ("cafe\u0301漏水", "café漏水"), ("가\u1100\u1161漏水", "가가漏水"), ("井\ufeff盖\u200b坏了", "井盖坏了"),
        ("<script>alert(1)</script>漏水", "<script>alert(1)</script>漏水"),
        ("漏水👨\u200d👩\u200d👧", "漏水👨\u200d👩\u200d👧"),
    ],
    ids=ascii,
)  # fmt: skip
def test_words_are_kept_as_they_look(here, spec, sent, kept):
    answer = Operation(here, spec, "reportCase").ask({"words": sent})
    assert (answer.status_code, answer.json["words"]) == (201, kept)


@pytest.mark.parametrize("name", ["José", "Zoë", "ﾊﾝ", "가"])
def test_two_spellings_of_one_name_are_one_name(here, spec, name):
    said = [
        Operation(here, spec, "renameMe").ask({"name": unicodedata.normalize(form, name)}).json["person"]["name"]
        for form in ("NFC", "NFD")
    ]
    assert said[0] == said[1] == unicodedata.normalize("NFC", name)
    with database_open():
        assert Person.get(Person.unionid == "demo-union-zhanglan").name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("words", ["３－２－５０１漏水", "3—2—501漏水", "3‐2‐501漏水", "3–2–501漏水"])
def test_look_alikes_of_a_door_are_that_door(here, spec, words):
    plain = Operation(here, spec, "reportCase").ask({"words": "3-2-501漏水"}, **{"Idempotency-Key": "plain-01"}).json
    alike = Operation(here, spec, "reportCase").ask({"words": words}, **{"Idempotency-Key": "alike-01"}).json
    assert (alike["where"], alike["place"]) == (plain["where"], plain["place"])
    assert plain["where"]


@pytest.mark.parametrize(
    "code", ["mіssing_manhole_cover", "MISSING_MANHOLE_COVER", "missing_manhole_cover\u200b", "ｏther", "%"], ids=ascii
)
def test_a_look_alike_of_a_code_is_not_that_code(here, spec, code):
    operation = Operation(here, spec, "reportCase")
    assert list(error_of(operation.ask(operation.body() | {"category": code}), 422)["fields"]) == ["category"]
