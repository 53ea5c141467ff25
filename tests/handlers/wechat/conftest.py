"""Phones at the callback, on a fresh town."""

from collections.abc import Callable

import pytest

from app.factory import create_app
from models.base import database
from tests.handlers.wechat.phone import Phone, phone
from tests.town import Town


@pytest.fixture
def take(client) -> Callable[..., Phone]:
    """`take("zhanglan")` is her phone at the official account, `take("zhanglan", "mini")` at the mini-program."""
    return lambda key, account="official": phone(client, key, account)


def open_client(town: Town):
    """A client of the whole app in a town on either engine."""
    database.close_all()
    client = create_app(town.settings).test_client()
    client.town = town
    return client


@pytest.fixture
def take_either(town: Town) -> Callable[..., Phone]:
    """The same as `take`, once on SQLite and once on PostgreSQL."""
    client = open_client(town)
    return lambda key, account="official": phone(client, key, account)
