"""The town at work: its jobs talk over real HTTP to a WeChat of their own, the sandbox, with everybody's phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.context import make_context
from app.sandbox.server import create_sandbox
from app.sandbox_settings import sandbox_config
from models.person import Identity
from tests.sandbox.backend import Served
from tests.sandbox.street import Street
from tests.town import KINDS, OPENIDS, Town


@pytest.fixture
def platform(town: Town, tmp_path: Path) -> Iterator[Street]:
    """The phones of the town; our callbacks are not told anything. The town's context now speaks to it."""
    yield from connected(town, tmp_path)


@pytest.fixture
def sqlite_platform(sqlite_town: Town, tmp_path: Path) -> Iterator[Street]:
    """The same for the town on SQLite."""
    yield from connected(sqlite_town, tmp_path)


def connected(town: Town, folder: Path) -> Iterator[Street]:
    config = sandbox_config(town.settings) | {"state": str(folder / "platform.sqlite")}
    for app in config["apps"]:
        app["callback_url"] = ""
    sandbox = create_sandbox(config)
    served = Served(sandbox)
    street = Street(served.url, config)
    wechat = town.settings.wechat.model_copy(update={"api": f"{served.url}/wechat", "read_timeout": 1.0})
    letters = town.settings.letters.model_copy(update={"attempts": 3, "backoff_seconds": 30})
    town.settings = town.settings.model_copy(update={"wechat": wechat, "letters": letters})
    town.context = make_context(town.settings)
    for person in street.control("GET", "people")["people"]:
        for account in KINDS:
            known = (Identity.account == account) & (Identity.openid == OPENIDS[person["key"]][account])
            Identity.update(openid=person["openids"][account]).where(known).execute()
    yield street
    for account in town.context.wechat.values():
        account._http.close()
    street.wire.close()
    sandbox.extensions["sandbox"].courier.stop()
    served.stop()
