"""A street with three neighbours, a mini-program, an official account, and a backend that listens."""

import copy

import pytest

from app.sandbox.server import create_sandbox
from tests.sandbox.backend import Backend, Served
from tests.sandbox.street import CONFIG, Street


@pytest.fixture
def config(tmp_path):
    """A configuration of its own for every test; a test may change it before it asks for `street`."""
    return copy.deepcopy(CONFIG) | {"state": str(tmp_path / "sandbox.sqlite")}


@pytest.fixture
def backend(config):
    """The recording backend, listening."""
    backend = Backend({app["name"]: app for app in config["apps"]})
    served = Served(backend.app())
    backend.url = served.url
    for app in config["apps"]:
        app["callback_url"] = f"{served.url}/wechat/{app['name']}"
    yield backend
    served.stop()


@pytest.fixture
def street(config, backend):
    """The sandbox over real HTTP, its callbacks going to `backend`."""
    app = create_sandbox(config)
    served = Served(app)
    street = Street(served.url, config)
    yield street
    street.wire.close()
    app.extensions["sandbox"].courier.stop()
    served.stop()
