"""What a code of the platform means for the letter that was being delivered."""

import pickle

import pytest

from app.gateway import errors
from app.gateway.errors import GatewayError, Outcome, lost, refused

NINE_IN_THE_MORNING = 1_764_032_400.0  # 2025-11-25 09:00 in Shanghai
MESSAGES = "https://api.weixin.qq.com/cgi-bin/message/subscribe/send"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (40003, "invalid_openid"),
        (40013, "invalid_appid"),
        (40037, "invalid_template_id"),
        (40125, "invalid_secret"),
        (40164, "ip_not_whitelisted"),
        (41030, "invalid_page"),
        (43004, "not_following"),
        (43101, "not_subscribed"),
        (45015, "reply_window_closed"),
        (45047, "replies_used_up"),
        (47003, "invalid_template_data"),
        (48001, "api_not_granted"),
        (50007, "account_frozen"),
        (61010, "visit_too_old"),
        (99999, "refused"),
    ],
)
def test_a_no_for_ever(code: int, reason: str) -> None:
    error = refused(code, "whatever", NINE_IN_THE_MORNING)
    assert (error.outcome, error.reason, error.code, error.retry_after) == (Outcome.PERMANENT, reason, code, None)


@pytest.mark.parametrize(
    ("code", "reason", "wait"),
    [
        (-1, "system_busy", None),
        (40001, "token_rejected", 30),
        (40014, "token_rejected", 30),
        (42001, "token_rejected", 30),
        (44990, "too_fast_this_second", 1),
        (44991, "too_fast_this_minute", 60),
        (45011, "too_fast_this_minute", 60),
    ],
)
def test_a_no_for_now(code: int, reason: str, wait: float | None) -> None:
    error = refused(code, "whatever", NINE_IN_THE_MORNING)
    assert (error.outcome, error.reason, error.retry_after) == (Outcome.RETRYABLE, reason, wait)


@pytest.mark.parametrize("code", [45009, 44993])
@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (NINE_IN_THE_MORNING, 15 * 3600),
        (NINE_IN_THE_MORNING + 15 * 3600 - 1, 1),
        (NINE_IN_THE_MORNING + 15 * 3600, 24 * 3600),
    ],
)
def test_a_no_for_today_ends_at_midnight_in_shanghai(code: int, now: float, seconds: float) -> None:
    error = refused(code, "reach max api daily quota limit", now)
    assert (error.outcome, error.retry_after) == (Outcome.BUDGET, seconds)


def test_only_a_message_to_a_person_has_an_unknown_outcome() -> None:
    host = "https://api.weixin.qq.com/"
    for path in ("cgi-bin/message/template/send", "cgi-bin/message/custom/send", "cgi-bin/message/subscribe/send"):
        assert lost("cut_off", host + path).outcome == Outcome.UNKNOWN
    for path in ("cgi-bin/media/get", "sns/jscode2session", "cgi-bin/message/custom/business/typing"):
        assert lost("cut_off", host + path).outcome == Outcome.RETRYABLE


def test_no_code_is_in_two_tables() -> None:
    tables = [set(errors._PERMANENT), set(errors._RETRYABLE), set(errors._BUDGET)]
    assert sum(map(len, tables)) == len(set.union(*tables))
    assert tables[0] >= errors.ACCOUNT_WIDE
    assert tables[1] >= errors.TOKEN_CODES


def test_an_operator_learns_which_field_or_address_was_refused_and_nothing_of_the_text() -> None:
    field = refused(47003, "argument invalid! data.thing1.value invalid rid: 617682e0-09059ac5-34a8e2ea", 0)
    assert (field.hint, field.rid) == ("thing1", "617682e0-09059ac5-34a8e2ea")
    assert str(field) == "invalid_template_data (permanent) code=47003 hint=thing1 rid=617682e0-09059ac5-34a8e2ea"
    address = refused(40164, "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: nonsense", 0)
    assert (address.hint, address.rid, address.account_wide) == ("203.0.113.9", None, True)
    echo = refused(40003, "invalid openid oWangGuizhen_0000000000000001", 0)
    assert (str(echo), echo.account_wide) == ("invalid_openid (permanent) code=40003", False)


@pytest.mark.parametrize("errmsg", [None, 7, ["rid"], {}, "x" * 5_000_000, "rid: " * 100_000])
def test_the_platforms_text_may_be_anything(errmsg: object) -> None:
    assert str(refused(40003, errmsg, 0)) == "invalid_openid (permanent) code=40003"


def test_an_error_travels_between_processes() -> None:
    error = GatewayError("daily_quota_spent", Outcome.BUDGET, 45009, "rid", None, 60.0)
    twin = pickle.loads(pickle.dumps(error))
    assert (vars(twin), str(twin)) == (vars(error), str(error))
