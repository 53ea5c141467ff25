"""Somebody guesses 陈静's password: the guesser waits longer and longer, she herself is never locked out."""

from datetime import timedelta

import pytest

from app.rules import failure
from app.rules.failure import TooSoon
from models.base import now, write
from models.credential import Failure
from tests.rules.together import at_once, kinds

OFFICE, ELSEWHERE = "198.51.100.7", "203.0.113.66"


def fail(login: str = "chenjing", address: str = ELSEWHERE) -> int:
    """One failed try; after how many seconds it may be tried again when it was not even looked at, else 0."""
    try:
        with write():
            failure.count(login=login, address=address)
    except TooSoon as refusal:
        return refusal.seconds
    return 0


def wait_over() -> None:
    Failure.update(again_at=now() - timedelta(seconds=1)).execute()


def waits() -> int:
    """For how long the login must wait after its last failure, in seconds."""
    row = Failure.select().where(~Failure.key.startswith("@")).get()
    return max(0, round((row.again_at - row.last_at).total_seconds()))


def test_five_failures_are_free_and_then_the_waiting_doubles_up_to_a_quarter_of_an_hour(town):
    found = []
    for _ in range(17):
        assert fail() == 0
        found.append(waits())
        wait_over()
    assert found == [0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]


def test_a_try_while_one_waits_is_not_looked_at_and_makes_nothing_worse(town):
    for _ in range(8):
        fail()
        wait_over()
    assert fail() == 0
    count = Failure.select(Failure.count).where(~Failure.key.startswith("@")).scalar()
    assert 30 <= fail() <= 32
    assert Failure.select(Failure.count).where(~Failure.key.startswith("@")).scalar() == count


def test_the_owner_comes_in_from_another_address_and_others_from_the_same(sqlite_town):
    for _ in range(9):
        fail()
    assert fail() > 0
    assert (fail(address=OFFICE), fail("hefang")) == (0, 0)


def test_an_address_alone_waits_after_thirty(sqlite_town):
    """One address tries many logins, each of them once."""
    assert [fail(f"guess{number}") for number in range(30)] == [0] * 30
    assert 1 <= fail("guess30") <= 2
    assert fail(address=OFFICE) == 0


def test_an_empty_login_is_one_login_and_not_the_whole_address(sqlite_town):
    assert [fail("") for _ in range(5)] == [0] * 5
    assert (fail("") > 0, fail("chenjing")) == (True, 0)


def test_a_right_one_forgets_the_failures_of_its_login_here(town):
    for _ in range(4):
        fail()
    fail()
    with write():
        failure.forgive(login="chenjing", address=ELSEWHERE)
    assert [fail() for _ in range(5)] == [0] * 5
    assert fail() > 0


def test_yesterdays_failures_do_not_count(sqlite_town):
    for _ in range(7):
        fail()
        wait_over()
    Failure.update(last_at=now() - timedelta(hours=25)).execute()
    assert [fail() for _ in range(5)] == [0] * 5


def test_twenty_tries_at_the_same_moment_do_not_slip_through(town):
    def attempt():
        with write():
            failure.count(login="chenjing", address=ELSEWHERE)

    assert kinds(at_once(*[attempt] * 20)) == ["NoneType"] * 5 + ["TooSoon"] * 15


def test_what_was_typed_as_a_login_is_kept_nowhere(sqlite_town):
    fail("my-password-by-mistake")
    assert "mistake" not in repr(list(Failure.select().dicts()))


@pytest.mark.parametrize(("seconds", "words"), [(2, "2 秒"), (59, "59 秒"), (61, "2 分钟"), (900, "15 分钟")])
def test_how_long_is_said_in_words(seconds, words):
    assert TooSoon(seconds).message == f"试错的次数多了，请过 {words}再试。急用的话，现在就可以改用微信扫码登录。"
