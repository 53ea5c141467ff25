"""A stand-in platform, a token store, and the two accounts of the community in Lane 7."""

from collections.abc import Iterator

import pytest

from app.gateway.wechat import Account, Wechat

from .stand_in import StandIn
from .token_stores import MemoryTokens

MINI = Account("mini", "miniprogram", "wx00000000000000a1", "SECRET-of-the-mini-program")
OFFICIAL = Account("official", "official", "wx00000000000000b2", "SECRET-of-the-official-account")


@pytest.fixture
def platform() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def mini(platform: StandIn, tokens: MemoryTokens) -> Iterator[Wechat]:
    """The mini-program, with little patience so that slowness is noticed soon."""
    wechat = Wechat(MINI, tokens, api=platform.url, connect_timeout=0.5, read_timeout=0.4)
    yield wechat
    wechat.close()


@pytest.fixture
def official(platform: StandIn, tokens: MemoryTokens) -> Iterator[Wechat]:
    wechat = Wechat(OFFICIAL, tokens, api=platform.url, connect_timeout=0.5, read_timeout=0.4)
    yield wechat
    wechat.close()
