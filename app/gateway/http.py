"""One guarded HTTP session: the only thing in the gateway that opens a socket.

The library writes the platform's host into its calls; here that host becomes the configured one, and every other host
and every redirect is refused. An answer has a limit in bytes and in seconds: the read timeout is for the whole answer,
so a server that drips one byte a second gains nothing. Whatever goes wrong leaves as a `GatewayError` without an URL,
because secrets travel in these URLs.
"""

import contextlib
import http.client
import io
import logging
import re
import socket
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from app.gateway.errors import GatewayError, Outcome, lost

PLATFORM = "https://api.weixin.qq.com/"
_HOSTS = (PLATFORM, "https://qyapi.weixin.qq.com/")
_MEDIA = "/cgi-bin/media/"
_MEDIA_SECONDS = 30.0  # photos take longer than words, both ways
_JSON_BYTES = 1 << 20
_IDLE_SECONDS = 10.0
_WORKERS = 32


class _Clocked(io.RawIOBase):
    """A socket's incoming bytes until a deadline, however slowly they come."""

    def __init__(self, raw: Any, sock: socket.socket, seconds: float) -> None:
        self._raw, self._sock = raw, sock
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Patient(HTTPConnection):
    """A connection with a deadline for the whole answer, and certainty about whether anything was sent."""

    _used = 0.0

    def connect(self) -> None:
        """Whatever fails in here (name, refusal, TLS) is one error that means: not a byte of the request has left."""
        try:
            super().connect()
        except Exception as failure:
            raise NewConnectionError(self, type(failure).__name__) from None

    def request(self, *args: Any, **kwargs: Any) -> None:
        # The other side may close an idle connection just as we write, and then nobody knows whether it read a message.
        if self.sock is not None and time.monotonic() - self._used > _IDLE_SECONDS:
            self.close()
        super().request(*args, **kwargs)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.sock.settimeout(_MEDIA_SECONDS)
        super().send(data)

    def response_class(  # type: ignore[override]  # a class there; http.client only calls it
        self, sock: socket.socket, *args: Any, **kwargs: Any
    ) -> http.client.HTTPResponse:
        """Called by http.client just before it reads; the socket's timeout is the read timeout of this request."""
        self._used = time.monotonic()
        response = http.client.HTTPResponse(sock, *args, **kwargs)
        response.fp = io.BufferedReader(_Clocked(response.fp.detach(), sock, sock.gettimeout() or _MEDIA_SECONDS))
        return response


class _PatientHTTPS(_Patient, HTTPSConnection):
    """The same over TLS."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _Patient


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PatientHTTPS


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class GuardedSession(requests.Session):
    """A session that can only reach `base` (scheme, host, and perhaps a path), in bounded time and memory."""

    def __init__(self, base: str, *, connect_timeout: float, read_timeout: float) -> None:
        super().__init__()
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("the platform's address must be http(s)://host[:port][/path]")
        self._base = base.rstrip("/") + "/"
        self._connect, self._read = connect_timeout, read_timeout
        self.trust_env = False  # no proxy, no .netrc, no certificate bundle from the environment
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.headers = CaseInsensitiveDict({"Accept": "*/*", "Accept-Encoding": "identity"})
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(pool_maxsize=_WORKERS))

    def request(  # type: ignore[override]  # fewer ways to call it, on purpose
        self, method: str, url: str, *, limit: int | None = None, timeout: object = None, **kwargs: Any
    ) -> requests.Response:
        """Send, and read the whole answer: a 200 with at most `limit` bytes, or `GatewayError`.

        `limit` is given by callers who want bytes; without it the answer is a JSON text of at most a megabyte.
        `timeout` is ignored: the session decides, so that no call can be made without one.
        """
        target = self._target(url)
        seconds = _MEDIA_SECONDS if _MEDIA in urlsplit(target).path else self._read
        if isinstance(kwargs.get("data"), bytes):
            kwargs["headers"] = {"Content-Type": "application/json"}
        kwargs |= {"timeout": (self._connect, seconds), "allow_redirects": False, "stream": True}
        try:
            return _read(super().request(method, target, **kwargs), url, limit)
        except GatewayError:
            raise
        except Exception as failure:  # anything else may carry the URL in its text
            error = _explain(failure, url)
        raise error

    def _target(self, url: str) -> str:
        for host in (*_HOSTS, self._base):
            if url.startswith(host):
                return self._base + url.removeprefix(host)
        raise GatewayError("host_refused", Outcome.PERMANENT)


def _read(response: requests.Response, url: str, limit: int | None) -> requests.Response:
    """The response with its body read and checked for size."""
    most, body = limit or _JSON_BYTES, bytearray()
    with contextlib.closing(response.raw) as incoming:  # an answer read to its end leaves the connection open
        if response.status_code != 200:
            raise _status(response.status_code, url)
        for piece in incoming.stream(65_536, decode_content=True):
            body += piece
            if len(body) > most:
                raise GatewayError("too_large", Outcome.PERMANENT) if limit else lost("malformed_answer", url)
    response.raw = io.BytesIO(bytes(body))
    return response


def _status(status: int, url: str) -> GatewayError:
    """A 4xx says that the request was not carried out; only its size makes that final. Others say nothing."""
    if status in (413, 414):
        return GatewayError(f"http_{status}", Outcome.PERMANENT)
    if 400 <= status < 500:
        return GatewayError(f"http_{status}", Outcome.RETRYABLE)
    return lost("redirected" if 300 <= status < 400 else f"http_{status}", url)


def _explain(failure: Exception, url: str) -> GatewayError:
    cause = failure.args[0] if failure.args else None
    if isinstance(getattr(cause, "reason", None), NewConnectionError):
        return GatewayError("not_connected", Outcome.RETRYABLE)
    if isinstance(failure, requests.Timeout | ReadTimeoutError | TimeoutError):
        return lost("timed_out", url)
    return lost("cut_off", url)


class _NoQuery(logging.Filter):
    """urllib3 writes whole URLs into its log, a broken header is enough; ours hold secrets after the question mark."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args, record.exc_info = re.sub(r"\?[^\s)\"]*", "", record.getMessage()), (), None
        return True


for _name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(_NoQuery())
