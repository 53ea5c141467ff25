"""The town of the tests: one installation with the demo's places and people, fresh for each test, on either engine.

A migrated and founded database is made once a run and engine, then copied: a file on SQLite, a template on PostgreSQL.
The people have names and meanings (app/demo/people.toml): 张兰 reports, 王大山 is the grid worker of her grid, 陈静 the
admin of her community; 何芳, the admin of the next community, is the stranger who must see nothing.
"""

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import demo_seed, migrate
from app.config import Settings, load, make_demo_secrets
from app.context import Context, make_context
from app.factory import create_app
from app.rules import founding
from app.rules.actor import Actor, actor_of
from models.base import connect, database
from models.category import Category
from models.person import Identity, Person
from models.place import Place
from tests.servers import database as postgres_copy

PEOPLE = tomllib.loads((demo_seed.FOLDER / "people.toml").read_text(encoding="utf-8"))
KINDS = {"mini": "miniprogram", "official": "official"}
#: Every person's openids in the tests; the sandbox deals its own.
OPENIDS = {one["key"]: {name: f"o{name}-{one['key']}" for name in KINDS} for one in PEOPLE["people"]}
ENGINES = ("sqlite", "postgres")


@dataclass
class Town:
    """The installation of a test: its settings and, by their keys, its people and places."""

    settings: Settings
    context: Context

    def person(self, key: str) -> Person:
        return Person.get(Person.unionid == f"demo-union-{key}")

    def actor(self, key: str) -> Actor:
        return actor_of(self.person(key), "198.51.100.7")

    def identity(self, key: str, account: str = "official") -> Identity:
        return Identity.get(Identity.account == account, Identity.openid == OPENIDS[key][account])

    def community(self, code: str = "huimin") -> Place:
        return Place.get(Place.code == code)

    def building(self, name: str = "3号楼", compound: str = "幸福家园") -> Place:
        parent = Place.get(Place.kind == "compound", Place.name == compound)
        return Place.get(Place.parent == parent, Place.name == name)

    def category(self, code: str, community: str = "huimin") -> Category:
        return Category.get(Category.community == self.community(community), Category.code == code)


def settings_for(folder: Path, url: str, **environ: str) -> Settings:
    """Checked demo settings with all state in a folder and the database at a URL; the sandbox is not mounted."""
    env = {
        "DATA": str(folder), "PORT": "8000", "DOORSTEP_DATABASE__URL": url, "DOORSTEP_SANDBOX__ENABLED": "false",
        "DOORSTEP_WECHAT__API": "http://127.0.0.1:9/wechat", "DOORSTEP_LOG__LEVEL": "error", **environ,
    }  # fmt: skip
    make_demo_secrets(environ=env)
    return load(environ=env)


def found(url: str) -> None:
    """Migrate an empty database and load the demo into it."""
    connect(url)
    migrate.up()
    with database.connection_context():
        demo_seed.load_place()
        founding.load_people(PEOPLE, OPENIDS, KINDS)
    database.close_all()


@pytest.fixture(scope="session")
def founded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the founded demo, to be copied."""
    path = tmp_path_factory.mktemp("founded") / "town.sqlite"
    found(f"sqlite:///{path}")
    connect(f"sqlite:///{path}")
    with database.connection_context():
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close_all()
    return path


@pytest.fixture(scope="session")
def founded_postgres(servers: dict[str, str]) -> Iterator[str]:
    """The name of a PostgreSQL database with the founded demo, to be used as a template."""
    with postgres_copy(servers["postgres"]) as url:
        found(url)
        yield url.rpartition("/")[2]


@contextmanager
def town_at(folder: Path, url: str, **environ: str) -> Iterator[Town]:
    """Open a founded database as a town, with a connection for this thread."""
    settings = settings_for(folder, url, **environ)
    connect(settings.database_url)
    database.connect()
    try:
        yield Town(settings, make_context(settings))
    finally:
        if not database.is_closed():
            database.close()
        database.close_all()


@pytest.fixture
def sqlite_town(founded_sqlite: Path, tmp_path: Path) -> Iterator[Town]:
    """A fresh town on SQLite."""
    path = tmp_path / "doorstep.sqlite"
    shutil.copy(founded_sqlite, path)
    with town_at(tmp_path, f"sqlite:///{path}") as town:
        yield town


@pytest.fixture(params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A fresh town, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_town")
        return
    template = request.getfixturevalue("founded_postgres")
    with postgres_copy(request.getfixturevalue("servers")["postgres"], template) as url, town_at(tmp_path, url) as town:
        yield town


@pytest.fixture
def client(sqlite_town: Town):
    """A client of the whole app in the town (SQLite)."""
    database.close()
    app = create_app(sqlite_town.settings)
    client = app.test_client()
    client.town = sqlite_town
    yield client
