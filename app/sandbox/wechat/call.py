"""One call to the platform as an endpoint sees it, and how an endpoint is described."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from app.sandbox.refusals import Refused
from app.sandbox.world import App, World, account_by_openid


@dataclass
class Call:
    """What came in: `now` is the platform's clock in Unix seconds, `app` the owner of the access token or secret."""

    world: World
    db: sqlite3.Connection
    now: float
    path: str
    client: str
    host: str
    query: dict[str, str]
    body: dict
    files: dict[str, FileStorage] = field(default_factory=dict)
    caller: App | None = None
    fault: str = ""

    @property
    def app(self) -> App:
        """The app that calls; a call that has not said who it is has none (41001)."""
        if self.caller is None:
            raise Refused(41001)
        return self.caller

    def text(self, name: str, refusal: Refused) -> str:
        """A required, non-empty string of the body, else the given refusal."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise refusal
        return value

    def part(self, name: str) -> dict:
        """A required object of the body, else 47001."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise Refused(47001, f"data format error hint: [{name}]")
        return value

    def account(self, openid: object, foreign: int = 40003) -> sqlite3.Row:
        """The account of this app with that openid; unknown is 40003, one of another app is `foreign`."""
        found = account_by_openid(self.db, openid)
        if found is None:
            raise Refused(40003)
        if found["app"] != self.app.name:
            raise Refused(foreign)
        return found


@dataclass(frozen=True)
class Picture:
    """A binary answer."""

    content: bytes
    mime: str
    filename: str = ""


@dataclass(frozen=True)
class Endpoint:
    """One row of the routing table.

    `body` is json (POST only), files (a POST with a multipart form) or none (either method; a JSON body is read if
    there is one); `kinds` empty means every kind of app; `limit` is calls per day.
    """

    answer: Callable[[Call], "dict | Picture"]
    body: str = "json"
    kinds: tuple[str, ...] = ()
    needs_token: bool = True
    limit: int = 10_000_000
