"""Who exists in this small world: the apps with their secrets, the people with one openid per app, and the time.

Apps and people come from the configuration; what is born here (openids, unionids) is kept, so a restart changes nobody.
The platform's clock can be moved ahead for expiries; letters to the backend always carry the real time.
"""

import secrets
import sqlite3
import string
import time
from dataclasses import dataclass, field

from app.sandbox.store import Store, get_setting

MINI = "miniprogram"
OFFICIAL = "official"
ALPHABET = string.ascii_letters + string.digits + "_-"


@dataclass(frozen=True)
class App:
    """One account on the platform: a mini-program or an official account."""

    name: str
    title: str
    kind: str
    appid: str
    original_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    mode: str
    format: str
    callback_url: str
    templates: tuple[dict, ...] = ()
    linked_appids: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    ip_whitelist: tuple[str, ...] = ()

    def template(self, template_id: object) -> dict | None:
        """The template of that id, or None."""
        return next((template for template in self.templates if template["id"] == template_id), None)


@dataclass(frozen=True)
class Person:
    """Somebody with a phone."""

    key: str
    name: str
    about: str
    phone: str
    follows: bool
    unionid: str | None


def platform_id(prefix: str, length: int) -> str:
    """A random identifier in the platform's alphabet, `length` characters in all."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length - len(prefix)))


def new_app(given: dict) -> App:
    """An App from its configuration; raises ValueError with the app's name when it cannot work."""
    app = App(
        name=given["name"],
        title=given["title"],
        kind=given["kind"],
        appid=given["appid"],
        original_id=given["original_id"],
        secret=given["secret"],
        token=given["token"],
        aes_key=given.get("aes_key", ""),
        mode=given.get("mode", "safe"),
        format=given.get("format", "xml"),
        callback_url=given.get("callback_url", ""),
        templates=tuple(given.get("templates", ())),
        linked_appids=tuple(given.get("linked_appids", ())),
        pages=tuple(given.get("pages", ())),
        ip_whitelist=tuple(given.get("ip_whitelist", ())),
    )
    if app.kind not in (MINI, OFFICIAL):
        raise ValueError(f"sandbox app {app.name}: kind must be {MINI} or {OFFICIAL}")
    if app.mode not in ("safe", "plain", "compatible") or app.format not in ("json", "xml"):
        raise ValueError(f"sandbox app {app.name}: mode is safe, plain or compatible; format is json or xml")
    if app.mode != "plain" and len(app.aes_key) != 43:
        raise ValueError(f"sandbox app {app.name}: aes_key must have 43 characters")
    return app


class World:
    """The apps and people of this sandbox and how to find them."""

    def __init__(self, config: dict, store: Store):
        self.store = store
        self.options = config
        self.apps = {given["name"]: new_app(given) for given in config["apps"]}
        self.people = {given["key"]: new_person(given) for given in config["people"]}
        with store.transaction() as db:
            for person in self.people.values():
                self._settle(db, person)

    def _settle(self, db: sqlite3.Connection, person: Person) -> None:
        unionid = person.unionid or platform_id("o", 28)
        db.execute("INSERT OR IGNORE INTO people (key, unionid) VALUES (?, ?)", (person.key, unionid))
        for app in self.apps.values():
            follows = app.kind == OFFICIAL and person.follows
            db.execute(
                "INSERT OR IGNORE INTO accounts (app, person, openid, follows, followed_at) VALUES (?, ?, ?, ?, ?)",
                (app.name, person.key, platform_id("o", 28), follows, time.time() if follows else 0),
            )

    def now(self, db: sqlite3.Connection) -> float:
        """The platform's time in Unix seconds: the real one plus what the control API moved it ahead."""
        return time.time() + get_setting(db, "clock_ahead", 0)

    def app_by_id(self, appid: object) -> App | None:
        """The app with this appid, or None."""
        return next((app for app in self.apps.values() if app.appid == appid), None)

    def callback_url(self, db: sqlite3.Connection, app: App) -> str:
        """Where this app's messages go: what the control API set last, else the configuration."""
        return get_setting(db, f"callback_url:{app.name}", app.callback_url)

    def unionid(self, db: sqlite3.Connection, person: str) -> str:
        """The one id that all apps of one owner share for this person."""
        return db.execute("SELECT unionid FROM people WHERE key = ?", (person,)).fetchone()["unionid"]


def new_person(given: dict) -> Person:
    """A Person from the configuration."""
    return Person(
        key=given["key"],
        name=given["name"],
        about=given.get("about", ""),
        phone=given.get("phone", ""),
        follows=bool(given.get("follows", False)),
        unionid=given.get("unionid"),
    )


def account_of(db: sqlite3.Connection, app: App, person: str) -> sqlite3.Row:
    """What the platform knows about this person in this app."""
    return db.execute("SELECT * FROM accounts WHERE app = ? AND person = ?", (app.name, person)).fetchone()


def account_by_openid(db: sqlite3.Connection, openid: object) -> sqlite3.Row | None:
    """The account with this openid, of whatever app, or None; anything that is not a string is nobody."""
    if not isinstance(openid, str):
        return None
    return db.execute("SELECT * FROM accounts WHERE openid = ?", (openid,)).fetchone()
