"""The one place where logging is set up: every line passes a redactor, is one line, and cannot fill a disk.

The log speaks English about our own things. Whatever is not ASCII came from people and is cut, and so is what looks
like a secret or like somebody's number; the configured secrets are cut by their value. Of an exception remain its type
and where it happened: its text may hold anything. (ASVS 16.2.5, 16.4.1; `ps`, core files and environment are elsewhere:
no secret is on a command line.) The log goes to standard error; keeping, rotating and its quota are journald's.
"""

import errno
import logging
import re
import resource
import secrets
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import Response, request
from gunicorn import glogging
from pydantic import BaseModel, SecretStr

from app.config import Settings, load
from app.gateway.errors import GatewayError

CUT = "***"
_ROOT = f"{Path(__file__).resolve().parent.parent}/"
_CHINA = timezone(timedelta(hours=8))
#: Shorter values would cut ordinary words; they are caught by what stands before them.
_SHORTEST_SECRET = 6
_MESSAGE, _READ, _FRAMES, _CHAIN = 500, 8000, 12, 4
_NAMES = (
    "access_token|refresh_token|token|ticket|app_?secret|secret|session_key|aes_key|encodingaeskey|key|password|passwd|pwd"
    "|authorization|cookie|set-cookie|desk|visitor|js_code|openid|unionid|signature|msg_signature|nonce|echostr|phone|name"
)
#: What is cut, in this order. Each runs in linear time (tests/test_regex.py).
_PATTERNS = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), instead)
    for pattern, instead in (
        (r"[\x00-\x1f\x7f]+", " "),
        (r"[^\x00-\x7f]+", CUT),
        (r"://[^/\s@]{1,300}@", f"://{CUT}@"),
        (r"\?[^\s\"')>]+", f"?{CUT}"),
        (r"\b(bearer|basic) +[^\s,;\"']+", rf"\1 {CUT}"),
        (rf"\b({_NAMES})([\"']? ?[=:] ?[\"']?)[^\s&\"',;)}}]+", rf"\1\2{CUT}"),
        # code=40029 is the platform's answer, anything longer a person's: a login code, a one-time code.
        (r"\bcode([\"']? ?[=:] ?[\"']?)(?!-?\d{1,5}(?!\w))[^\s&\"',;)}]+", rf"code\1{CUT}"),
        (r"(/(?:u|files|checks|qr|codes)/)[^/\s\"'?]+", rf"\1{CUT}"),
        (r"(?<![\w-])o[\w-]{27}(?![\w-])", CUT),
        (r"(?<![\w-])[\w-]{32,}", CUT),
        (r"(?<!\d)\d{17}[\dx](?!\d)", CUT),
        (r"(?<!\d)(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", CUT),
        (r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)", CUT),
        (r"(?<![\d.])-?\d{1,3}\.\d{4,}", CUT),
    )
)
#: Libraries that tell at "info" or "debug" what they were given: statements with their values, addresses.
_TALKATIVE = frozenset({"peewee", "urllib3", "requests", "PIL", "limits", "redis", "wechatpy", "psycopg", "boto3"})
#: Raised by Python itself about our code, not about what people sent.
_ABOUT_CODE = (AttributeError, NameError, TypeError, ImportError, ZeroDivisionError)

log = logging.getLogger(__name__)
_request: ContextVar[str] = ContextVar("request", default="-")


class Redactor:
    """Text without secrets, personal data, control characters: `redactor(text)`. `known` are secrets by value."""

    def __init__(self, known: Iterable[str]) -> None:
        forms = {form for one in known for form in (one, quote(one, safe=""), unquote(one))}
        longest_first = sorted((form for form in forms if len(form) >= _SHORTEST_SECRET), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, text: str) -> str:
        """At most _MESSAGE characters of ASCII in one line."""
        text = self._known.sub(CUT, text[:_READ])
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text[:_MESSAGE]


def secrets_of(settings: Settings) -> Iterator[str]:
    """Every secret of the settings, and the passwords in their addresses."""
    yield from _secrets_in(settings)
    for url in (settings.database_url, settings.redis.url, settings.files_url):
        yield urlsplit(url).password or ""


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _secrets_in(one)


class Line(logging.Formatter):
    """One record as one line: time, level, logger, [request], message, and where an exception came from."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redact = redactor

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, _CHINA).isoformat(timespec="seconds")
        line = f"{moment} {record.levelname} {record.name} [{_request.get()}] {self._redact(_message(record))}"
        if record.exc_info and record.exc_info[1]:
            line += " | " + self._trace(record.exc_info[1])
        folded = getattr(record, "folded", 0)
        return f"{line} (+{folded} more like this)" if folded else line

    def _trace(self, error: BaseException) -> str:
        """An exception and its causes: what kind, and file:line of every step, the innermost first."""
        told: list[str] = []
        seen: BaseException | None = error
        while seen is not None and len(told) < _CHAIN:
            steps = traceback.extract_tb(seen.__traceback__)[: -_FRAMES - 1 : -1]
            frames = [f"{_short(one.filename)}:{one.lineno} {one.name}" for one in steps]
            told.append(f"{self._kind(seen)} at {' < '.join(frames) or 'nowhere'}")
            seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        return " | because of ".join(told)

    def _kind(self, error: BaseException) -> str:
        """The type of an exception, with as much of its text as cannot come from people."""
        kind, text = f"{type(error).__module__}.{type(error).__name__}".removeprefix("builtins."), ""
        if isinstance(error, GatewayError):
            text = str(error)
        elif isinstance(error, _ABOUT_CODE):
            text = re.sub(r"'([^']*)'", _only_a_name, str(error)[:_MESSAGE])
        elif isinstance(error, OSError):
            text = errno.errorcode.get(error.errno or 0, "")
        else:
            text = str(getattr(error, "sqlstate", "") or getattr(error, "sqlite_errorname", ""))
        return self._redact(f"{kind}: {text}" if text else kind)


def _only_a_name(quoted: re.Match[str]) -> str:
    return quoted[0] if re.fullmatch(r"[A-Za-z_.]{1,40}", quoted[1]) else f"'{CUT}'"


def _short(path: str) -> str:
    return re.sub(r"^.*/site-packages/|^.*/lib/python3[.\d]*/", "", path.removeprefix(_ROOT))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        return "a message that could not be put together"


def _where(record: logging.LogRecord) -> tuple:
    """What tells one exception from another: its type and the line that raised it."""
    kind, _, steps = record.exc_info or (None, None, None)
    last = traceback.extract_tb(steps)[-1:]
    return kind, *((one.filename, one.lineno) for one in last)


class Fold(logging.Filter):
    """A minute's worth of one thing is told once: the same words not again, one place in the code not without end.

    Junk, however much of it, therefore adds a bounded number of lines (`most` for each place and minute).
    """

    SECONDS = 60

    def __init__(self, most: int = 30) -> None:
        super().__init__()
        self._most, self._lock = most, threading.Lock()
        self._places: dict[tuple, tuple[float, set[int]]] = {}
        self._folded: Counter[tuple] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] in _TALKATIVE and record.levelno < logging.WARNING:
            return False
        if record.levelno >= logging.CRITICAL:
            return True
        place, words = (record.name, record.pathname, record.lineno), hash((_message(record), _where(record)))
        with self._lock:
            since, told = self._places.get(place, (0.0, set()))
            if time.monotonic() - since >= self.SECONDS or not since:
                since, told = time.monotonic(), set()
                self._places[place] = since, told
            if words in told or len(told) >= self._most:
                self._folded[place] += 1
                return False
            told.add(words)
            record.folded = self._folded.pop(place, 0)
        return True


class Stderr(logging.StreamHandler):
    """Writes to what standard error is at that moment."""

    def __init__(self, settings: Settings) -> None:
        logging.Handler.__init__(self, settings.log.level.upper())
        self.setFormatter(Line(Redactor(secrets_of(settings))))
        self.addFilter(Fold())

    @property
    def stream(self):
        return sys.stderr


def set_up(settings: Settings) -> None:
    """Send what is logged in this process through the redactor to standard error. May be called again."""
    root, handler = logging.getLogger(), Stderr(settings)
    for old in [one for one in root.handlers if isinstance(one, Stderr)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(min(root.level or logging.WARNING, handler.level))
    logging.captureWarnings(True)


def own_process() -> None:
    """For a process that is all ours: what nobody catches is logged too, and memory is never written to a core file."""
    logging.raiseExceptions = False  # else a broken log call prints its arguments
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.excepthook = lambda kind, error, trace: _uncaught(error)
    threading.excepthook = lambda told: _uncaught(told.exc_value)
    sys.unraisablehook = lambda told: _uncaught(told.exc_value)


def _uncaught(error: BaseException | None) -> None:
    if isinstance(error, KeyboardInterrupt | SystemExit) or error is None:
        return
    log.critical("uncaught", exc_info=error)


class ServerLog(glogging.Logger):
    """gunicorn's own log and its access lines, the same way. A refused request is counted (Refused), not told."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        own_process()
        line = Line(Redactor(secrets_of(load())))
        for logger, most in ((self.error_log, 30), (self.access_log, 6000)):
            for handler in logger.handlers:
                handler.setFormatter(line)
                handler.addFilter(Fold(most))

    def access(self, resp, req, environ, request_time) -> None:
        if not 400 <= int(str(resp.status).split()[0]) < 500:
            super().access(resp, req, environ, request_time)


#: Without the query, the referrer and the names of programs: address, method, path, status, size, milliseconds.
ACCESS_FORMAT = "%(h)s %(m)s %(U)s %(s)s %(B)s %(M)s"


def begin_request() -> None:
    """Before each request: give it the id that stands in all its lines."""
    _request.set(secrets.token_hex(4))


def request_id() -> str:
    """The id of this request, 8 hexadecimal digits; "-" outside of requests."""
    return _request.get()


class Refused:
    """Counts what was refused and says so every ten minutes, instead of a line for each."""

    SECONDS = 600

    def __init__(self) -> None:
        self._lock, self._counts, self._since = threading.Lock(), Counter[int](), time.monotonic()

    def note(self, response: Response) -> Response:
        """After each request; gives the response back."""
        if not 400 <= response.status_code < 500:
            return response
        # The rule and not the path: anything may stand in a path.
        log.debug("%s %s %s", response.status_code, request.method, request.url_rule or "unknown address")
        with self._lock:
            self._counts[response.status_code] += 1
            if time.monotonic() - self._since < self.SECONDS:
                return response
            counts, self._counts, self._since = self._counts, Counter[int](), time.monotonic()
        log.info("refused requests: %s", " ".join(f"{status} x{count}" for status, count in sorted(counts.items())))
        return response
