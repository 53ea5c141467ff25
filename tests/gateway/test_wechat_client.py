"""Answers that are polite but wrong: every call believes only what has the right shape."""

from collections.abc import Callable
from typing import Any

import pytest

from app.gateway.errors import GatewayError, Outcome
from app.gateway.wechat import Media, Session, Verdict, Wechat

from . import stand_in as s
from .stand_in import StandIn

OK = {"errcode": 0, "errmsg": "ok"}
GOOD_VERDICT = {"result": {"suggest": "pass", "label": 100}, "trace_id": "t"}
Call = Callable[[Wechat], object]

WRONG: list[tuple[str, Call, Any]] = [
    ("/sns/jscode2session", lambda w: w.code_to_session("c"), {"openid": 7, "session_key": "k"}),
    ("/sns/jscode2session", lambda w: w.code_to_session("c"), {"openid": "o"}),
    ("/sns/jscode2session", lambda w: w.code_to_session("c"), {"openid": "", "session_key": "k"}),
    ("/sns/jscode2session", lambda w: w.code_to_session("c"), {"openid": "o", "session_key": "k", "unionid": [1]}),
    ("/wxa/business/getuserphonenumber", lambda w: w.phone_number("c"), OK),
    ("/wxa/business/getuserphonenumber", lambda w: w.phone_number("c"), OK | {"phone_info": "138"}),
    ("/wxa/business/getuserphonenumber", lambda w: w.phone_number("c"), OK | {"phone_info": {"purePhoneNumber": 138}}),
    ("/wxa/msg_sec_check", lambda w: w.check_text("o", "x", 2), OK),
    (
        "/wxa/msg_sec_check",
        lambda w: w.check_text("o", "x", 2),
        GOOD_VERDICT | {"result": {"suggest": "no", "label": 1}},
    ),
    ("/wxa/msg_sec_check", lambda w: w.check_text("o", "x", 2), GOOD_VERDICT | {"result": {"suggest": "pass"}}),
    ("/wxa/msg_sec_check", lambda w: w.check_text("o", "x", 2), GOOD_VERDICT | {"trace_id": None}),
    ("/wxa/media_check_async", lambda w: w.check_media("o", "u", 2, 1), OK),
    ("/wxa/generate_urllink", lambda w: w.url_link("p", "", 1), OK | {"url_link": None}),
    ("/wxa/getwxacodeunlimit", lambda w: w.mini_code("s"), OK),
    ("/wxa/getwxacodeunlimit", lambda w: w.mini_code("s"), b"<svg/>"),
    ("/cgi-bin/media/get", lambda w: w.download_media("m", 100), OK),
    ("/cgi-bin/media/get", lambda w: w.download_media("m", 100), b""),
    ("/cgi-bin/media/get", lambda w: w.download_media("m", 100), s.with_headers(b"<html>", Content_Type="text/html")),
    ("/cgi-bin/media/upload", lambda w: w.upload_media("image", b"x", "a", "image/png"), OK | {"media_id": 7}),
    ("/cgi-bin/user/info", lambda w: w.user_info("o"), OK | {"subscribe": "1"}),
    ("/cgi-bin/qrcode/create", lambda w: w.create_qr("s", 60), OK | {"ticket": "t", "url": "u"}),
    ("/cgi-bin/menu/create", lambda w: w.set_menu([]), {"menu": 1}),
    ("/cgi-bin/message/custom/business/typing", lambda w: w.typing("o"), {}),
    ("/cgi-bin/openapi/quota/get", lambda w: w.quota("/p"), OK | {"quota": {"daily_limit": 1, "used": None}}),
    ("/cgi-bin/openapi/rid/get", lambda w: w.explain_rid("r"), OK | {"request": []}),
    ("/cgi-bin/clear_quota", lambda w: w.clear_quota(), {"ok": True}),
]


@pytest.mark.parametrize(("path", "call", "answer"), WRONG)
def test_a_wrong_shape_is_a_malformed_answer(
    path: str, call: Call, answer: Any, platform: StandIn, mini: Wechat
) -> None:
    platform.says(path, answer)
    with pytest.raises(GatewayError) as info:
        call(mini)
    assert (info.value.reason, info.value.outcome) == ("malformed_answer", Outcome.RETRYABLE)


@pytest.mark.parametrize("answer", [{}, {"msgid": 5}, {"errmsg": "ok"}])
def test_a_push_without_a_spoken_yes_is_unknown(answer: object, platform: StandIn, official: Wechat) -> None:
    for path, send in (
        ("/cgi-bin/message/template/send", lambda: official.send_template("o", "T", {})),
        ("/cgi-bin/message/custom/send", lambda: official.say_text("o", "您好")),
    ):
        platform.says(path, answer)
        with pytest.raises(GatewayError) as info:
            send()
        assert info.value.outcome == Outcome.UNKNOWN


@pytest.mark.parametrize(("msgid", "told"), [(5, "5"), ("5", "5"), (None, ""), (True, ""), ([5], "")])
def test_an_accepted_message_stays_accepted_whatever_its_id(
    msgid: object, told: str, platform: StandIn, official: Wechat
) -> None:
    platform.says("/cgi-bin/message/template/send", OK | {"msgid": msgid})
    assert official.send_template("o", "T", {}) == told


@pytest.mark.parametrize("code", [0, "0"])
def test_an_errcode_may_be_a_text(code: object, platform: StandIn, mini: Wechat) -> None:
    platform.says("/cgi-bin/message/custom/send", {"errcode": code, "errmsg": "ok"})
    mini.say_text("o", "您好")
    platform.says("/cgi-bin/message/custom/send", {"errcode": "45015", "errmsg": "response out of time limit"})
    with pytest.raises(GatewayError) as info:
        mini.say_text("o", "您好")
    assert (info.value.code, info.value.outcome) == (45015, Outcome.PERMANENT)


def test_a_sign_in_may_or_may_not_carry_an_errcode(platform: StandIn, mini: Wechat) -> None:
    platform.says("/sns/jscode2session", {"openid": "o", "session_key": "k"}, OK | {"openid": "o", "session_key": "k"})
    assert [mini.code_to_session("c") for _ in range(2)] == [Session("o", None, "k")] * 2
    query = platform.asked[0].query
    assert (query["js_code"], query["grant_type"], "access_token" in query) == ("c", "authorization_code", False)


def test_a_label_may_be_a_text(platform: StandIn, mini: Wechat) -> None:
    platform.says("/wxa/msg_sec_check", OK | {"result": {"suggest": "risky", "label": "20001"}, "trace_id": "t"})
    assert mini.check_text("o", "x", 2) == Verdict("risky", 20001, "t")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a.jpg"', "a.jpg"),
        ("attachment; filename=a.jpg", "a.jpg"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\temp\\a.jpg"', "a.jpg"),
        ('attachment; filename="..hidden"', "hidden"),
        ('attachment; filename="a b<script>.jpg"', "abscript.jpg"),
        ('attachment; filename="' + "x" * 300 + '.jpg"', "x" * 76 + ".jpg"),
        ('attachment; filename=""', "media"),
        ("inline", "media"),
    ],
)
def test_a_file_name_is_only_a_name(disposition: str, name: str, platform: StandIn, mini: Wechat) -> None:
    answer = s.with_headers(b"\xff\xd8\xff", Content_Disposition=disposition, Content_Type="image/jpeg; x=1")
    platform.says("/cgi-bin/media/get", answer)
    assert mini.download_media("m", 100) == Media(b"\xff\xd8\xff", "image/jpeg", name)


def test_a_file_may_be_json_shaped_and_its_type_nonsense(platform: StandIn, mini: Wechat) -> None:
    platform.says("/cgi-bin/media/get", s.with_headers(b'{"a": 1}', Content_Type="a b; <c>"))
    assert mini.download_media("m", 100) == Media(b'{"a": 1}', "application/octet-stream", "media")


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(platform: StandIn, mini: Wechat) -> None:
    platform.says("/cgi-bin/media/get", b"x" * 100, b"x" * 101)
    assert len(mini.download_media("m", 100).data) == 100
    with pytest.raises(GatewayError) as info:
        mini.download_media("m", 100)
    assert (info.value.reason, info.value.outcome) == ("too_large", Outcome.PERMANENT)
