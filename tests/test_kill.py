"""A short story under SIGKILL on both engines; `make kill` plays the long one."""

import pytest

from tests.kill import play


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_nothing_acknowledged_is_lost_or_doubled(engine, request):
    url = request.getfixturevalue("postgres_url") if engine == "postgres" else ""
    report = play(messages=50, kills=4, database_url=url, seed=7)
    assert report.broken() == []
    assert report.acknowledged > 30
