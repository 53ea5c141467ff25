"""The ground the fuzzers run on: a founded town in a folder, with people signed in and cases in every state.

After each input the database is put back as it was, so that an input means the same alone, first or last. A second
connection watches: PRAGMA data_version tells it whether anybody else has committed anything. On PostgreSQL, where that
would take too long, the town lives on and its people are signed in anew.
"""

import io
import logging
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import peewee
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.context import database_open
from app.factory import create_app
from app.rules import session
from models.base import database, write
from models.notice import Notice
from models.person import Identity, Person
from models.place import Place, grid_of
from models.unit import Unit
from tests.rules import sounds
from tests.town import Town, found, town_at

#: Who asks: 张兰 the resident, 王大山 the grid worker, 陈静 the admin; the others only have things that are not theirs.
PEOPLE = ("zhanglan", "wangdashan", "chenjing", "masuhua")
SECONDS = 2
ANSWER_BYTES = 1 << 20
INSIDE = (b"Traceback (most recent", b'File "/', b"peewee.", b"sqlite3.", b"werkzeug.")


class Broken(AssertionError):
    """What must never happen has happened. The text says what, in words that are the same each time."""


class Failures(logging.Handler):
    """Keeps the last failure that the app answered with a 500, so that a finding names its cause."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.last: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.exc_info[1] if record.exc_info else None


class Ground:
    """The app, its people's tokens, the keys of its things by name, and a way back."""

    def __init__(self, town: Town):
        self.town, self.failures = town, Failures()
        self.client: FlaskClient = create_app(town.settings).test_client()
        logging.getLogger("app.errors").addHandler(self.failures)
        logging.getLogger("app.errors").propagate = False
        self.tokens, self.known = self._sign_in(), {}
        self._furnish()
        self.canaries = self._canaries()
        self.remembers = town.settings.database_url.startswith("sqlite:")
        self._memory, self._watch = _remembered(town) if self.remembers else (None, None)

    # What there is.

    def _sign_in(self) -> dict[str, str]:
        with database_open(), write():
            return {
                key: session.open_session(self.town.person(key), door="api", lasts=timedelta(days=1))[1]
                for key in PEOPLE
            }

    def _furnish(self) -> None:
        """One thing of every kind whose key can be sent, and cases on every step of their way."""
        with database_open():
            town, building = self.town, self.town.building()
            self.known = {
                "community": town.community().key, "building": building.key, "worker": town.person("liuyang").key,
                "foreign_community": town.community("liuyin").key, "never": "abcdefghijklmnop",
            }  # fmt: skip
            for prefix, who in (("", "zhanglan"), ("foreign_", "masuhua")):
                home = town.person(who).residences.get()
                self.known |= {f"{prefix}residence": home.key, f"{prefix}household": home.household.key}
                self.known |= self._of_the_community(prefix, home.household)
        shown = self._said("zhanglan", "photos", jpeg())
        self.known |= {"photo": shown["key"], "link": shown["links"]["full"].rpartition("/")[2]}
        for state in ("reported", "accepted", "handled", "closed"):
            self.known[state] = self._said("zhanglan", "cases", {"words": "路灯不亮", "place": building.key})["key"]
        self.known["foreign"] = self._said("masuhua", "cases", {"words": "井盖坏了"})["key"]
        for state in ("accepted", "handled", "closed"):
            self._said("wangdashan", f"cases/{self.known[state]}/accept", {})
        for state in ("handled", "closed"):
            after = self._said("wangdashan", "photos", jpeg())["key"]
            self._said("wangdashan", f"cases/{self.known[state]}/handle", {"note": "修好了", "photos": [after]})
            self.known[f"photo_of_{state}"] = after
        self._said("zhanglan", f"cases/{self.known['closed']}/confirm", {"satisfaction": "satisfied"})
        self.known["line"] = self._said("zhanglan", "conversation/lines", {"text": "您好"})["line"]["key"]
        self.known["foreign_photo"] = self._said("masuhua", "photos", jpeg())["key"]
        self.known["worker_photo"] = self._said("wangdashan", "photos", jpeg())["key"]
        for name, who in (("voice", "zhanglan"), ("foreign_voice", "masuhua"), ("worker_voice", "wangdashan")):
            self.known[name] = self._said(who, "voices", sounds.mp3(1))["key"]
        for name, who in (("session", "zhanglan"), ("foreign_session", "masuhua")):
            said = self.ask("GET", "/api/v1/sessions", headers=self.bearer(who)).get_json()
            self.known[name] = said["sessions"][0]["key"]

    def _of_the_community(self, prefix: str, household: Place) -> dict[str, str]:
        """A grid, a unit and a notice of where somebody lives."""
        community = household.community
        admin = self.town.person("hefang" if prefix else "chenjing")
        notice = Notice.create(
            community=community, place=community, kind="life", title="周六开门", body="大厅周六上午开门", sent_by=admin
        )
        unit = Unit.get(Unit.community == community)
        return {f"{prefix}grid": grid_of(household).key, f"{prefix}unit": unit.key, f"{prefix}notice": notice.key}

    def _said(self, who: str, path: str, body: dict | bytes) -> dict:
        headers = self.bearer(who) | {"Idempotency-Key": f"ground-{len(self.known)}-{path[:40]}"}
        sent = {"data": body, "content_type": "image/jpeg"} if isinstance(body, bytes) else {"json": body}
        if path == "voices":
            sent = {"data": {"voice": (io.BytesIO(body), "voice.mp3")}}
        answer = self.client.post(f"/api/v1/{path}", headers=headers, **sent)
        assert answer.status_code < 300, (path, answer.text, self.failures.last)
        return answer.get_json()

    def _canaries(self) -> list[bytes]:
        """What no answer may hold: our secrets, whole telephone numbers, names of the platform for people."""
        found = [self.town.settings.secrets.key.get_secret_value()]
        for account in self.town.settings.wechat.accounts.values():
            found += [one.get_secret_value() for one in (account.secret, account.token, account.aes_key)]
        with database_open():
            found += [row.phone for row in Person.select() if row.phone] + [row.unionid for row in Person.select()]
            found += [row.openid for row in Identity.select()]
        return [one.encode() for one in found if one and len(one) > 6]

    def bearer(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    # Asking, watching, going back.

    def ask(self, method: str, path: str, query: str = "", **more) -> TestResponse:
        """One request with its query as it is, in latin-1. Raises Broken for a failure of ours, whatever was sent."""
        self.failures.last = None
        answer = self.client.open(path, method=method, environ_overrides={"QUERY_STRING": query}, **more)
        if answer.status_code >= 500 and self.failures.last is not None:
            raise Broken(f"{answer.status_code}: {_where(self.failures.last)}") from self.failures.last
        if answer.status_code >= 500 and answer.status_code != 502:  # nobody answers as the platform here
            raise Broken(f"answered {answer.status_code}")
        if len(answer.data) > ANSWER_BYTES:
            raise Broken("an answer of more than a megabyte")
        if any(word in answer.data for word in INSIDE):
            raise Broken("an answer that shows our inside")
        return answer

    def version(self) -> int:
        """A number that changes whenever somebody commits something."""
        return self._watch.execute("PRAGMA data_version").fetchone()[0]

    def count(self, table: str) -> int:
        return self._watch.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    @contextmanager
    def one_input(self) -> Iterator[None]:
        """Around one input: the town is as founded before it, and again after it."""
        self.client.application.extensions["doorstep"].counters.reset()
        if not self.remembers:
            self.tokens = self._sign_in()
        before = self.version() if self.remembers else 0
        try:
            yield
        except peewee.PeeweeException as error:
            raise Broken(f"the database: {_where(error)}") from error
        finally:
            if self.remembers and self.version() != before:
                self._memory.backup(self._watch)

    def close(self) -> None:
        logging.getLogger("app.errors").removeHandler(self.failures)
        logging.getLogger("app.errors").propagate = True
        for connection in (self._watch, self._memory) if self.remembers else ():
            connection.close()


def _remembered(town: Town) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """The database as it is now, in memory, and a connection that watches it."""
    watch = sqlite3.connect(town.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    watch.execute("PRAGMA synchronous=OFF")
    memory = sqlite3.connect(":memory:")
    watch.backup(memory)
    return memory, watch


def _where(error: BaseException) -> str:
    """The kind of an exception and the line of ours that it came from: the same finding has the same words."""
    trace, line = error.__traceback__, "?"
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if any(f"/{floor}/" in name for floor in ("handlers", "app", "models")) and "site-packages" not in name:
            line = f"{Path(name).parent.name}/{Path(name).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {line}"


def jpeg() -> bytes:
    """A photo, each time another one."""
    out = io.BytesIO()
    Image.effect_noise((24, 16), 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@contextmanager
def ground(founded: Path | None = None) -> Iterator[Ground]:
    """A ground in a temporary folder, in memory where there is such a place, from a founded database or a new one.

    The mini-program's account takes plain deliveries too, so that both kinds have a door.
    """
    memory = "/dev/shm" if sys.platform == "linux" and Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as place:
        path = Path(place) / "doorstep.sqlite"
        if founded is None:
            found(f"sqlite:///{path}")
        else:
            path.write_bytes(founded.read_bytes())
        changed = {"DOORSTEP_WECHAT__ACCOUNTS__MINI__MODE": "compatible", "DOORSTEP_PHOTOS__SECONDS": "5"}
        with town_at(Path(place), f"sqlite:///{path}", **changed) as town:
            database.close_all()
            here = Ground(town)
            try:
                yield here
            finally:
                here.close()
