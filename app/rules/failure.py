"""Waiting after failed tries with a password, without locking anybody out.

What is counted is a login at one address, and an address alone (looser: a whole office may share one). Of an
address of IPv6 it is the whole /64, or else every guesser had endless addresses. So nobody can
shut an account from elsewhere: from another address, or by the QR code, its owner still comes in. A try is counted as
failed before it is looked at and forgiven when it was right, so that many at once do not slip through together.
"""

import hashlib
import math
from datetime import timedelta

from app.rules.address import neighbourhood
from app.rules.refusal import Refusal
from models.base import now
from models.credential import Failure

#: After how many failures one begins to wait: 2 seconds, then 4, 8 … up to LONGEST.
FREE = 5
FREE_OF_ADDRESS = 30
LONGEST = 900
#: Failures this old do not count any more.
FORGOTTEN = timedelta(days=1)


class TooSoon(Refusal):
    """The next try is looked at after `seconds`."""

    def __init__(self, seconds: int):
        wait = f"{seconds} 秒" if seconds < 60 else f"{math.ceil(seconds / 60)} 分钟"
        super().__init__("too_soon", f"试错的次数多了，请过 {wait}再试。急用的话，现在就可以改用微信扫码登录。")
        self.seconds = seconds


def count(*, login: str, address: str) -> None:
    """Count a try as failed, within the transaction of the caller. Raises TooSoon: it is then not looked at at all."""
    _count(_key(None, address), FREE_OF_ADDRESS)
    _count(_key(login, address), FREE)


def forgive(*, login: str, address: str) -> None:
    """The try counted last was right: the login's failures here are forgotten, the address has one less."""
    Failure.delete().where(Failure.key == _key(login, address)).execute()
    there = (Failure.key == _key(None, address)) & (Failure.count > 0)
    Failure.update(count=Failure.count - 1, again_at=now()).where(there).execute()


def _key(login: str | None, address: str) -> str:
    """What is counted under; the login hashed, because people type a password where the login belongs."""
    return f"{'' if login is None else hashlib.sha256(login.encode()).hexdigest()}@{neighbourhood(address)[:64]}"


def _count(key: str, free: int) -> None:
    moment = now()
    Failure.insert(key=key, count=0, again_at=moment, last_at=moment).on_conflict_ignore().execute()
    Failure.update(count=0).where(Failure.key == key, Failure.last_at <= moment - FORGOTTEN).execute()
    # The guarded UPDATE locks the row until the commit: whoever comes at the same moment waits and then sees again_at.
    open_now = (Failure.key == key) & (Failure.again_at <= moment)
    counted = Failure.update(count=Failure.count + 1, last_at=moment).where(open_now).execute()
    row = Failure.get_by_id(key)
    if not counted:
        raise TooSoon(max(1, math.ceil((row.again_at - moment).total_seconds())))
    if row.count >= free:
        wait = timedelta(seconds=min(LONGEST, 2 ** min(row.count - free + 1, 10)))
        Failure.update(again_at=moment + wait).where(Failure.key == key).execute()
