"""Who is there and what they write: sign-in, phone number, followers, the platform's own check of words and pictures.

Asking again does no harm, so a lost answer is retryable here (a one-time code may then be used up).
"""

from dataclasses import dataclass, field
from typing import Any

from app.gateway.wechat_client import Client, malformed, need

_SUGGESTIONS = ("pass", "review", "risky")


@dataclass(frozen=True)
class Session:
    """What `wx.login` is worth. The session key stays on the server: with it, one can be anybody's phone."""

    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)
    session_key: str = field(repr=False)


@dataclass(frozen=True)
class PhoneNumber:
    """A verified phone number without its country code, and the country code, "86" for the mainland."""

    number: str = field(repr=False)
    country_code: str


@dataclass(frozen=True)
class User:
    """A person as an official account knows them."""

    subscribed: bool
    unionid: str | None = field(repr=False)


@dataclass(frozen=True)
class Verdict:
    """What the platform thinks of a text: pass, review or risky; label 100 is normal, 20001 politics, 20003 abuse, …"""

    suggest: str
    label: int
    trace_id: str


class People:
    """Part of `Wechat`; needs the account's appid and secret and a client."""

    _client: Client

    def code_to_session(self, code: str) -> Session:
        """Exchange a `wx.login` code (5 minutes, once) for the person's openid and session key, without a token."""
        answer = self._client.ask(
            "sns/jscode2session",
            appid=self._client.appid,
            secret=self._client.secret,
            js_code=code,
            grant_type="authorization_code",
        )
        return Session(need(answer, "openid", str), _unionid(answer), need(answer, "session_key", str))

    def phone_number(self, code: str, openid: str | None = None) -> PhoneNumber:
        """Exchange the phone-number button's code (5 minutes, once, not the login code). Each success is billed."""
        body = {"code": code, "openid": openid} if openid else {"code": code}
        info = need(self._client.call("wxa/business/getuserphonenumber", body), "phone_info", dict)
        return PhoneNumber(need(info, "purePhoneNumber", str), str(need(info, "countryCode", str, int)))

    def user_info(self, openid: str) -> User:
        """Whether somebody follows the official account, and the id that joins them with their mini-program self."""
        answer = self._client.user.get(openid)
        return User(need(answer, "subscribe", int) == 1, _unionid(answer))

    def check_text(
        self, openid: str, text: str, scene: int, title: str | None = None, nickname: str | None = None
    ) -> Verdict:
        """Ask about at most 2,500 characters. `scene`: 1 profile, 2 comment, 3 forum, 4 social log.

        Works only within two hours of the person's last visit to the mini-program; else `visit_too_old` (61010).
        """
        body: dict[str, Any] = {"version": 2, "openid": openid, "scene": scene, "content": text}
        body |= {key: value for key, value in (("title", title), ("nickname", nickname)) if value}
        answer = self._client.call("wxa/msg_sec_check", body)
        result = need(answer, "result", dict)
        suggest, label = need(result, "suggest", str), str(need(result, "label", int, str))
        if suggest not in _SUGGESTIONS or not label.isdecimal() or len(label) > 9:
            raise malformed()
        return Verdict(suggest, int(label), need(answer, "trace_id", str))

    def check_media(self, openid: str, media_url: str, media_type: int, scene: int) -> str:
        """Ask about a picture (type 2) or sound (type 1) at a public address; the verdict comes as an event.

        Returns the trace id by which that event, up to 30 minutes later, is recognised. Same two hours as `check_text`.
        """
        body = {"version": 2, "openid": openid, "media_url": media_url, "media_type": media_type, "scene": scene}
        return need(self._client.call("wxa/media_check_async", body), "trace_id", str)


def _unionid(answer: dict[str, Any]) -> str | None:
    """Only present when the accounts are bound to one open-platform account."""
    return need(answer, "unionid", str) if answer.get("unionid") else None
