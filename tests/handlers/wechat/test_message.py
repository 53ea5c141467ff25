"""Every payload that the platform publishes is understood and finds its row in the routing table."""

import json
from pathlib import Path

import pytest

from handlers.wechat.envelope import Unreadable, parse
from handlers.wechat.message import read
from handlers.wechat.routes import ROUTES
from models.inbound import Inbound

PAYLOADS = {
    one["id"]: one
    for one in json.loads((Path(__file__).parents[2] / "data" / "wechat-vectors.json").read_text("utf-8"))["payloads"]
}
#: How each is answered, by the kind in its name.
ANSWERED = {
    "text": "said", "image": "picture", "miniprogrampage": "other", "user_enter_tempsession": "entered",
    "wxa_media_check": "media_checked",
}  # fmt: skip
HEAD = {"FromUserName": "o1", "ToUserName": "gh_1", "CreateTime": 1700000000}
TEXT = HEAD | {"MsgType": "text", "MsgId": 1, "Content": "好"}
EVENT = HEAD | {"MsgType": "event", "Event": "CLICK"}


class Nobody:
    """A talker without any part."""

    class actor:
        roles = ()

    def owes_number(self):
        return False

    def veiled(self, text):
        return None

    cases_to_judge = cases_to_reopen = lambda self: []
    question = asked_whether = asked_why = lambda self: None

    def shows_for_question(self):
        return False


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_published_payload_is_understood_and_routed(name):
    message = read(parse(PAYLOADS[name]["body"].encode()))
    kind = name.split("-")[1]
    assert (message.event or message.type) == kind
    assert next(handler for fits, handler in ROUTES if fits(message, Nobody())).__name__ == ANSWERED[kind]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_published_payload_is_kept_and_answered(name, take):
    payload = PAYLOADS[name]["body"].encode()
    answer = take("zhanglan", "mini").deliver({}, content=payload)
    row = Inbound.get()
    assert (answer.status_code, answer.text) == (200, "success")
    assert (row.state, row.kind, row.payload) == ("handled", name.split("-")[1], parse(payload))


@pytest.mark.parametrize(
    "change",
    [
        {"MsgType": None}, {"MsgType": ""}, {"MsgType": {"a": "text"}}, {"MsgType": ["text", "event"]},
        {"MsgType": True},
        {"FromUserName": None}, {"FromUserName": ""}, {"FromUserName": "../../etc/passwd"}, {"FromUserName": "o" * 65},
        {"FromUserName": "o" * 1000}, {"FromUserName": "о1"}, {"FromUserName": "o1\n"}, {"FromUserName": ["o1"]},
        {"CreateTime": None}, {"CreateTime": "soon"}, {"CreateTime": -1}, {"CreateTime": 1.5}, {"CreateTime": "１７"},
        {"CreateTime": {}}, {"CreateTime": True}, {"CreateTime": "9" * 5000},
        {"MsgId": None}, {"MsgId": 0}, {"MsgId": -1}, {"MsgId": ""}, {"MsgId": "9" * 21}, {"MsgId": "1 "},
        {"MsgId": [1]},
        {"Content": {"a": "b"}}, {"Content": 1.5}, {"Content": ["a", "b"]}, {"EventKey": {}},
    ],
)  # fmt: skip
def test_what_the_platform_would_never_send_is_unreadable(change):
    with pytest.raises(Unreadable):
        read(TEXT | change)


@pytest.mark.parametrize("change", [{"Event": ["a", "b"]}, {"Event": {"a": "b"}}, {"EventKey": 1.5}, {"trace_id": []}])
def test_an_event_that_is_not_text_is_unreadable(change):
    with pytest.raises(Unreadable):
        read(EVENT | change)


@pytest.mark.parametrize(
    ("lat", "lng"),
    [("nan", "114"), ("34", "inf"), ("1e999", "114"), ("91", "114"), ("34", "181"), ("-90.1", "0"), ("", ""),
     (None, "1"), ("北", "东"), ([], {}), ("114.36", "34.78")],
)  # fmt: skip
def test_a_place_that_is_not_on_earth_is_unreadable(lat, lng):
    with pytest.raises(Unreadable):
        read(TEXT | {"MsgType": "location", "Location_X": lat, "Location_Y": lng})


def test_a_place_on_earth_is_read():
    place = read(TEXT | {"MsgType": "location", "Location_X": "34.78200", "Location_Y": 114.361, "Label": "幸福家园"})
    assert (place.point, place.label) == ((34.782, 114.361), "幸福家园")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({}, "msg:1"),
        ({"MsgId": 2**64 - 1}, "msg:18446744073709551615"),
        ({"MsgType": "event", "Event": "SCAN", "EventKey": 7, "MsgId": None}, "event:o1:1700000000:SCAN:7"),
        ({"MsgType": "event", "Event": "CLICK", "EventKey": "cases"}, "event:o1:1700000000:CLICK:cases"),
        ({"MsgType": "event", "Event": "wxa_media_check", "trace_id": "t-1"},
         "event:o1:1700000000:wxa_media_check:t-1"),
        ({"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": 9},
         "event:o1:1700000000:TEMPLATESENDJOBFINISH:9"),
        ({"MsgType": "event"}, "event:o1:1700000000::"),
    ],
)  # fmt: skip
def test_the_key_of_one_event(change, key):
    assert read(TEXT | change).key == key


def test_what_is_longer_than_we_keep_is_cut_except_what_names_somebody():
    message = read(TEXT | {"Content": "长" * 5000, "MsgType": "text", "Label": "L" * 300})
    assert (len(message.text), len(message.label)) == (4000, 200)
    assert len(read(EVENT | {"Event": "e" * 100}).event) == 40


def test_two_results_of_pushes_within_one_second_are_two_events():
    sent = {"FromUserName": "o1", "CreateTime": 1, "MsgType": "event", "Event": "subscribe_msg_sent_event"}
    one = read(sent | {"SubscribeMsgSentEvent": {"List": {"MsgID": "11", "ErrorCode": "0"}}})
    other = read(sent | {"List": [{"MsgID": 12, "ErrorCode": 0}]})
    assert (one.key, other.key) == (
        "event:o1:1:subscribe_msg_sent_event:11", "event:o1:1:subscribe_msg_sent_event:12",
    )  # fmt: skip
