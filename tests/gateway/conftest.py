"""A stand-in platform, a token store, and the two accounts of the community in Lane 7."""

from collections.abc import Iterator

import pytest

from app.gateway.wechat import Account, Wechat

from .stand_in import StandIn
from .token_stores import MemoryTokens

MINI = Account("mini", "miniprogram", "wx00000000000000a1", "SECRET-of-the-mini-program")
OFFICIAL = Account("official", "official", "wx00000000000000b2", "SECRET-of-the-official-account")

SLOW = ("hang", "drip_head", "drip_body")


@pytest.fixture
def platform() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def mini(request: pytest.FixtureRequest, platform: StandIn, tokens: MemoryTokens) -> Iterator[Wechat]:
    """The mini-program; a test of slowness (its parameter `name` says so) has little patience, to be over soon."""
    slow = getattr(request.node, "callspec", None) and request.node.callspec.params.get("name") in SLOW
    wechat = Wechat(MINI, tokens, api=platform.url, connect_timeout=5, read_timeout=0.4 if slow else 5)
    yield wechat
    wechat.close()


@pytest.fixture
def official(platform: StandIn, tokens: MemoryTokens) -> Iterator[Wechat]:
    wechat = Wechat(OFFICIAL, tokens, api=platform.url)
    yield wechat
    wechat.close()
