"""What the platform itself delivers and nobody expected: odd times, odd words, odd events, and the same number again.

What is no delivery at all is in test_envelope, test_envelope_content and test_message, copies are in test_once, bytes
nobody thought of in tests/fuzz. Here everything is genuine, and everything is answered and kept.
"""

import pytest

from models.case import Case, Photo
from models.conversation import Line
from models.inbound import Inbound
from models.letter import Letter
from models.session import Session, Signin
from tests.handlers.wechat.phone import envelope, lines

MANHOLE = "3号楼门口井盖坏了"
FAMILY = "漏水👨\u200d👩\u200d👧"


def changed() -> dict[str, int]:
    """How much there is of everything that a message could bring about."""
    return {table.__name__: table.select().count() for table in (Case, Line, Letter, Photo, Session, Signin)}


@pytest.mark.parametrize("created", [0, 1, 4_102_444_800, 99_999_999_999, 2**63 - 1], ids=str)
def test_a_message_of_another_century_is_heard_today(take, created):
    zhanglan = take("zhanglan")
    head = {"ToUserName": zhanglan.ours.original_id, "FromUserName": zhanglan.openid, "CreateTime": created}
    answer = zhanglan.deliver(head | {"MsgType": "text", "MsgId": 1, "Content": MANHOLE})
    assert zhanglan.read(answer).startswith("收到，编号 #1001")
    assert (Case.get().created_at.year > 2020, Case.get().created_at.year < 2100) == (True, True)


@pytest.mark.parametrize("number", [1, 2**63, 2**64 - 1, 2**64, 10**20 - 1], ids=str)
def test_a_number_is_used_once_whatever_is_said_under_it(take, number):
    zhanglan = take("zhanglan")
    heard = zhanglan.send("text", Content=MANHOLE)
    zhanglan.sent[-1]["MsgId"] = number
    first = zhanglan.again()
    assert (heard == first, Inbound.select().count()) == (False, 2)
    before = changed()
    assert zhanglan.again(Content="路灯不亮", CreateTime=1) == first
    assert (changed(), Inbound.select().count()) == (before, 2)


@pytest.mark.parametrize(
    ("lat", "lng"),
    [("0", "0"), ("34.36", "114.78"), ("-34.78", "-114.36"), ("90", "180"), ("-90", "-180"), ("1e-300", "0")],
)
def test_a_place_at_the_end_of_the_earth_is_no_place_of_ours(take, lat, lng):
    zhanglan = take("zhanglan")
    assert zhanglan.point(lat, lng) is not None
    assert (Case.select().count(), Inbound.get().state) == (0, "handled")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("漏水" * 300, "漏水" * 300), (FAMILY, FAMILY), ("\u202eحنفية\u202c漏水", "حنفية漏水"),
        ("漏\0水\x1b[1m", "漏水[1m"),
        ("cafe\u0301漏水", "café漏水"), ("漏\u200b水\ufeff", "漏水"),
    ],
    ids=ascii,
)  # fmt: skip
def test_words_of_every_kind_are_kept_as_they_look(take, said, kept):
    zhanglan = take("zhanglan", "mini")
    zhanglan.say(said)
    assert lines() == [kept]


@pytest.mark.parametrize(
    "words",
    ["接单 10\u200b01", "接单 l00l", "接单 1оо1", "接单 ١٠٠١", "接单 ①００①", "接单 1001\u0301", "接单 1e3",
     "接单 -1001", "接单 99999999999", "接单 １００２", "#1001", "接\u200b单", "按单 1001"],
    ids=ascii,
)  # fmt: skip
def test_what_looks_like_a_number_takes_no_case(take, words):
    zhanglan, wang = take("zhanglan"), take("wangdashan")
    zhanglan.say(MANHOLE)
    wang.say(words)
    assert (Case.get().state, Case.get().accepted_at) == ("dispatched", None)


@pytest.mark.parametrize("words", ["接单 1001", "接单１００１", "接单 ＃１００１", "接 #1001"])
def test_the_same_number_from_another_keyboard_does(take, words):
    take("zhanglan").say(MANHOLE)
    take("wangdashan").say(words)
    assert Case.get().state == "handling"


@pytest.mark.parametrize(
    ("event", "more"),
    [
        ("wxa_media_check", {"trace_id": "never", "errcode": 0, "result": {"suggest": "risky", "label": 20002}}),
        ("wxa_punish_event", {"Detail": "x"}), ("user_authorization_revoke", {"OpenID": "onobody", "RevokeInfo": "1"}),
        ("recall", {"RecallMsgId": 1}), ("weapp_audit_success", {}), ("", {}), ("SCAN", {"EventKey": "signin-never"}),
        ("CLICK", {"EventKey": "../../cases"}),
        ("subscribe_msg_sent_event", {"List": {"MsgID": "x", "ErrorCode": "1"}}),
        ("subscribe_msg_popup_event", {"List": {"TemplateId": "never", "SubscribeStatusString": "accept"}}),
        ("TEMPLATESENDJOBFINISH", {"MsgID": 7, "Status": "failed:user block"}),
    ],
)  # fmt: skip
def test_an_event_about_nothing_of_ours_does_nothing(take, event, more):
    zhanglan = take("zhanglan", "mini")
    zhanglan.say(MANHOLE)
    before, case = changed(), Case.get().__data__
    assert zhanglan.does(event, **more) is None
    del before["Letter"]
    found = changed()
    del found["Letter"]
    assert (found, Case.get().__data__) == (before, case)
    assert [row.state for row in Inbound.select()] == ["handled"] * 2


@pytest.mark.parametrize("kind", ["video", "shortvideo", "link", "file", "miniprogrampage", "hologram", "a" * 32])
def test_a_message_of_an_unknown_kind_is_answered_and_reports_nothing(take, kind):
    assert take("zhanglan").send(kind, MediaId="m", Url="http://127.0.0.1/", Title=MANHOLE)
    assert (Case.select().count(), Inbound.get().kind, Inbound.get().state) == (0, kind, "handled")


def test_a_million_attributes_are_not_read(take):
    zhanglan = take("zhanglan")
    args, body = envelope(zhanglan.ours, "<xml " + " ".join(f'a{number}="1"' for number in range(1_000_000)) + "/>")
    assert zhanglan.client.post("/wechat/official", query_string=args, data=body).status_code == 413
    assert Inbound.select().count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("query", [b"\xff", b"signature=\xe4\xb8", b"timestamp=\x80&nonce=1"], ids=["ff", "cut", "80"])
def test_a_query_that_is_no_text_is_refused(take, method, query):
    raw = {"QUERY_STRING": query.decode("latin-1")}
    answer = getattr(take("zhanglan").client, method)("/wechat/official", environ_overrides=raw, data=b"<xml/>")
    assert (answer.status_code, answer.text, Inbound.select().count()) == (403, "forbidden", 0)
