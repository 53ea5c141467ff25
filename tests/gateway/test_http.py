"""The one socket: a hostile or broken platform gets no secret, no redirect, and little time or memory."""

import logging
import socket
import time
import traceback
from collections.abc import Callable
from typing import Any

import pytest
import requests
from wechatpy.client.api import WeChatWxa

from app.gateway.errors import GatewayError, Outcome
from app.gateway.http import GuardedSession
from app.gateway.tokens import Token
from app.gateway.wechat import Wechat

from . import stand_in as s
from .conftest import MINI, SLOW
from .stand_in import TOKEN_PATH, StandIn
from .token_stores import MemoryTokens

OPENID = "oWangGuizhen_0000000000000001"
CODE = "CODE-from-wx-login"
WORDS = "水管漏水"
SUBSCRIBE = "/cgi-bin/message/subscribe/send"
LOGIN = "/sns/jscode2session"
RUDE = {
    "reset": (s.reset, "cut_off"),
    "hang": (s.hang, "timed_out"),
    "drip_head": (s.drip_head, "timed_out"),
    "drip_body": (s.drip_body, "timed_out"),
    "cut_off": (s.cut_off, "cut_off"),
    "short": (s.short, "cut_off"),
    "not_http": (s.not_http, "cut_off"),
    "endless": (s.endless, "malformed_answer"),
    "redirect": (s.redirect("http://127.0.0.1:1/elsewhere"), "redirected"),
    "status 500": (s.status(500), "http_500"),
    "status 502": (s.status(502), "http_502"),
    "html": (s.with_headers(b"<html>login to our wifi</html>", Content_Type="text/html"), "malformed_answer"),
    "empty": (b"", "malformed_answer"),
    "array": (b"[]", "malformed_answer"),
    "null": (b"null", "malformed_answer"),
    "half": (b'{"errcode":', "malformed_answer"),
    "deep": (b'{"errcode":' * 100_000, "malformed_answer"),
    "not gzip": (s.with_headers(b'{"errcode":0}', Content_Encoding="gzip"), "cut_off"),
    "broken header": (s.broken_header, "malformed_answer"),
    "errcode text": ({"errcode": "zero", "errmsg": "ok"}, "malformed_answer"),
    "errcode null": ({"errcode": None}, "malformed_answer"),
    "errcode true": ({"errcode": True}, "malformed_answer"),
    "errcode list": ({"errcode": [0]}, "malformed_answer"),
    "errcode huge": (b'{"errcode":' + b"9" * 5000 + b"}", "malformed_answer"),
    "ok but fail": ({"errcode": 0, "errmsg": "fail"}, "contradictory_answer"),
}


def send(wechat: Wechat) -> str | None:
    return wechat.send_subscribe(OPENID, "T1", {"thing1": WORDS})


def caught(call: Callable[[], object]) -> GatewayError:
    with pytest.raises(GatewayError) as info:
        call()
    return info.value


@pytest.mark.parametrize("name", RUDE)
def test_a_push_whose_answer_cannot_be_trusted_is_unknown_and_sent_once(
    name: str, platform: StandIn, mini: Wechat
) -> None:
    answer, reason = RUDE[name]
    platform.says(SUBSCRIBE, answer)
    error = caught(lambda: send(mini))
    assert (error.reason, error.outcome) == (reason, Outcome.UNKNOWN)
    assert len(platform.calls(SUBSCRIBE)) == 1


@pytest.mark.parametrize("name", RUDE)
def test_a_question_whose_answer_cannot_be_trusted_may_be_asked_again(
    name: str, platform: StandIn, mini: Wechat
) -> None:
    answer, _ = RUDE[name]
    platform.says(LOGIN, answer)
    assert caught(lambda: mini.code_to_session(CODE)).outcome == Outcome.RETRYABLE


@pytest.mark.parametrize("name", SLOW)
def test_slowness_ends_with_the_read_timeout_of_the_whole_answer(name: str, platform: StandIn, mini: Wechat) -> None:
    platform.says(TOKEN_PATH, RUDE[name][0])
    started = time.monotonic()
    caught(mini.token)
    assert time.monotonic() - started < 3  # the timeout is 0.4; a drip would go on for four minutes


@pytest.mark.parametrize("name", RUDE)
@pytest.mark.parametrize("path", [SUBSCRIBE, LOGIN, TOKEN_PATH])
def test_no_failure_tells_a_secret(
    name: str, path: str, platform: StandIn, mini: Wechat, caplog: pytest.LogCaptureFixture
) -> None:
    platform.says(TOKEN_PATH, {"access_token": "TOKEN-in-use", "expires_in": 7200})
    platform.says(path, RUDE[name][0])
    with caplog.at_level(logging.DEBUG):
        error = caught(lambda: mini.code_to_session(CODE) if path == LOGIN else send(mini))
        logging.getLogger("doorstep").error("push failed", exc_info=error)
    assert not canaries_in(everything_told(error) + caplog.text)


def test_connections_that_never_were_are_retryable_and_tell_no_secret(tokens: MemoryTokens, platform: StandIn) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    tls_on_plain = platform.url.replace("http:", "https:")
    for api in (closed, tls_on_plain, "http://no-such-host.invalid"):
        wechat = Wechat(MINI, tokens, api=api, connect_timeout=0.5, read_timeout=0.4)
        tokens.kept[MINI.appid] = Token("TOKEN-in-use", time.time() + 7000)
        error = caught(lambda: send(wechat))  # noqa: B023 - called at once
        assert (error.reason, error.outcome) == ("not_connected", Outcome.RETRYABLE)
        assert not canaries_in(everything_told(error))
        wechat.close()


@pytest.mark.parametrize(
    ("code", "outcome"), [(400, "retryable"), (404, "retryable"), (429, "retryable"), (413, "permanent")]
)
def test_a_4xx_was_not_carried_out(code: int, outcome: str, platform: StandIn, mini: Wechat) -> None:
    platform.says(SUBSCRIBE, s.status(code))
    error = caught(lambda: send(mini))
    assert (error.reason, error.outcome) == (f"http_{code}", outcome)


def test_a_redirect_is_never_followed(platform: StandIn, mini: Wechat) -> None:
    platform.says(SUBSCRIBE, s.redirect(platform.url + "/caught"))
    platform.says("/caught", {"errcode": 0})
    assert caught(lambda: send(mini)).reason == "redirected"
    assert platform.calls("/caught") == []


def test_the_librarys_own_hosts_become_the_configured_base(platform: StandIn) -> None:
    session = GuardedSession(platform.url + "/sandbox/wechat/", connect_timeout=1, read_timeout=1)
    platform.says("/sandbox/wechat/wxa/x", {"errcode": 0})
    for host in ("https://api.weixin.qq.com", "https://qyapi.weixin.qq.com", platform.url + "/sandbox/wechat"):
        assert session.get(host + "/wxa/x", params={"a": "1"}).json() == {"errcode": 0}
    assert [asked.path for asked in platform.asked] == ["/sandbox/wechat/wxa/x"] * 3
    session.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://api.weixin.qq.com.evil.example/wxa/x",
        "https://api.weixin.qq.com@evil.example/wxa/x",
        "http://api.weixin.qq.com/wxa/x",
        "https://mp.weixin.qq.com/cgi-bin/showqrcode",
        "file:///etc/passwd",
        "wxa/x",
    ],
)
def test_every_other_host_is_refused(url: str, platform: StandIn) -> None:
    session = GuardedSession(platform.url, connect_timeout=1, read_timeout=1)
    error = caught(lambda: session.get(url))
    assert (error.reason, error.outcome, platform.asked) == ("host_refused", Outcome.PERMANENT, [])


@pytest.mark.parametrize("base", ["", "api.weixin.qq.com", "ftp://x", "https://", "https://x/?a=1", "https://x/#a"])
def test_a_base_that_is_no_address_is_refused_at_start(base: str) -> None:
    with pytest.raises(ValueError, match="address"):
        GuardedSession(base, connect_timeout=1, read_timeout=1)


def test_nothing_of_the_environment_is_used(platform: StandIn, mini: Wechat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    platform.says(SUBSCRIBE, {"errcode": 0, "errmsg": "ok"})
    assert send(mini) is None


def test_cookies_of_the_platform_are_not_kept(platform: StandIn, mini: Wechat) -> None:
    platform.says(SUBSCRIBE, s.with_headers(b'{"errcode":0,"errmsg":"ok"}', Set_Cookie="a=b; Path=/"))
    send(mini)
    send(mini)
    assert [asked.headers.get("Cookie") for asked in platform.calls(SUBSCRIBE)] == [None, None]


def test_words_leave_as_real_chinese_json(platform: StandIn, mini: Wechat) -> None:
    platform.says(SUBSCRIBE, {"errcode": 0, "errmsg": "ok"})
    send(mini)
    asked = platform.calls(SUBSCRIBE)[0]
    assert asked.headers["Content-Type"] == "application/json"
    assert WORDS.encode() in asked.body


def test_a_connection_closed_meanwhile_is_not_used_again(platform: StandIn, mini: Wechat) -> None:
    def and_goodbye(handler: Any) -> None:
        s.give(handler, {"errcode": 0, "errmsg": "ok"})
        handler.close_connection = True

    platform.says(SUBSCRIBE, and_goodbye)
    for _ in range(3):
        assert send(mini) is None
        time.sleep(0.05)


def test_wechatpys_own_wxa_calls_go_through_the_same_door(platform: StandIn, mini: Wechat) -> None:
    platform.says("/wxa/get_category", {"errcode": 0, "category_list": ["政务民生"]})
    assert isinstance(mini._client.wxa, WeChatWxa)
    assert mini._client.wxa.get_category() == ["政务民生"]


def everything_told(error: BaseException | None) -> str:
    """The error as a log would print it, and every exception behind it, shown or hidden."""
    told = ""
    while error is not None:
        told += "".join(traceback.format_exception(error)) + repr(error) + repr(error.args)
        assert not isinstance(error, requests.RequestException)
        error = error.__cause__ or error.__context__
    return told


def canaries_in(text: str) -> list[str]:
    return [word for word in (MINI.secret, "TOKEN-in-use", OPENID, CODE, WORDS) if word in text]
