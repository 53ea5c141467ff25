"""wechatpy's client with its dangerous parts replaced.

Kept: how it builds requests, and its API classes. Replaced: the transport (a guarded session), the token
(stable_token, shared by all hosts), the retry (once, not for ever, never for uploads) and the reading of answers
(nothing is believed).
"""

import json
import math
import re
import time
from collections.abc import Callable
from typing import Any

import requests
from wechatpy import WeChatClient

from app.gateway.errors import TOKEN_CODES, GatewayError, Outcome, lost, refused, seen_by_a_person
from app.gateway.http import PLATFORM, GuardedSession
from app.gateway.tokens import Token, TokenKeeper, TokenStore

_TOKEN_URL = PLATFORM + "cgi-bin/stable_token"
_LONGEST_TOKEN = 2048  # the platform asks for room for 512
_SHORTEST_LIFE, _LONGEST_LIFE = 60, 7200  # seconds; what the platform says is kept between these
_CONTRADICTIONS = ("fail", "error", "system error")


class Client(WeChatClient):
    """One account's connection to the platform."""

    def __init__(
        self, appid: str, secret: str, tokens: TokenStore, http: GuardedSession, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(appid, secret, auto_retry=False)
        self._http = http
        self._clock = clock
        self._keeper = TokenKeeper(appid, tokens, self.fetch_access_token, clock)

    @property
    def access_token(self) -> str:
        """A valid token, from the shared store or fetched."""
        return self._keeper.value()

    def fetch_access_token(self, force: bool = False) -> Token:
        """Ask the platform for the token; `force` kills the current one. Used by the keeper alone."""
        body = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": force,
        }
        asked = self._clock()
        response = self._http.request("POST", _TOKEN_URL, data=json.dumps(body).encode())
        answer = self._handle_result(response, url=_TOKEN_URL)
        value = need(answer, "access_token", str)
        if len(value) > _LONGEST_TOKEN or not value.isascii() or not value.isprintable() or " " in value:
            raise malformed()
        return Token(value, asked + _life(answer.get("expires_in")))

    def ask(self, path: str, **params: str) -> dict[str, Any]:
        """GET without an access token, for the one call that takes the secret instead. Returns the checked answer."""
        url = PLATFORM + path
        return self._handle_result(self._http.request("GET", url, params=params), url=url)

    def call(self, path: str, body: dict[str, Any], limit: int | None = None) -> Any:
        """POST JSON to an API that wechatpy does not know. With `limit`, the answer may be that many bytes."""
        wanted = {"limit": limit} if limit else {}
        return self.post(path, api_base_url=PLATFORM, data=body, **wanted)

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        params, token = kwargs.pop("params", None) or {}, self.access_token
        try:
            return super()._request(method, url_or_endpoint, params={**params, "access_token": token}, **kwargs)
        except GatewayError as error:
            if error.code not in TOKEN_CODES:
                raise
            rejection = error
        token = self._keeper.replace(token)
        if kwargs.get("files"):  # a file that was read once is empty the second time; the next upload will pass
            raise rejection
        return super()._request(method, url_or_endpoint, params={**params, "access_token": token}, **kwargs)

    def _handle_result(
        self, res: requests.Response, method: str = "", url: str = "", result_processor: Any = None, **kwargs: Any
    ) -> Any:
        """The answer as a dict with a clean errcode, or the response itself when bytes were asked for and came."""
        answer = _decoded(res.content)
        if kwargs.get("limit") and (answer is None or not {"errcode", "video_url"} & answer.keys()):
            return res
        if answer is None:
            raise lost("malformed_answer", url)
        if "errcode" in answer:
            answer["errcode"] = code = _integer(answer["errcode"])
            if code is None:
                raise lost("malformed_answer", url)
            if code != 0:
                raise refused(code, answer.get("errmsg"), self._clock())
            if str(answer.get("errmsg")).lower().startswith(_CONTRADICTIONS):
                raise lost("contradictory_answer", url)
        elif seen_by_a_person(url):  # where it matters most, only a spoken yes is a yes
            raise lost("malformed_answer", url)
        return result_processor(answer) if result_processor else answer


def need(answer: dict[str, Any], key: str, *kinds: type) -> Any:
    """The field of an answer, present, of one of these types and not an empty text; else `GatewayError`."""
    value = answer.get(key)
    if not isinstance(value, kinds) or isinstance(value, bool) or value == "":
        raise malformed()
    return value


def done(answer: dict[str, Any]) -> None:
    """For calls that return nothing: the platform must have said so. `GatewayError` otherwise."""
    if answer.get("errcode") != 0:
        raise malformed()


def malformed() -> GatewayError:
    """The error for an answer that makes no sense, to a question that may be asked again."""
    return GatewayError("malformed_answer", Outcome.RETRYABLE)


def _decoded(content: bytes) -> dict[str, Any] | None:
    if not content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        answer = json.loads(content.decode("utf-8-sig", "ignore"), strict=False)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _integer(value: object) -> int | None:
    """An errcode, which some endpoints send as a text."""
    if isinstance(value, str):
        value = int(value) if re.fullmatch("-?[0-9]{1,10}", value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _life(value: Any) -> float:
    """Seconds that a token may be used. Nonsense means: use it now, ask again soon."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        seconds = 0.0
    return min(max(seconds, _SHORTEST_LIFE), _LONGEST_LIFE) if math.isfinite(seconds) else _SHORTEST_LIFE
