"""One token for everybody: threads, processes, a platform that takes it back, and answers that make no sense."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.gateway import tokens as module
from app.gateway.errors import GatewayError, Outcome
from app.gateway.tokens import Token
from app.gateway.wechat import Wechat

from . import stand_in as s
from .conftest import MINI
from .stand_in import TOKEN_PATH, StandIn
from .token_stores import MemoryTokens

SUBSCRIBE = "/cgi-bin/message/subscribe/send"
REJECTED = {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
ROOT = Path(__file__).parents[2]


def slowly(answer: Any, seconds: float = 0.2) -> Callable[[Any], None]:
    def tell(handler: Any) -> None:
        time.sleep(seconds)
        s.give(handler, answer)

    return tell


def all_at_once(count: int, call: Callable[[], object]) -> list[object]:
    """What each of `count` threads got, starting together: a value or the reason of its failure."""
    start, results = threading.Barrier(count), []

    def run() -> None:
        start.wait()
        try:
            results.append(call())
        except GatewayError as error:
            results.append(error.reason)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def bodies(platform: StandIn) -> list[bool]:
    """For every token fetch, whether it was forced."""
    return [asked.json["force_refresh"] for asked in platform.calls(TOKEN_PATH)]


def test_fifty_threads_with_cold_hands_fetch_one_token(platform: StandIn, mini: Wechat) -> None:
    platform.says(TOKEN_PATH, slowly({"access_token": "T1", "expires_in": 7200}))
    assert all_at_once(50, mini.token) == ["T1"] * 50
    assert bodies(platform) == [False]


def test_the_fetch_says_what_the_platform_asks_for(platform: StandIn, mini: Wechat) -> None:
    assert mini.token() == "token-1"
    asked = platform.asked[0]
    assert (asked.method, asked.path, asked.query) == ("POST", TOKEN_PATH, {})
    assert asked.json == {
        "grant_type": "client_credential",
        "appid": MINI.appid,
        "secret": MINI.secret,
        "force_refresh": False,
    }


def test_two_processes_of_eight_threads_fetch_one_token(platform: StandIn, tmp_path: Path) -> None:
    platform.says(TOKEN_PATH, slowly({"access_token": "T1", "expires_in": 7200}, 0.5))
    script = (
        "from pathlib import Path\n"
        "from app.gateway.wechat import Wechat\n"
        "from tests.gateway.conftest import MINI\n"
        "from tests.gateway.test_tokens import all_at_once\n"
        "from tests.gateway.token_stores import SqliteTokens\n"
        f"wechat = Wechat(MINI, SqliteTokens(Path({str(tmp_path / 'tokens.db')!r})), api={platform.url!r})\n"
        "print(all_at_once(8, wechat.token))\n"
    )
    hosts = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    printed = [host.communicate(timeout=60)[0].decode().strip() for host in hosts]
    assert printed == [str(["T1"] * 8)] * 2
    assert bodies(platform) == [False]


def test_near_its_end_one_refreshes_and_the_others_go_on_with_the_old_one(
    platform: StandIn, mini: Wechat, tokens: MemoryTokens
) -> None:
    tokens.kept[MINI.appid] = Token("OLD", time.time() + 200)
    platform.says(TOKEN_PATH, slowly({"access_token": "NEW", "expires_in": 7200}))
    assert sorted(all_at_once(8, mini.token)) == ["NEW"] + ["OLD"] * 7
    assert mini.token() == "NEW"
    assert bodies(platform) == [False]


def test_a_failed_refresh_does_no_harm_while_the_old_token_is_valid(
    platform: StandIn, mini: Wechat, tokens: MemoryTokens
) -> None:
    tokens.kept[MINI.appid] = Token("OLD", time.time() + 200)
    platform.says(TOKEN_PATH, s.status(502))
    assert [mini.token() for _ in range(5)] == ["OLD"] * 5
    assert len(platform.calls(TOKEN_PATH)) == 1  # the lease stays taken for some seconds


def test_a_token_past_its_deadline_is_never_used(platform: StandIn, mini: Wechat, tokens: MemoryTokens) -> None:
    tokens.kept[MINI.appid] = Token("GONE", time.time() - 1)
    platform.says(TOKEN_PATH, s.status(502))
    with pytest.raises(GatewayError) as info:
        mini.token()
    assert (info.value.reason, info.value.outcome) == ("http_502", Outcome.RETRYABLE)


def test_when_the_holder_of_the_lease_dies_the_others_wait_a_bounded_time(
    monkeypatch: pytest.MonkeyPatch, platform: StandIn, mini: Wechat, tokens: MemoryTokens
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.2)
    tokens.claim(MINI.appid, 60)
    with pytest.raises(GatewayError) as info:
        mini.token()
    assert (info.value.reason, info.value.outcome) == ("token_unavailable", Outcome.RETRYABLE)
    tokens.lapse()
    assert mini.token() == "token-1"


def test_a_lease_that_lapsed_meanwhile_keeps_nothing_of_the_late_one(
    platform: StandIn, mini: Wechat, tokens: MemoryTokens
) -> None:
    def late(handler: Any) -> None:
        tokens.lapse()
        tokens.store(MINI.appid, tokens.claim(MINI.appid, 60) or "", Token("THEIRS", time.time() + 7200))
        s.give(handler, {"access_token": "LATE", "expires_in": 7200})

    platform.says(TOKEN_PATH, late)
    assert mini.token() == "THEIRS"
    assert tokens.kept[MINI.appid].value == "THEIRS"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (7200, 7200),
        ("7200", 7200),
        (7000.5, 7000.5),
        (10**9, 7200),
        pytest.param(10**400, 60, id="four hundred digits"),
        (0, 60),
        (-1, 60),
        (None, 60),
        ("soon", 60),
        ([7200], 60),
        (float("nan"), 60),
        (float("inf"), 60),
    ],
)
def test_whatever_the_platform_says_a_token_lives_between_a_minute_and_two_hours(
    told: object, seconds: float, platform: StandIn, tokens: MemoryTokens
) -> None:
    wechat = Wechat(MINI, tokens, api=platform.url, clock=lambda: 1_000_000.0)
    platform.says(TOKEN_PATH, {"access_token": "T1", "expires_in": told})
    assert [wechat.token() for _ in range(3)] == ["T1"] * 3
    assert tokens.kept[MINI.appid] == Token("T1", 1_000_000 + seconds)
    assert len(platform.calls(TOKEN_PATH)) == 1
    wechat.close()


def test_a_long_token_is_a_token(platform: StandIn, mini: Wechat) -> None:
    platform.says(TOKEN_PATH, {"access_token": "x" * 600, "expires_in": 7200})
    platform.says(SUBSCRIBE, {"errcode": 0, "errmsg": "ok"})
    mini.send_subscribe("o1", "T", {})
    assert platform.calls(SUBSCRIBE)[0].query == {"access_token": "x" * 600}


@pytest.mark.parametrize("value", [None, "", 7, True, ["T1"], "x" * 5000, "口令", "a b", "a\nb"])
def test_nonsense_is_not_a_token(value: object, platform: StandIn, mini: Wechat, tokens: MemoryTokens) -> None:
    platform.says(TOKEN_PATH, {"access_token": value, "expires_in": 7200})
    with pytest.raises(GatewayError) as info:
        mini.token()
    assert (info.value.reason, info.value.outcome, tokens.kept) == ("malformed_answer", Outcome.RETRYABLE, {})


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(40013, "permanent"), (40125, "permanent"), (40164, "permanent"), (50007, "permanent"), (45009, "budget")],
)
def test_an_account_that_is_refused_sends_nothing(code: int, outcome: str, platform: StandIn, mini: Wechat) -> None:
    platform.says(TOKEN_PATH, {"errcode": code, "errmsg": "no"})
    with pytest.raises(GatewayError) as info:
        mini.send_subscribe("o1", "T", {})
    assert (info.value.code, info.value.outcome, info.value.account_wide) == (code, outcome, code != 45009)
    assert (len(platform.calls(TOKEN_PATH)), platform.calls(SUBSCRIBE)) == (1, [])


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_rejected_token_is_replaced_and_the_call_succeeds(code: int, platform: StandIn, mini: Wechat) -> None:
    platform.says(SUBSCRIBE, {"errcode": code, "errmsg": "no"}, {"errcode": 0, "errmsg": "ok", "msgid": 5})
    assert mini.send_subscribe("o1", "T", {}) == "5"
    assert [asked.query["access_token"] for asked in platform.calls(SUBSCRIBE)] == ["token-1", "token-2"]
    assert bodies(platform) == [False, False]


def test_force_only_when_the_platform_offers_the_very_token_that_failed(platform: StandIn, mini: Wechat) -> None:
    same = {"access_token": "T1", "expires_in": 7000}
    platform.says(TOKEN_PATH, same, same, {"access_token": "T2", "expires_in": 7200})
    platform.says(SUBSCRIBE, REJECTED, {"errcode": 0, "errmsg": "ok"})
    mini.send_subscribe("o1", "T", {})
    assert bodies(platform) == [False, False, True]


def test_a_token_that_somebody_else_replaced_is_taken_from_the_store(
    platform: StandIn, mini: Wechat, tokens: MemoryTokens
) -> None:
    def replaced(handler: Any) -> None:
        tokens.kept[MINI.appid] = Token("THEIRS", time.time() + 7200)
        s.give(handler, REJECTED)

    tokens.kept[MINI.appid] = Token("OLD", time.time() + 7000)
    platform.says(SUBSCRIBE, replaced, {"errcode": 0, "errmsg": "ok"})
    mini.send_subscribe("o1", "T", {})
    assert platform.calls(SUBSCRIBE)[1].query["access_token"] == "THEIRS"
    assert platform.calls(TOKEN_PATH) == []


def test_a_platform_that_rejects_every_token_is_left_in_peace(
    monkeypatch: pytest.MonkeyPatch, platform: StandIn, mini: Wechat, tokens: MemoryTokens
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    tokens.kept[MINI.appid] = Token("T1", time.time() + 7000)
    platform.says(TOKEN_PATH, {"access_token": "T1", "expires_in": 7000}, {"access_token": "T2", "expires_in": 7200})
    platform.says(SUBSCRIBE, REJECTED)
    with pytest.raises(GatewayError) as first:
        mini.send_subscribe("o1", "T", {})
    assert (first.value.code, first.value.outcome) == (40001, Outcome.RETRYABLE)
    assert (len(platform.calls(SUBSCRIBE)), bodies(platform)) == (2, [False, True])

    elsewhere = Wechat(MINI, tokens, api=platform.url)  # another host, same store
    claims = tokens.claims
    reasons = all_at_once(20, lambda: mini.send_subscribe("o1", "T", {}))
    assert tokens.claims == claims  # whoever saw the fresh token fail does not even wait for another
    reasons += all_at_once(20, lambda: elsewhere.send_subscribe("o1", "T", {}))
    assert reasons == ["token_unavailable"] * 40
    assert (len(platform.calls(SUBSCRIBE)), bodies(platform)) == (42, [False, True])
    elsewhere.close()


def test_a_token_the_platform_will_not_replace_is_not_tried_again(
    platform: StandIn, mini: Wechat, tokens: MemoryTokens
) -> None:
    tokens.kept[MINI.appid] = Token("T1", time.time() + 7000)
    platform.says(TOKEN_PATH, {"access_token": "T1", "expires_in": 7000})
    platform.says(SUBSCRIBE, REJECTED)
    for _ in range(3):
        with pytest.raises(GatewayError) as info:
            mini.send_subscribe("o1", "T", {})
        assert (info.value.reason, info.value.outcome) == ("token_unavailable", Outcome.RETRYABLE)
    assert (len(platform.calls(SUBSCRIBE)), bodies(platform)) == (3, [False, True])


@pytest.mark.parametrize("code", [-1, 40003, 41001, 45011])
def test_no_other_refusal_is_tried_again(code: int, platform: StandIn, mini: Wechat) -> None:
    platform.says(SUBSCRIBE, {"errcode": code, "errmsg": "no"})
    with pytest.raises(GatewayError):
        mini.send_subscribe("o1", "T", {})
    assert (len(platform.calls(SUBSCRIBE)), len(platform.calls(TOKEN_PATH))) == (1, 1)


def test_an_upload_is_never_repeated_but_the_next_one_finds_a_good_token(platform: StandIn, mini: Wechat) -> None:
    upload = "/cgi-bin/media/upload"
    platform.says(upload, REJECTED, {"type": "image", "media_id": "M1", "created_at": 1})
    with pytest.raises(GatewayError) as info:
        mini.upload_media("image", b"\xff\xd8\xff photo", "door.jpg", "image/jpeg")
    assert (info.value.code, info.value.outcome, len(platform.calls(upload))) == (40001, Outcome.RETRYABLE, 1)
    assert mini.upload_media("image", b"\xff\xd8\xff photo", "door.jpg", "image/jpeg") == "M1"
    assert platform.calls(upload)[1].query == {"access_token": "token-2", "type": "image"}
