"""What a handler or job has at hand: settings, the accounts of WeChat, the file store, the limits.

Made once by the factory; `here()` gives it inside a request.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import current_app, request

from app.config import Settings
from app.counters import Away, Counters
from app.gateway.files import Files
from app.gateway.wechat import Account, Wechat
from app.live import Hub
from app.rules.address import neighbourhood
from app.rules.refusal import NotFound, Refusal
from app.tokens import DatabaseTokens
from models.base import database


class TooMany(Refusal):
    """Too often in too short a time."""

    def __init__(self) -> None:
        super().__init__("too_many_requests", "操作太频繁了，请稍等一会儿再试。")


class Unavailable(Refusal):
    """It cannot be counted how often, and this must be."""

    def __init__(self) -> None:
        super().__init__("unavailable", "系统暂时无法核对操作次数，请过几分钟再试。")


class TooLarge(Refusal):
    """More than is read."""

    def __init__(self) -> None:
        super().__init__("too_large", "内容太大了，请缩小后再发。")


#: What may be tried to guess or to carry off: refused while it cannot be counted. Everything else goes on.
FAIL_CLOSED = frozenset({"login", "signin", "exports"})


@dataclass(frozen=True)
class Context:
    """One installation at work."""

    settings: Settings
    files: Files
    wechat: Mapping[str, Wechat]
    hub: Hub
    counters: Counters = field(repr=False)

    def account_of(self, name: str) -> Wechat:
        """The account of that name. Raises NotFound."""
        if name not in self.wechat:
            raise NotFound()
        return self.wechat[name]

    def account_of_kind(self, kind: str) -> str | None:
        """The name of the first account of a kind ("miniprogram" or "official")."""
        return next((name for name, one in self.settings.wechat.accounts.items() if one.kind == kind), None)

    def kinds_of(self, account: str) -> dict[str, str]:
        """Which kind of letter each template id of an account is for."""
        templates = self.settings.wechat.accounts[account].templates
        found = ((name, getattr(templates, name)) for name in type(templates).model_fields)
        return {template.id: kind for kind, template in found if template is not None}

    def limit(self, name: str, *who: str) -> None:
        """Count one use of a limit of [limits] for somebody, who may be an address.

        Raises TooMany, or Unavailable when Redis does not answer and the limit is one of FAIL_CLOSED.
        """
        often = getattr(self.settings.limits, name)
        try:
            within = self.counters.hit(often, name, *map(neighbourhood, who), needed=name in FAIL_CLOSED)
        except Away:
            raise Unavailable() from None
        if not within:
            raise TooMany()

    def read_body(self, limit: int) -> bytes:
        """The request's body, never more than `limit` bytes. Raises TooLarge."""
        if (request.content_length or 0) > limit:
            raise TooLarge()
        body = request.stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge()
        return body


def make_context(settings: Settings) -> Context:
    """Put an installation together; nothing is contacted yet."""
    tokens = DatabaseTokens()
    wechat = {
        name: Wechat(
            Account(name, one.kind, one.appid, one.secret.get_secret_value()), tokens, api=settings.wechat_api,
            connect_timeout=settings.wechat.connect_timeout, read_timeout=settings.wechat.read_timeout,
        )
        for name, one in settings.wechat.accounts.items()
    }  # fmt: skip
    hub = Hub(settings.server.event_streams)
    return Context(settings, Files(settings.files_url), wechat, hub, Counters(settings.redis.url))


def here() -> Context:
    """The installation that serves this request."""
    return current_app.extensions["doorstep"]


@contextmanager
def database_open() -> Iterator[None]:
    """A pooled connection for the length of a request or a piece of work."""
    database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if not database.is_closed():
            database.close()
