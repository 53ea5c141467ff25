"""The access token of one account: one value with its deadline, for all threads, processes and hosts.

Whoever gets the refresh lease fetches; the others go on with the old token while it is valid, or wait a little. A token
the platform rejects is replaced at most once in thirty seconds, because a forced refresh kills the token of everybody
else (stable_token: 20 a day, 30 s apart; otherwise the same token until five minutes before its end).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.gateway.errors import GatewayError, Outcome

FRESH_SECONDS = 300  # from here on the platform hands out the next token
LEASE_SECONDS = 10  # longer than one fetch may take; after a crash the next one starts then
QUIET_SECONDS = 30  # between two replacements of a rejected token
WAIT_SECONDS = 5  # how long a caller waits for somebody else's fetch


@dataclass(frozen=True)
class Token:
    """An access token and the unix second at which it ends."""

    value: str = field(repr=False)
    deadline: float


class TokenStore(Protocol):
    """Where tokens and the refresh lease live; shared by every process that uses the account."""

    def read(self, appid: str) -> Token | None:
        """The stored token, also when its deadline has passed."""

    def claim(self, appid: str, seconds: float) -> str | None:
        """The fence of the refresh lease, or None while somebody else holds it."""

    def store(self, appid: str, fence: str, token: Token) -> bool:
        """Keep the token. False, and nothing kept, when the fence is no longer ours."""

    def release(self, appid: str, fence: str) -> None:
        """Give the lease back; nothing happens when it is no longer ours."""


class TokenKeeper:
    """Gives out the token of one account. `fetch(force)` asks the platform: a `Token`, or `GatewayError`."""

    def __init__(
        self, appid: str, store: TokenStore, fetch: Callable[[bool], Token], clock: Callable[[], float]
    ) -> None:
        self._appid, self._store, self._fetch, self._clock = appid, store, fetch, clock
        self._hopeless: tuple[str, float] = ("", 0.0)  # a value and until when replacing it makes no sense

    def value(self) -> str:
        """A token that is valid now. `GatewayError` when there is none within a few seconds."""
        token = self._store.read(self._appid)
        return token.value if token and self._left(token) > FRESH_SECONDS else self._obtain(None)

    def replace(self, rejected: str) -> str:
        """Another token than the one just rejected. `GatewayError`, retryable, when there is none to be had now."""
        hopeless, until = self._hopeless
        if found := self._usable(rejected):
            return found.value
        if rejected == hopeless and time.monotonic() < until:
            raise _none_now()
        return self._obtain(rejected)

    def _obtain(self, rejected: str | None) -> str:
        """Fetch under the lease, or take what the holder of the lease brings."""
        give_up, pause = time.monotonic() + WAIT_SECONDS, 0.02
        while True:
            if fence := self._store.claim(self._appid, LEASE_SECONDS):
                return self._refresh(fence, rejected)
            if token := self._usable(rejected):
                return token.value
            if time.monotonic() > give_up:
                self._remember(rejected)
                raise _none_now()
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)

    def _refresh(self, fence: str, rejected: str | None) -> str:
        known = self._usable(rejected)  # the last holder of the lease may have brought it while we were claiming
        if known and (rejected is not None or self._left(known) > FRESH_SECONDS):
            self._store.release(self._appid, fence)
            return known.value
        try:
            token = self._fetched(rejected)
        except GatewayError:
            if known:  # still good, and the lease stays taken: the next try is in a few seconds
                return known.value
            self._store.release(self._appid, fence)
            raise
        kept = self._store.store(self._appid, fence, token)
        self._store.release(self._appid, fence)
        if rejected is not None or self._left(token) <= FRESH_SECONDS:
            self._store.claim(self._appid, QUIET_SECONDS)  # never released: nobody fetches again before it runs out
        if rejected is not None:
            self._remember(token.value)
        if token.value == rejected:
            raise _none_now()
        return token.value if kept else (self._usable(rejected) or token).value

    def _fetched(self, rejected: str | None) -> Token:
        """Forced only when the platform offers the very token that was rejected; it may have a newer one already."""
        token = self._fetch(False)
        return self._fetch(True) if token.value == rejected else token

    def _usable(self, rejected: str | None) -> Token | None:
        token = self._store.read(self._appid)
        return token if token and token.value != rejected and self._left(token) > 0 else None

    def _left(self, token: Token) -> float:
        return token.deadline - self._clock()

    def _remember(self, value: str | None) -> None:
        if value is not None:
            self._hopeless = (value, time.monotonic() + QUIET_SECONDS)


def _none_now() -> GatewayError:
    return GatewayError("token_unavailable", Outcome.RETRYABLE, retry_after=QUIET_SECONDS)
