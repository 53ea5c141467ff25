"""Bodies nobody should send, at the door that everybody uses: refused in the one shape, in bounded time."""

import json

import pytest

from app.context import database_open
from models.case import Case

PATH = "/cases"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def zhanglan(door):
    yield door("zhanglan")
    with database_open():
        assert Case.select().count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[", b"nonsense", b"\xff\xfe\x00", b'{"words": NaN}', b'{"words": Infinity}',
        b'{"words": "x", "point": {"lat": -Infinity, "lng": 1}}', b'{"words": "x", "words": "y"}',
        b"[" * 60_000, b'{"a":' * 12_000, b"1" * 5_000,
    ],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
def test_what_is_no_json(zhanglan, body):
    assert zhanglan.refused(400, "POST", PATH, body, headers=JSON)["code"] == "bad_request"


def test_too_much(zhanglan):
    body = json.dumps({"words": "x" * 70_000}).encode()
    assert zhanglan.refused(413, "POST", PATH, body, headers=JSON)["code"] == "too_large"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp", "xml"])
def test_not_json_by_its_own_word(zhanglan, kind):
    error = zhanglan.refused(415, "POST", PATH, b'{"words": "x"}', headers={"Content-Type": kind})
    assert error["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (None, {"body": "应当是一个对象"}), ([], {"body": "应当是一个对象"}), ("x", {"body": "应当是一个对象"}),
        (True, {"body": "应当是一个对象"}), ({}, {"words": "必填"}), ({"words": True}, {"words": "应当是文字"}),
        ({"words": 7}, {"words": "应当是文字"}), ({"words": ["x"]}, {"words": "应当是文字"}),
        ({"words": "\ud800"}, {"words": "含有不能识别的字符"}),
        ({"words": "x", "state": "closed"}, {"state": "不认识这一项，请去掉"}),
        ({"words": "x", "reporter": "y", "__class__": {}},
         {"reporter": "不认识这一项，请去掉", "__class__": "不认识这一项，请去掉"}),
        ({"words": "x", "point": {"lat": True, "lng": 1.0}}, {"point.lat": "应当是数字"}),
        ({"words": "x", "point": {"lat": "1", "lng": 1.0}}, {"point.lat": "应当是数字"}),
        ({"words": "x", "point": {"lat": 91, "lng": 1e300}},
         {"point.lat": "不能大于 90.0", "point.lng": "不能大于 180.0"}),
        ({"words": "x", "point": [34.7, 114.3]}, {"point": "应当是一个对象"}),
        ({"words": "x", "photos": ["a"] * 10}, {"photos": "太多了，最多 9 个"}),
        ({"words": "x", "photos": ["../etc", 1]}, {"photos.0": "格式不对", "photos.1": "应当是文字"}),
        ({"words": "x", "photos": {"0": "a"}}, {"photos": "应当是列表"}),
        ({"words": "x", "place": "a" * 33}, {"place": "太长了，最多 32 个字"}),
        ({"words": "x", "place": "a\x00"}, {"place": "格式不对"}),
    ],
    ids=repr,
)  # fmt: skip
def test_the_wrong_field_is_named(zhanglan, body, fields):
    error = zhanglan.refused(422, "POST", PATH, json.dumps(body).encode(), headers=JSON)
    assert (error["code"], error["fields"]) == ("invalid", fields)


def test_a_number_beyond_all_numbers(zhanglan):
    body = b'{"words": "x", "point": {"lat": 1e999, "lng": 1}}'
    assert zhanglan.refused(422, "POST", PATH, body, headers=JSON)["fields"] == {"point.lat": "应当是普通的数字"}


def test_many_wrong_fields_are_not_all_repeated(zhanglan):
    body = {"words": "x"} | {f"{number}{'长' * 100}\ud800": 1 for number in range(100)}
    fields = zhanglan.refused(422, "POST", PATH, json.dumps(body).encode(), headers=JSON)["fields"]
    assert (len(fields) <= 20, max(map(len, fields)) <= 80) == (True, True)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=51", "limit=-1", "limit=1e1", "limit=true", "limit=１０", "limit=%2B5", "limit=999999999999",
     "limit="],
)
def test_a_number_in_a_query_is_digits(zhanglan, query):
    assert list(zhanglan.refused(422, "GET", f"{PATH}?{query}")["fields"]) == ["limit"]


@pytest.mark.parametrize("key", ["short", "x" * 81, "with space", "钥匙钥匙钥匙钥匙".encode().decode("latin-1")])
def test_an_odd_idempotency_key(zhanglan, key):
    error = zhanglan.refused(422, "POST", PATH, {"words": "x"}, once=key)
    assert list(error["fields"]) == ["Idempotency-Key"]


@pytest.mark.parametrize("key", ["0", "-1", "9007199254740993", "1e3", "%D9%A1", "..%2F", "%00", "a" * 33, "'--", "🏠"])
def test_keys_that_never_were(zhanglan, key):
    never = zhanglan.refused(404, "GET", f"{PATH}/abcdefghijklmnop")
    found = zhanglan.refused(404, "GET", f"{PATH}/{key}")
    assert found["code"] == never["code"]


def test_nobody_learns_the_shape_of_a_body(door):
    for body in (b"{", b'{"words": 1}'):
        assert door().refused(401, "POST", PATH, body, headers=JSON)["code"] == "unauthorized"


def test_another_method(zhanglan):
    assert zhanglan.refused(405, "DELETE", PATH)["code"] == "method_not_allowed"
