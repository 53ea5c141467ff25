"""Every operation of the description, asked with what comes out of a hat: it answers as described, and never breaks."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.factory import create_app
from models.base import database
from models.lifecycle import SATISFACTION

ODD = ["\x00", "\u202e", "１０", "../", "'--", "{{7*7}}", "a" * 3000, "NaN"]
LIKELY = ["x", "井盖坏了", "owner", "accept", *SATISFACTION, "abcdefghijklmnop", {"lat": 34.78, "lng": 114.36}]
odd_text = st.text(max_size=40) | st.sampled_from(ODD)
scalar = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | odd_text
anything = st.recursive(scalar, lambda one: st.lists(one, max_size=3) | st.dictionaries(odd_text, one, max_size=3))
likely = st.sampled_from(LIKELY)


@pytest.fixture
def client(town):
    """The app on either engine: what one database takes, the other may choke on."""
    database.close_all()
    client = create_app(town.settings).test_client()
    client.town = town
    return client


def operations(spec):
    for path, one in spec["paths"].items():
        for method, operation in one.items():
            if operation["operationId"] not in ("logout", "addPhoto"):
                yield method.upper(), path, operation


def fields_of(spec, operation):
    """The names of the fields of a body."""
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return list(spec["components"]["schemas"].get(reference.rpartition("/")[2], {}).get("properties", {}))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_whatever_is_sent(client, door, key_of, data):
    """Each example asks every operation once, as the community's admin."""
    chenjing, spec = door("chenjing"), client.get("/openapi.json").get_json()
    chenjing.client.application.extensions["doorstep"].counters.reset()
    keys = st.sampled_from([key_of("community"), key_of("building"), key_of("person", "chenjing")]) | odd_text
    for method, template, operation in operations(spec):
        path = re.sub(r"\{\w+\}", lambda _: quoted(data.draw(keys)), template).removeprefix("/api/v1")
        names = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
        query = {name: data.draw(odd_text) for name in names if data.draw(st.booleans())}
        body = None
        if "requestBody" in operation:
            fields = {name: data.draw(likely | keys | anything) for name in fields_of(spec, operation)}
            body = json.dumps(data.draw(st.just(fields) | anything)).encode()
        status, said = chenjing.ask(method, path, body, query_string=query)
        if status not in (404, 405, 308):
            assert str(status) in operation["responses"], (method, path, said)
        if status >= 400:
            assert sorted(said["error"]) == ["code", "fields", "message"]


def quoted(text: str) -> str:
    """A path segment of any text; an empty one is another address."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace")).replace("%2F", "-") or "-"
