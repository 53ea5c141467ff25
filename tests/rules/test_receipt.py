"""What is good once is used once, also by twenty at the same moment and also when the platform calls it good twice."""

from app.rules import receipt
from models.base import write
from tests.rules.together import at_once


def test_only_the_first_use_counts(town):
    zhanglan = town.person("zhanglan")
    with write():
        assert receipt.use_once(zhanglan, "login:abc") is True
    with write():
        assert receipt.use_once(zhanglan, "login:abc") is False
        assert receipt.use_once(zhanglan, "login:abd") is True
        assert receipt.use_once(town.person("sunmei"), "login:abc") is True


def test_twenty_at_once_are_one(town):
    zhanglan = town.person("zhanglan")

    def use():
        with write():
            return receipt.use_once(zhanglan, "login:abc")

    assert sorted(at_once(*[use] * 20)) == [False] * 19 + [True]
