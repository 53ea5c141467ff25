"""Sessions and how one comes by them: a login code, a scanned QR code, a one-time setup code.

Tokens are opaque and random; only their sha256 is kept, so a leaked table opens nothing.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import peewee

from app.rules import audit
from app.rules.actor import Actor, actor_of
from app.rules.refusal import Refusal
from models.base import now
from models.lifecycle import SIGNIN, find
from models.person import Person
from models.place import Place
from models.role import Role, holds_at
from models.session import Session, SetupCode, Signin

#: A session's last use is written at most this often: a row a request would be a write a read.
SEEN_EVERY = timedelta(minutes=5)
SCAN_TRIES = 3


def digest(token: str) -> str:
    """The sha256 of a token, as it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    person: Person, *, door: str, lasts: timedelta, agent: str = "", address: str = ""
) -> tuple[Session, str]:
    """A new session and its token (told only here). `door` is "api" or "console"."""
    token, address = secrets.token_urlsafe(32), address[:64]
    session = Session.create(
        person=person,
        door=door,
        token_hash=digest(token),
        agent=agent[:200],
        address=address,
        expires_at=now() + lasts,
    )
    audit.note("session.open", actor=actor_of(person, address), community=None, subject=session.key, door=door)
    return session, token


def find_session(token: str, *, door: str, idle: timedelta | None = None) -> Session | None:
    """The live session of a token at a door: not ended, not expired, not idle for too long. One query."""
    moment = now()
    session = (
        Session.select(Session, Person)
        .join(Person)
        .where(Session.token_hash == digest(token), Session.door == door)
        .first()
    )
    if session is None or session.ended_at is not None or session.expires_at <= moment:
        return None
    if idle is not None and session.seen_at + idle <= moment:
        return None
    return session


def touch(session: Session, moment: datetime) -> None:
    """Note that a session was used, at most every five minutes."""
    if session.seen_at + SEEN_EVERY <= moment:
        Session.update(seen_at=moment).where(Session.id == session.id).execute()


def end_session(session: Session, *, actor: Actor) -> None:
    """End a session at once, on every host."""
    Session.update(ended_at=now()).where(Session.id == session.id, Session.ended_at.is_null()).execute()
    audit.note("session.end", actor=actor, community=None, subject=session.key)


def show_signin(*, browser: str, purpose: str, lasts: timedelta, agent: str, address: str) -> Signin:
    """A QR code for one browser (`browser` is the secret in its cookie), with the number shown beside it."""
    return Signin.create(
        scene="signin-" + secrets.token_hex(12), browser_hash=digest(browser),
        number=f"{secrets.randbelow(10_000):04d}",
        purpose=purpose, agent=agent[:200], address=address[:64], expires_at=now() + lasts,
    )  # fmt: skip


def scan_signin(scene: str, person: Person) -> Signin | None:
    """Somebody scanned the code. None when it is unknown, out of date, or scanned by somebody else before."""
    signin = Signin.get_or_none(Signin.scene == scene)
    if signin is None or signin.expires_at <= now():
        return None
    if signin.state == "scanned":
        return signin if signin.person_id == person.id else None
    return signin if _move(signin, "scan", person=person) else None


def consent_signin(person: Person, number: str) -> Signin:
    """The scanner types the number that stands on the screen: this proves that it is the own screen.

    Raises Refusal `signin_gone` or `signin_number` (three tries).
    """
    signin = (
        Signin.select()
        .where(Signin.person == person, Signin.state == "scanned", Signin.expires_at > now())
        .order_by(Signin.id.desc())
        .first()
    )
    if signin is None:
        raise _gone()
    if not hmac.compare_digest(signin.number.encode(), number.encode()):
        Signin.update(tries=Signin.tries + 1).where(Signin.id == signin.id).execute()
        if Signin.get_by_id(signin.id).tries >= SCAN_TRIES:
            _move(signin, "refuse")
            raise Refusal("signin_gone", "数字错了三次，这个二维码已作废，请在电脑上刷新后重新扫码。")
        raise Refusal("signin_number", "数字不对，请看清电脑屏幕上的四位数字再回复。")
    if not _move(signin, "consent"):
        raise _gone()
    return Signin.get_by_id(signin.id)


def _gone() -> Refusal:
    return Refusal("signin_gone", "登录二维码已失效，请在电脑上刷新后重新扫码。")


def pending_signin(person: Person) -> bool:
    """Whether the person has scanned a code and owes the number."""
    return Signin.select().where(Signin.person == person, Signin.state == "scanned", Signin.expires_at > now()).exists()


def use_signin(scene: str, browser: str) -> Signin | None:
    """The browser that showed the code comes for its session: once, and only that browser."""
    signin = Signin.get_or_none(Signin.scene == scene, Signin.browser_hash == digest(browser))
    if signin is None or signin.state != "approved" or signin.expires_at <= now():
        return None
    return signin if _move(signin, "use") else None


def _move(signin: Signin, verb: str, **values) -> bool:
    step = find(SIGNIN, signin.state, verb)
    if step is None:
        return False
    condition = (Signin.id == signin.id) & (Signin.state == signin.state)
    return bool(Signin.update(state=step.target, **values).where(condition).execute())


def new_setup_code(lasts: timedelta = timedelta(hours=24)) -> str:
    """A fresh one-time code for the first administrator, told once."""
    code = secrets.token_hex(6).upper()
    SetupCode.create(code_hash=digest(code), expires_at=now() + lasts)
    return code


def setup_needed() -> bool:
    """Whether there is no district yet, or one that nobody administers: roles are per district."""
    return bool(_unadministered()) or not _districts().exists()


def need_district() -> None:
    """Raise Refusal `no_district` while no district is loaded: there is nothing to administer."""
    if not _districts().exists():
        raise Refusal("no_district", "还没有载入行政区划，请先在服务器上运行 app.cli load。")


def _districts() -> peewee.ModelSelect:
    return Place.select().where(Place.kind == "district")


def _unadministered() -> list[Place]:
    operated = Role.select(Role.place).where(Role.kind == "operator", holds_at(now()))
    return list(_districts().where(Place.id.not_in(operated)))


def setup_code_valid(code: str) -> bool:
    """Whether a setup code is still good."""
    row = SetupCode.get_or_none(SetupCode.code_hash == digest("".join(code.upper().split())))
    return row is not None and row.used_at is None and row.expires_at > now()


def use_setup_code(code: str, person: Person) -> None:
    """Make the first administrator: operator and admin of every district that has no operator yet.

    Raises Refusal `no_district` (the code stays good) or `setup_code`.
    """
    need_district()
    used = (
        SetupCode.update(used_by=person, used_at=now())
        .where(
            SetupCode.code_hash == digest("".join(code.upper().split())), SetupCode.used_at.is_null(),
            SetupCode.expires_at > now(),
        )
        .execute()
    )  # fmt: skip
    if not used:
        raise Refusal("setup_code", "初始设置码不对或已用过，请在服务器上重新生成。", {"code": "无效"})
    for district in _unadministered():
        for kind in ("operator", "district_admin"):
            Role.create(person=person, place=district, kind=kind)
    audit.note("desk.setup", actor=actor_of(person), community=None, subject=person.key)
