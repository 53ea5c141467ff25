"""What every door has at hand: limits are counted together by all processes when there is a Redis."""

import pytest

from app.context import TooMany, make_context
from tests.town import settings_for


@pytest.fixture
def settings(tmp_path):
    url = f"sqlite:///{tmp_path / 'doorstep.sqlite'}"
    return lambda **environ: settings_for(tmp_path, url, DOORSTEP_LIMITS__LOGIN="3/hour", **environ)


def count(context, who: str, times: int) -> None:
    for _ in range(times):
        context.limit("login", who)


def test_a_limit_counts_for_each_by_itself(settings):
    context = make_context(settings())
    count(context, "198.51.100.7", 3)
    with pytest.raises(TooMany):
        count(context, "198.51.100.7", 1)
    count(context, "198.51.100.8", 3)


def test_two_hosts_count_together_in_redis(settings, redis_url):
    one, other = (make_context(settings(DOORSTEP_REDIS__URL=redis_url)) for _ in range(2))
    count(one, "198.51.100.7", 2)
    count(other, "198.51.100.7", 1)
    for context in (one, other):
        with pytest.raises(TooMany):
            count(context, "198.51.100.7", 1)
        context.counters.close()
