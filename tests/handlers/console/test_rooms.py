"""Every room opens for whoever holds its right and for nobody else, on both engines, with things in it."""

from datetime import timedelta

import pytest

from app.context import database_open
from app.factory import create_app
from app.rules import rights, session
from handlers.console import ROOMS, ROUTES
from models.base import database, write
from tests.handlers.console.conftest import Browser, ask, make_late, report

STAFF = ("chenjing", "hefang", "wangdashan", "dengwei")


@pytest.fixture
def browsers(town) -> dict[str, Browser]:
    """A browser for each of the staff, in a town with a late case and a question."""
    make_late(report(town))
    ask(town)
    with write():
        lasts = timedelta(hours=1)
        tokens = {key: session.open_session(town.person(key), door="console", lasts=lasts)[1] for key in STAFF}
    database.close()
    database.close_all()
    app = create_app(town.settings)
    return {key: Browser(app, token) for key, token in tokens.items()}


def test_each_room_opens_by_its_right_and_stands_in_the_menu(browsers, town):
    paths = {endpoint: path for endpoint, method, path, _ in ROUTES if method == "GET"}
    for key, browser in browsers.items():
        with database_open():
            actor = town.actor(key)
        menu = browser.text("/").partition('id="rooms"')[2].partition("</nav>")[0]
        for endpoint, words, action, _ in ROOMS:
            may = rights.may(actor, action) or bool(rights.sums(actor, action))
            assert (browser.get(paths[endpoint]).status_code, f">{words}</a>" in menu) == (200 if may else 403, may)


def test_searches_and_filters_work_on_both_engines(browsers):
    for path in ("/cases?late=1&category=street_light", "/households?where=幸福家园 501"):
        assert "幸福家园" in browsers["chenjing"].text(path)
    assert "王大山" in browsers["dengwei"].text("/people?person=13800000002")


def test_every_view_names_the_right_it_asks_for():
    assert [endpoint for endpoint, _, _, view in ROUTES if view.action not in rights.RIGHTS] == []
