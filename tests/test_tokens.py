"""Access tokens in the database: fifty want the lease, one gets it; who comes back late changes nothing."""

import time

import pytest

from app.gateway.tokens import Token, TokenKeeper
from app.tokens import DatabaseTokens
from models.wechat_token import WechatToken
from tests.rules.together import at_once

APP = "wx5d1f0c7a9e3b2846"


@pytest.fixture
def store(sqlite_town):
    """The store of a fresh town."""
    return DatabaseTokens()


@pytest.fixture
def any_store(town):
    """The same on either engine."""
    return DatabaseTokens()


def test_at_first_there_is_none(store):
    assert store.read(APP) is None
    store.claim(APP, 10)
    assert store.read(APP) is None


def test_fifty_want_it_and_one_gets_it(any_store):
    fences = at_once(*[lambda: any_store.claim(APP, 10)] * 50)
    assert (fences.count(None), len(fences)) == (49, 50)


def test_whoever_holds_the_lease_stores_and_all_read_it(store):
    fence = store.claim(APP, 10)
    assert store.store(APP, fence, Token("abc", 1e10)) is True
    assert at_once(*[lambda: store.read(APP)] * 10) == [Token("abc", 1e10)] * 10


def test_a_lease_ends_by_itself_and_its_late_holder_changes_nothing(any_store):
    """The first fetcher hung; the second has a newer token when the first comes back with an old one."""
    late = any_store.claim(APP, 0.05)
    time.sleep(0.06)
    quick = any_store.claim(APP, 10)
    assert any_store.store(APP, quick, Token("new", 1e10)) is True
    assert any_store.store(APP, late, Token("old", 1e10)) is False
    any_store.release(APP, late)
    assert (any_store.read(APP), any_store.claim(APP, 10)) == (Token("new", 1e10), None)


def test_after_release_it_is_free_at_once(store):
    store.release(APP, store.claim(APP, 10))
    assert len(store.claim(APP, 10)) == 16


def test_a_released_fence_cannot_store_any_more(store):
    fence = store.claim(APP, 10)
    store.release(APP, fence)
    assert store.store(APP, fence, Token("abc", 1e10)) is False


def test_every_app_has_its_own(store):
    one, other = store.claim(APP, 10), store.claim("wxb84e2f6071c9d35a", 10)
    store.store(APP, one, Token("abc", 1e10))
    assert (store.read("wxb84e2f6071c9d35a"), other is None) == (None, False)


def test_a_long_token_is_kept_whole(any_store):
    """The platform promises at least 512 characters of room."""
    any_store.store(APP, any_store.claim(APP, 10), Token("t" * 700, 1e10))
    assert len(WechatToken.get_by_id(APP).value) == 700


def test_fifty_threads_that_need_a_token_fetch_it_once(any_store):
    """Ten hosts with five threads each: the platform is asked once, and everybody has the same."""
    fetched = []

    def fetch(force):
        fetched.append(force)
        time.sleep(0.05)
        return Token(f"token-{len(fetched)}", time.time() + 7200)

    keepers = [TokenKeeper(APP, DatabaseTokens(), fetch, time.time) for _ in range(10)]
    assert at_once(*[keeper.value for keeper in keepers] * 5) == ["token-1"] * 50
    assert fetched == [False]
