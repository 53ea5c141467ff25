"""How often somebody did something: counted together in Redis, or in the memory of this process when there is none.

When Redis does not answer, what must not be guessed at without end is refused (Away), and everything else is counted in
the memory of this process meanwhile: a hazard report or a word to a human never waits for a counter. (OWASP API4:2023)
"""

import logging
import time
from typing import Any, cast

from limits import parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
#: How long Redis is left alone after it did not answer; without it, each request would wait for it anew.
REST_SECONDS = 5.0
#: How long it may take to answer.
ANSWER_SECONDS = 1.0


class Away(Exception):
    """The counters cannot be reached."""


class Counters:
    """Counts uses of limits. `url` is that of Redis, empty for the memory of this process."""

    def __init__(self, url: str) -> None:
        self._own = MemoryStorage()
        self._shared = _shared(url) if url else None
        self._rest_until = 0.0
        self._is_away = False

    def hit(self, limits: str, *who: str, needed: bool = False) -> bool:
        """Count one use by somebody; False when a limit of the notation `limits` is passed.

        Raises Away when Redis does not answer and the count is `needed`.
        """
        if self._shared is None:
            return _hit(self._own, limits, *who)
        if time.monotonic() >= self._rest_until:
            try:
                within = _hit(self._shared, limits, *who)
            except StorageError:
                self._rest()
            else:
                self._back()
                return within
        if needed:
            raise Away
        return _hit(self._own, limits, *who)

    def reset(self) -> None:
        """Forget what was counted in this process."""
        self._own.reset()

    def close(self) -> None:
        """Let go of the connections to Redis."""
        if self._shared is not None:
            cast(Any, self._shared).storage.close()

    def _rest(self) -> None:
        if not self._is_away:
            log.error("redis does not answer: limits are counted by each process, sign-in and exports are refused")
        self._is_away, self._rest_until = True, time.monotonic() + REST_SECONDS

    def _back(self) -> None:
        if self._is_away:
            log.warning("redis answers again")
        self._is_away = False


def _hit(storage: Storage, limits: str, *who: str) -> bool:
    limiter = FixedWindowRateLimiter(storage)
    return all(limiter.hit(item, *who) for item in parse_many(limits))


def _shared(url: str) -> Storage:
    """Nothing is contacted yet. The library calls a socket of this machine redis+unix."""
    options: dict[str, Any] = {
        "wrap_exceptions": True, "socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }  # fmt: skip
    # An asynchronous storage is only given for an address that asks for one.
    return cast(Storage, storage_from_string(url.replace("unix://", "redis+unix://", 1), **options))
