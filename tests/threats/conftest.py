"""Everybody at once: the mini-program (`door`), the desk (`desk`, `hall`), the chat (`take`), and a platform."""

from collections.abc import Callable, Iterator

import pytest

from app.context import make_context
from app.factory import create_app
from app.jobs import tasks
from models.base import database, now
from models.task import Task
from tests.gateway.conftest import platform
from tests.handlers.api.conftest import door, key_of
from tests.handlers.console.conftest import desk, hall
from tests.handlers.wechat.conftest import take
from tests.jobs.conftest import sqlite_platform

__all__ = ["desk", "door", "hall", "key_of", "platform", "sqlite_platform", "take"]


@pytest.fixture
def connected(sqlite_town, platform) -> Iterator:
    """A client of the whole app whose platform is the stand-in, which says what the test tells it to."""
    wechat = sqlite_town.settings.wechat.model_copy(update={"api": platform.url})
    sqlite_town.settings = sqlite_town.settings.model_copy(update={"wechat": wechat})
    sqlite_town.context = make_context(sqlite_town.settings)
    database.close()
    client = create_app(sqlite_town.settings).test_client()
    client.town, client.platform = sqlite_town, platform
    yield client


@pytest.fixture
def do_tasks(sqlite_town) -> Callable[[str], None]:
    """Run the tasks of a kind until none is due, as the worker does."""

    def run(kind: str) -> None:
        Task.delete().where(Task.kind != kind).execute()
        Task.update(run_at=now()).where(Task.state == "ready").execute()
        while tasks.next_task(sqlite_town.context):
            pass

    return run
