"""What a failure out there means for us.

A push that failed must end in one visible state, so every failure is given one of four outcomes, here and nowhere
else. The platform's codes are data: the tables below. Texts of the platform are never passed on, because they may
repeat what we sent; only the request id, the name of a template field and our own address are picked out of them.

Codes: developers.weixin.qq.com, the error tables of each server API page, and the global return-code list.
"""

import enum
import re
from urllib.parse import urlsplit


class Outcome(enum.StrEnum):
    """What the caller may do next."""

    PERMANENT = "permanent"  # the platform said no and will say no again
    RETRYABLE = "retryable"  # nothing happened, or repeating does no harm
    BUDGET = "budget"  # nothing more today; `retry_after` says until when
    UNKNOWN = "unknown"  # it may have happened: report it, never silently repeat it


class GatewayError(Exception):
    """A call that did not succeed. Its text is safe to log: no secret, token, openid, or text of a person is in it.

    `reason` is a stable English slug, `code` the platform's errcode, `rid` the platform's request id, `hint` the
    template field or the own IP address it complained about, `retry_after` seconds to wait when they are known.
    """

    def __init__(
        self,
        reason: str,
        outcome: Outcome,
        code: int | None = None,
        rid: str | None = None,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason, outcome, code, rid, hint, retry_after)
        self.reason, self.outcome, self.code = reason, outcome, code
        self.rid, self.hint, self.retry_after = rid, hint, retry_after

    def __str__(self) -> str:
        told = {"code": self.code, "hint": self.hint, "rid": self.rid}
        return " ".join([f"{self.reason} ({self.outcome})", *(f"{k}={v}" for k, v in told.items() if v is not None)])

    @property
    def account_wide(self) -> bool:
        """True when the account itself is refused (secret, whitelist, ban): every other message would fail alike."""
        return self.code in ACCOUNT_WIDE


# The token is not, or no longer, accepted: worth one try with another one.
TOKEN_CODES = frozenset({40001, 40014, 42001})

# code: (reason, seconds to wait)
_RETRYABLE: dict[int, tuple[str, float | None]] = {
    -1000: ("system_error", None),
    -1: ("system_busy", None),
    20001: ("system_error", None),
    40001: ("token_rejected", 30),
    40014: ("token_rejected", 30),
    42001: ("token_rejected", 30),
    43108: ("recipient_busy", 1),
    44990: ("too_fast_this_second", 1),
    44991: ("too_fast_this_minute", 60),
    45011: ("too_fast_this_minute", 60),
    200001: ("system_error", None),
}

_BUDGET: dict[int, str] = {
    44993: "daily_quota_spent",
    45009: "daily_quota_spent",
    85406: "daily_visits_spent",
}

_PERMANENT: dict[int, str] = {
    40002: "invalid_grant_type",
    40003: "invalid_openid",
    40004: "invalid_media_type",
    40005: "invalid_file_type",
    40006: "invalid_file_size",
    40007: "invalid_media_id",
    40008: "invalid_message_type",
    40009: "invalid_image_size",
    40013: "invalid_appid",
    **dict.fromkeys(range(40015, 40029), "invalid_menu"),
    40029: "invalid_code",
    40035: "invalid_arguments",
    40036: "invalid_template_id",
    40037: "invalid_template_id",
    40053: "invalid_scene",
    40054: "invalid_menu",
    40055: "invalid_menu",
    40066: "invalid_url",
    40097: "invalid_arguments",
    40125: "invalid_secret",
    40129: "invalid_scene",
    40163: "code_used",
    40164: "ip_not_whitelisted",
    40165: "invalid_page",
    40169: "invalid_scene",
    40200: "wrong_account_type",
    40212: "invalid_query",
    40226: "code_blocked",
    40243: "secret_frozen",
    41001: "token_missing",
    41002: "appid_missing",
    41004: "secret_missing",
    41008: "code_missing",
    41030: "invalid_page",
    43002: "post_required",
    43004: "not_following",
    43019: "recipient_blocked",
    43101: "not_subscribed",
    43104: "openid_of_another_app",
    43107: "subscribe_banned",
    44002: "empty_body",
    44004: "empty_content",
    45002: "content_too_long",
    45015: "reply_window_closed",
    45029: "codes_used_up",
    45047: "replies_used_up",  # until the person writes again: for this message it is final
    45072: "invalid_command",
    45080: "no_recent_contact",
    45081: "already_typing",
    45103: "wrong_account_type",
    45168: "forbidden_words",
    47001: "malformed_body",
    47003: "invalid_template_data",
    48001: "api_not_granted",
    48002: "recipient_refuses",
    48004: "api_banned",
    48006: "clear_quota_used_up",
    50002: "account_limited",
    50004: "token_api_forbidden",
    50007: "account_frozen",
    61010: "visit_too_old",  # the person has not opened the mini-program for two hours
    65316: "invalid_menu",
    70000: "recipient_is_minor",
    76001: "rid_not_found",
    76002: "invalid_rid",
    76003: "rid_of_another_app",
    76004: "rid_too_old",
    76021: "unknown_api_path",
    76022: "api_not_granted",
    85079: "no_release",
    85088: "no_cloud",
    85096: "invalid_page",
    85400: "links_used_up",
    85401: "invalid_lifetime",
    85402: "invalid_version",
    85407: "api_not_granted",
    85408: "account_banned",
    87009: "invalid_signature",
    87020: "media_repeated",
    89503: "ip_awaits_consent",
    89506: "ip_refused_by_admin",
    89507: "ip_refused_by_admin",
}

# fmt: off
ACCOUNT_WIDE = frozenset({
    40002, 40013, 40125, 40164, 40243, 41002, 41004, 43107, 48001, 48004,
    50002, 50004, 50007, 85408, 89503, 89506, 89507,
})
# fmt: on

_MESSAGES = ("/message/subscribe/send", "/message/template/send", "/message/custom/send")

_RID = re.compile(r"\brid: ?([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})\b")
_HINT = re.compile(r"\bdata\.([a-z_]{1,20}\d{1,2})\.value\b|\binvalid ip ([0-9a-fA-F.:]{3,45})\b")
_DAY = 86_400
_SHANGHAI = 8 * 3600  # no summer time since 1991


def refused(code: int, errmsg: object, now: float) -> GatewayError:
    """The error for an answer whose errcode is not 0. `now` is unix seconds, for the end of a spent day.

    A code we have never heard of is a refusal like the others: the platform read the request and declined.
    """
    text = errmsg[:1000] if isinstance(errmsg, str) else ""
    rid, hint = _RID.search(text), _HINT.search(text)
    found = (rid and rid[1], hint and (hint[1] or hint[2]))
    if code in _BUDGET:
        return GatewayError(_BUDGET[code], Outcome.BUDGET, code, *found, _until_midnight(now))
    if code in _RETRYABLE:
        reason, wait = _RETRYABLE[code]
        return GatewayError(reason, Outcome.RETRYABLE, code, *found, wait)
    return GatewayError(_PERMANENT.get(code, "refused"), Outcome.PERMANENT, code, *found)


def lost(reason: str, url: str) -> GatewayError:
    """The error for a request that was sent and got no answer one can trust."""
    return GatewayError(reason, Outcome.UNKNOWN if seen_by_a_person(url) else Outcome.RETRYABLE)


def seen_by_a_person(url: str) -> bool:
    """Whether a second call of this URL would reach somebody a second time. Everything else may be repeated."""
    return urlsplit(url).path.endswith(_MESSAGES)


def _until_midnight(now: float) -> float:
    """Seconds until the daily quotas start again: 00:00 in Shanghai."""
    return _DAY - (now + _SHANGHAI) % _DAY
