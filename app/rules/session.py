"""Sessions and how one comes by them: a login code, a scanned QR code, a one-time setup code.

Tokens are opaque and random; only their sha256 is kept, so a leaked table opens nothing.
"""

import functools
import hashlib
import hmac
import operator
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import peewee

from app.rules import audit
from app.rules.actor import Actor, actor_of
from app.rules.refusal import Conflict, Forbidden, Refusal
from models.base import now
from models.lifecycle import SIGNIN, find
from models.person import Person
from models.place import Place
from models.role import Role, holds_at
from models.session import Session, SetupCode, Signin

#: A session's last use is written at most this often: a row a request would be a write a read.
SEEN_EVERY = timedelta(minutes=5)
#: A token of the desk is replaced after this long; the one before it is good for GRACE more, for what is on its way.
ROTATE_EVERY = timedelta(minutes=15)
GRACE = timedelta(seconds=60)
#: How long after a sign-in one counts as just proven, for changing how one signs in (OWASP ASVS 5.0, 7.5.1).
FRESH = timedelta(minutes=10)
SCAN_TRIES = 3
STALE = "为了确认是您本人，这一步只在刚登录的 10 分钟内能做。请退出，重新登录后马上再来。"


def digest(token: str) -> str:
    """The sha256 of a token, as it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    person: Person, *, door: str, lasts: timedelta, way: str = "", agent: str = "", address: str = ""
) -> tuple[Session, str]:
    """A new session and its token (told only here): `door` api or console, `way` wechat, qr, password or setup."""
    token, address = secrets.token_urlsafe(32), address[:64]
    session = Session.create(
        person=person,
        door=door,
        way=way,
        token_hash=digest(token),
        agent=agent[:200],
        address=address,
        expires_at=now() + lasts,
    )
    audit.note("session.open", actor=actor_of(person, address, door), community=None, subject=session.key, way=way)
    return session, token


def find_session(token: str, *, door: str, idle: timedelta | None = None) -> Session | None:
    """The live session of a token at a door: not ended, not expired, not idle for too long. One query.

    The token before the last rotation still opens it within GRACE.
    """
    moment, hashed = now(), digest(token)
    session = (
        Session.select(Session, Person)
        .join(Person)
        .where((Session.token_hash == hashed) | (Session.previous_hash == hashed), Session.door == door)
        .first()
    )
    if session is None or session.ended_at is not None or session.expires_at <= moment:
        return None
    if idle is not None and session.seen_at + idle <= moment:
        return None
    if session.token_hash != hashed and session.rotated_at + GRACE <= moment:
        return None
    return session


def rotation_due(session: Session, *, token: str) -> bool:
    """Whether a token has served for ROTATE_EVERY, or is the one before the last rotation."""
    return session.token_hash != digest(token) or (session.rotated_at or session.created_at) + ROTATE_EVERY <= now()


def rotate(session: Session, *, token: str, successor: str) -> bool:
    """Replace a token that is due; whether its bearer must be told the successor.

    Of requests that come together one moves the session on and all are told the same successor, also those that come
    within GRACE with the old token: an answer that was lost on its way signs nobody out.
    """
    hashed = digest(token)
    if session.token_hash != hashed:
        return session.token_hash == digest(successor)
    if not rotation_due(session, token=token):
        return False
    same = (Session.id == session.id) & (Session.token_hash == hashed)
    Session.update(token_hash=digest(successor), previous_hash=hashed, rotated_at=now()).where(same).execute()
    return True


def renew(session: Session, *, actor: Actor) -> str:
    """A new token for a session of the API; the old one opens nothing from now on, and the absolute end stays.

    Raises Conflict when another request was faster.
    """
    token = secrets.token_urlsafe(32)
    same = (Session.id == session.id) & (Session.token_hash == session.token_hash) & Session.ended_at.is_null()
    if not Session.update(token_hash=digest(token), previous_hash=None, rotated_at=now()).where(same).execute():
        raise Conflict("登录刚刚换过了，请用新的登录凭据。")
    audit.note("session.renew", actor=actor, community=None, subject=session.key)
    return token


def touch(session: Session, moment: datetime) -> None:
    """Note that a session was used, at most every five minutes."""
    if session.seen_at + SEEN_EVERY <= moment:
        Session.update(seen_at=moment).where(Session.id == session.id).execute()


def end_session(session: Session, *, actor: Actor) -> None:
    """End a session at once, on every host."""
    Session.update(ended_at=now()).where(Session.id == session.id, Session.ended_at.is_null()).execute()
    about = session.person if actor.person.id != session.person_id else None
    audit.note("session.end", actor=actor, community=None, subject=session.key, about=about)


def live_of(person: Person, idle: Mapping[str, timedelta]) -> peewee.ModelSelect:
    """Where a person is signed in, the newest first. `idle` says for each door after how long without use it ends."""
    moment = now()
    used = functools.reduce(
        operator.or_, [(Session.door == door) & (Session.seen_at > moment - limit) for door, limit in idle.items()]
    )
    live = Session.ended_at.is_null() & (Session.expires_at > moment) & used
    return Session.select().where(Session.person == person, live).order_by(Session.id.desc())


def end_others(session: Session, *, actor: Actor) -> int:
    """End all sessions of the person but this one; how many that were."""
    return _end_all((Session.person == session.person_id) & (Session.id != session.id), actor)


def end_desk_sessions(person: Person, *, actor: Actor, way: str = "", but: Session | None = None) -> int:
    """End a person's sessions at the desk, or only those opened by one way, `but` for one; how many that were.

    For whoever has no part at the desk any more, and for a way of signing in that was changed or taken away.
    """
    which = (Session.person == person) & (Session.door == "console") & (Session.id != (but.id if but else 0))
    return _end_all(which & (Session.way == way) if way else which, actor)


def rotate_desk_sessions(person: Person) -> None:
    """Let each of a person's sessions at the desk get a new token with its next request: the rights have changed."""
    here = (Session.person == person) & (Session.door == "console") & Session.ended_at.is_null()
    Session.update(rotated_at=now() - ROTATE_EVERY).where(here).execute()


def _end_all(which: peewee.Expression, actor: Actor) -> int:
    rows = list(Session.select(Session, Person).join(Person).where(which, Session.ended_at.is_null()))
    for row in rows:
        end_session(row, actor=actor)
    return len(rows)


def need_fresh(session: Session) -> None:
    """Raise Forbidden unless the sign-in was within the last minutes: an unwatched desk gives nobody a way in."""
    if session.created_at + FRESH <= now():
        raise Forbidden(STALE)


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


def refuse_signin(person: Person) -> bool:
    """The scanner says that it is not the own screen; whether there was something to refuse."""
    mine = Signin.select().where(Signin.person == person, Signin.state == "scanned", Signin.expires_at > now())
    signin = mine.order_by(Signin.id.desc()).first()
    return signin is not None and _move(signin, "refuse")


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
