"""Fuzzing the API from its own description (schemathesis): every answer is documented, every refusal has one shape.

An input is a list of up to three requests, as JSON. `@reported@` and the like in it stand for the keys of the ground's
things, `@new@` for the key of what the request before has made, `@now@` for this moment: so a found input means the
same in every town.
"""

import base64
import json
import re
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from types import ModuleType

import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisDeprecationWarning
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as conformance
from werkzeug.test import EnvironBuilder, TestResponse

from app.context import database_open
from models.base import now
from models.case import Case
from models.person import Residence
from tests.fuzz.ground import PEOPLE, SECONDS, Broken, Ground

SUFFIX = "json"
#: Whoever asks: a resident, a grid worker, a community's admin, and somebody without a session.
WHO = (*PEOPLE[:3], "")
CHECKS = [
    conformance.status_code_conformance, conformance.content_type_conformance,
    conformance.response_headers_conformance, conformance.response_schema_conformance,
]  # fmt: skip
NAMES = (
    "reported", "accepted", "handled", "closed", "foreign", "never", "community", "foreign_community", "building",
    "household", "residence", "worker", "photo", "photo_of_handled", "link", "line", "session",
    "foreign_photo", "foreign_household", "foreign_residence", "foreign_session", "grid", "foreign_grid", "unit",
    "foreign_unit", "notice", "foreign_notice", "voice", "foreign_voice", "worker_photo",
)  # fmt: skip
#: What no router or proxy of ours hands on: a header that HTTP itself forbids or that says how the body is sent.
HOP = frozenset(
    {"content-length", "transfer-encoding", "connection", "host", "user-agent", "accept-encoding", "accept"}
)
#: Statuses that belong to HTTP and not to an operation: another address, another method.
OF_HTTP = (404, 405, 308)


def check(here: Ground, data: bytes) -> None:
    """Send the requests of an input, one after another. Raises Broken."""
    with here.one_input():
        known = here.known | {"now": now().isoformat()}
        for asked in json.loads(data):
            started = time.process_time()
            answer = _send(here, asked, known)
            if time.process_time() - started > SECONDS:
                raise Broken(f"{asked['operation']}: more than {SECONDS} seconds")
            _look(here, asked, answer)
            said = answer.get_json(silent=True)
            known["new"] = str(said["key"]) if isinstance(said, dict) and "key" in said else known["never"]


def _send(here: Ground, asked: dict, known: dict[str, str]) -> TestResponse:
    def real(text: str) -> str:
        return re.sub(r"@(\w+)@", lambda found: known.get(found[1], found[0]), text)

    headers = [(name, real(value)) for name, value in asked["headers"]]
    if asked["who"]:
        headers = [one for one in headers if one[0].lower() != "authorization"]
        headers += here.bearer(asked["who"]).items()
    body = base64.b64decode(asked["body64"]) if "body64" in asked else real(asked.get("body", "")).encode()
    return here.ask(asked["method"], real(asked["path"]), real(asked["query"]), headers=headers, data=body)


def _look(here: Ground, asked: dict, answer: TestResponse) -> None:
    """The answer is one that the description has, in the shape it says, and tells nobody's secrets."""
    status, what = answer.status_code, asked["operation"]
    secrets = [canary for canary in here.canaries if canary not in _lawfully_told(what, answer)]
    if any(canary in answer.data or canary in str(answer.headers).encode() for canary in secrets):
        raise Broken(f"{what}: an answer with a secret in it")
    if status >= 400:
        error = (answer.get_json(silent=True) or {}).get("error")
        if not isinstance(error, dict) or sorted(error) != ["code", "fields", "message"] or not _is_told(error):
            raise Broken(f"{what}: a refusal ({status}) of another shape")
    if status in OF_HTTP:
        return
    operation = _operations(here)[what]
    try:
        operation.Case().validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        raise Broken(f"{what}: {status}: {'; '.join(sorted(one.title for one in group.exceptions))}") from group


def _lawfully_told(operation: str, answer: TestResponse) -> list[bytes]:
    """Who asks for a reason is told the name and number of the one reporter or asker that was asked about."""
    if answer.status_code != 200 or operation not in ("revealReporter", "revealResidence"):
        return []
    key = answer.request.path.split("/")[-2]
    with database_open():
        if operation == "revealReporter":
            person = Case.get(Case.key == key).reporter
        else:
            person = Residence.get(Residence.key == key).person
        return [one.encode() for one in (person.name, person.phone) if one]


def _is_told(error: dict) -> bool:
    """A code for programs, a Chinese sentence for people, and words beside each field.

    Which consent is missing, in which version, is said to the program too, that it may show the text.
    """
    asked = error["code"] == "consent_missing" and set(error["fields"]) <= {"kind", "version"}
    words = [error["message"], *([] if asked else error["fields"].values())]
    return bool(re.fullmatch(r"[a-z_]{3,40}", error["code"])) and all(re.search("[一-鿿]", str(one)) for one in words)


@lru_cache(maxsize=2)
def _operations(here: Ground) -> dict:
    """The operations of the description, by their names."""
    generation = GenerationConfig(with_security_parameters=False)
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
    schema = schemathesis.openapi.from_wsgi("/openapi.json", here.client.application, config=config)
    found = [one.ok() for one in schema.get_all_operations()]
    return {one.definition.raw["operationId"]: one for one in found}


@st.composite
def requests_of(draw: st.DrawFn, here: Ground) -> list[dict]:
    """Up to three requests of one person, well or badly made."""
    who = draw(st.sampled_from(WHO))
    names = st.lists(st.sampled_from(sorted(_operations(here))), min_size=1, max_size=3)
    return [draw(request_of(here, who, name)) for name in draw(names)]


@st.composite
def request_of(draw: st.DrawFn, here: Ground, who: str, name: str) -> dict:
    """One request for an operation; keys of things there are stand in for some of its texts."""
    operation, mode = _operations(here)[name], draw(st.sampled_from(list(GenerationMode)))
    case = draw(operation.as_strategy(generation_mode=mode))
    sent = case.as_transport_kwargs(base_url="http://localhost")
    environ = EnvironBuilder(
        method=sent["method"], path=_path(draw, operation.path, case), query_string=sent.get("query_string"),
        **{part: sent[part] for part in ("json", "data") if part in sent},
    )  # fmt: skip
    body = environ.get_request().get_data()
    headers = [(key, str(value)) for key, value in sent["headers"].items() if _is_ours(key)]
    if environ.content_type and not any(key.lower() == "content-type" for key, _ in headers):
        headers.append(("Content-Type", environ.content_type))
    if draw(st.integers(0, 3)) and operation.method != "get":
        headers = [one for one in headers if one[0].lower() != "idempotency-key"] + [("Idempotency-Key", "fuzz-key-1")]
    asked = {
        "who": who, "operation": name, "method": sent["method"].upper(), "path": environ.path,
        "query": environ.query_string, "headers": headers,
    }  # fmt: skip
    return asked | _body(draw, body)


def _path(draw: st.DrawFn, template: str, case: schemathesis.Case) -> str:
    """The path with its keys filled in, mostly by those of things there are."""

    def fill(found: re.Match) -> str:
        if found[1] in ("key", "token") and draw(st.integers(0, 4)):
            return f"@{draw(st.sampled_from([*NAMES, 'new']))}@"
        return str(case.path_parameters.get(found[1], "-")) or "-"

    return re.sub(r"\{(\w+)\}", fill, template)


def _is_ours(name: str) -> bool:
    return name.lower() not in HOP and not name.lower().startswith("x-schemathesis")


def _body(draw: st.DrawFn, body: bytes) -> dict[str, str]:
    if not body:
        return {}
    try:
        text = body.decode()
        said = json.loads(text)
    except ValueError:
        return {"body64": base64.b64encode(body).decode()}
    return {"body": json.dumps(_with_keys(draw, said))} if isinstance(said, dict) else {"body": text}


def _with_keys(draw: st.DrawFn, said: object) -> object:
    """Some of the texts in a body replaced by keys."""
    if isinstance(said, dict):
        return {name: _with_keys(draw, one) for name, one in said.items()}
    if isinstance(said, list):
        return [_with_keys(draw, one) for one in said]
    return f"@{draw(st.sampled_from(NAMES))}@" if isinstance(said, str) and draw(st.integers(0, 3)) == 0 else said


def search(
    target: ModuleType, here: Ground, *, seconds: float, first: int, tell: Callable[[str, bytes], None]
) -> int:
    """Try requests for so many seconds; hypothesis makes what it finds small. Returns how many inputs were tried."""
    told: set[str] = set()
    tried, end, number = 0, time.monotonic() + seconds, first
    while time.monotonic() < end:
        count, smallest = _round(target, here, number, end, told)
        for problem, data in smallest.items():
            told.add(problem)
            tell(problem, data)
        tried, number = tried + count, number + 1
    return tried


def _round(target: ModuleType, here: Ground, number: int, end: float, told: set[str]) -> tuple[int, dict[str, bytes]]:
    """A hundred inputs, and what breaks by them that nobody was told of yet."""
    tried, smallest = 0, {}

    @seed(number)
    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(asked=requests_of(here))
    def one(asked: list[dict]) -> None:
        nonlocal tried
        if time.monotonic() > end and not smallest:
            return
        tried += 1
        data = json.dumps(asked, ensure_ascii=False).encode("utf-8", "surrogatepass")
        try:
            target.check(here, data)
        except Broken as broken:
            if str(broken) not in told:
                smallest[str(broken)] = data
                raise

    with warnings.catch_warnings(), suppress(Broken, ExceptionGroup, Flaky):
        # schemathesis names each of its requests by chance, and we take the name away again.
        warnings.filterwarnings("ignore", "Do not use the `random` module", HypothesisDeprecationWarning)
        one()
    return tried, smallest


def seeds() -> dict[str, bytes]:
    """Small stories in requests."""
    words = {"words": "3号楼门口井盖坏了", "place": "@building@", "photos": ["@photo@"]}
    found = {
        "a report, looked at and taken back": [
            _one("reportCase", "POST", "/cases", words), _one("readCase", "GET", "/cases/@new@"),
            _one("actOnCase", "POST", "/cases/@reported@/withdraw", {}),
        ],
        "a note without a session": [_one("addNote", "POST", "/cases/@handled@/notes", {"note": "x"}, who="")],
        "somebody else's case": [_one("readCase", "GET", "/cases/@foreign@")],
        "a session that is over": [_one("endSession", "DELETE", "/sessions/@session@"), _one("readMe", "GET", "/me")],
        "a phone number without a consent": [
            _one("setPhone", "POST", "/me/phone", {"code": "x"})
        ],
        "the reporter of the own task": [
            _one(
                "revealReporter", "POST", "/cases/@accepted@/reporter", {"reason": "联系居民开门维修"}, who="wangdashan"
            )
        ],
        "what is near by, and mine as well": [
            _one("suggestCategories", "POST", "/suggestions", {"community": "@community@", "words": "井盖坏了"}),
            _one("findNearby", "POST", "/nearby", {"place": "@building@", "point": {"lat": 34.7965, "lng": 114.3654}}),
            _one("followCase", "POST", "/cases/@reported@/follow"),
        ],
        "only spoken": [_one("reportCase", "POST", "/cases", {"words": "", "voices": ["@voice@"]})],
        "a patrol": [
            _one("addPatrol", "POST", "/patrols", {
                "grid": "@grid@", "started_at": "@now@", "ended_at": "@now@", "note": "风大",
                "checks": [{"item": "manhole", "ok": False, "photos": ["@worker_photo@"], "case": "@reported@"}],
            }, who="wangdashan"),
            _one("listPatrols", "GET", "/patrols", who="wangdashan"),
        ],
        "a visit": [
            _one("addVisit", "POST", "/visits", {
                "household": "@household@", "kind": "care", "met": True, "at": "@now@",
                "needs": ["想装扶手"],
            }, who="wangdashan"),
            _one("listVisits", "GET", "/visits", who="chenjing"),
        ],
        "a whistle, and its answer": [
            _one(
                "whistleForUnit", "POST", "/cases/@accepted@/whistle", {"unit": "@unit@", "note": "要断电才能修"},
                who="wangdashan",
            ),
            _one("involveUnit", "POST", "/cases/@accepted@/unit", {"unit": None}, who="chenjing"),
        ],
        "a notice, and the door": [
            _one("readNotice", "GET", "/notices/@notice@"), _one("readDoor", "GET", "/door"),
        ],
        "a picture": [_one("readFile", "GET", "/files/@link@", who="")],
    }  # fmt: skip
    return {name: json.dumps(asked, ensure_ascii=False).encode() for name, asked in found.items()}


def _one(operation: str, method: str, path: str, body: dict | None = None, who: str = "zhanglan") -> dict:
    headers = [("Content-Type", "application/json"), ("Idempotency-Key", f"seed-{operation}")]
    return {
        "who": who, "operation": operation, "method": method, "path": f"/api/v1{path}", "query": "", "headers": headers,
        "body": json.dumps(body) if body is not None else "",
    }  # fmt: skip
