"""王大山 blocked the official account: the platform takes his task, reports later that it failed, the chat brings it.

The way of every party is real: our sender speaks to the sandbox over HTTP, the sandbox's report comes to our callback.
"""

import pytest

from app.factory import create_app
from models.base import database
from tests.jobs.conftest import sqlite_platform
from tests.jobs.post import SUBSCRIBE, TEMPLATE, accept, arrived, calls, ends, owe, speak, work
from tests.sandbox.backend import Served

__all__ = ["sqlite_platform"]


@pytest.fixture
def told(sqlite_town, sqlite_platform):
    """The platform, whose reports now come to our callbacks."""
    served = Served(create_app(sqlite_town.settings))
    for account in ("mini", "official"):
        sqlite_platform.control("POST", f"apps/{account}", {"callback_url": f"{served.url}/wechat/{account}"})
    if database.is_closed():
        database.connect()
    yield sqlite_platform
    sqlite_platform.drain()
    served.stop()


def deliver_all(town, street):
    """Deliver what is owed, and what is owed anew after the platform's reports."""
    for _ in range(2):
        work(town)
        street.drain()


def test_a_blocked_template_message_is_refused_and_the_chat_brings_the_task(sqlite_town, told):
    speak(sqlite_town, told, "wangdashan", "任务")
    told.do("wangdashan", "block", app="official", blocked=True)
    seen = len(arrived(told, "wangdashan"))
    owe(sqlite_town)
    deliver_all(sqlite_town, told)
    assert ends() == [
        ("subscribe", "refused", "no_subscribe_budget"), ("template", "refused", "user_block"), ("chat", "sent", "ok"),
    ]  # fmt: skip
    assert calls(told, TEMPLATE) == [0]
    assert [item["kind"] for item in arrived(told, "wangdashan")[seen:]] == ["text"]


def test_a_subscription_switched_off_unseen_falls_back_to_the_template_message(sqlite_town, told):
    accept(sqlite_town, told)
    told.do("wangdashan", "block", app="mini", blocked=True)
    owe(sqlite_town)
    deliver_all(sqlite_town, told)
    assert ends() == [("subscribe", "refused", "not_subscribed"), ("template", "sent", "ok")]
    assert calls(told, SUBSCRIBE) == [0]
    assert [item["kind"] for item in arrived(told, "wangdashan")] == ["template"]
