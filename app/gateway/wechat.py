"""One WeChat account, mini-program or official: everything this service asks of the platform.

Each method is one call, plain values in and plain values out. It did what it says or raises `GatewayError`, whose
`outcome` says what may be done next (see errors.py). What the platform expects is written in its server API pages.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.gateway.errors import GatewayError, Outcome
from app.gateway.http import PLATFORM, GuardedSession
from app.gateway.tokens import Token, TokenStore
from app.gateway.wechat_client import Client, done, need
from app.gateway.wechat_files import Files, Media, Qr
from app.gateway.wechat_messages import Messages
from app.gateway.wechat_people import People, PhoneNumber, Session, User, Verdict

__all__ = [
    "Account",
    "GatewayError",
    "Media",
    "Outcome",
    "PhoneNumber",
    "Qr",
    "Quota",
    "Session",
    "Token",
    "TokenStore",
    "User",
    "Verdict",
    "Wechat",
]

KINDS = ("miniprogram", "official")


@dataclass(frozen=True)
class Account:
    """An account of ours: our name for it, its kind (miniprogram or official), and what proves it."""

    name: str
    kind: str
    appid: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"the kind of an account is one of {', '.join(KINDS)}")


@dataclass(frozen=True)
class Quota:
    """Calls per day of one API: allowed, used, left."""

    limit: int
    used: int
    remain: int


class Wechat(Messages, People, Files):
    """The platform, seen from one account. May be shared by threads; times in seconds.

    `read_timeout` is for a whole answer. One call makes at most two requests and two token fetches.
    """

    def __init__(
        self,
        account: Account,
        tokens: TokenStore,
        *,
        api: str = PLATFORM,
        connect_timeout: float = 3,
        read_timeout: float = 6,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.account = account
        self._kind, self._appid = account.kind, account.appid
        self._http = GuardedSession(api, connect_timeout=connect_timeout, read_timeout=read_timeout)
        self._client = Client(account.appid, account.secret, tokens, self._http, clock)

    def token(self) -> str:
        """An access token that is valid now. For tools; the calls below get their own."""
        return self._client.access_token

    def quota(self, path: str) -> Quota:
        """What is left today of an API, named by its path: "/cgi-bin/message/custom/send"."""
        found = need(self._client.call("cgi-bin/openapi/quota/get", {"cgi_path": path}), "quota", dict)
        return Quota(need(found, "daily_limit", int), need(found, "used", int), need(found, "remain", int))

    def clear_quota(self) -> None:
        """Set all used quotas back to nothing; ten times a month, so for people, never for a program."""
        done(self._client.call("cgi-bin/clear_quota", {"appid": self._appid}))

    def explain_rid(self, rid: str) -> dict[str, Any]:
        """What the platform remembers, for 7 days, of a call that failed: when, how long, from where, which answer.

        The request itself, address included, is left out: it holds the token and personal data.
        """
        found = need(self._client.call("cgi-bin/openapi/rid/get", {"rid": rid}), "request", dict)
        story = {key: found.get(key) for key in ("invoke_time", "cost_in_ms", "client_ip")}
        return story | _told(found.get("response_body"))

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()


def _told(body: object) -> dict[str, Any]:
    """Code and text of an answer that was a refusal; a good answer may hold anything and is not repeated."""
    try:
        answer = json.loads(body) if isinstance(body, str) else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not answer.get("errcode"):
        return {"errcode": None, "errmsg": None}
    return {"errcode": answer["errcode"], "errmsg": answer.get("errmsg")}
