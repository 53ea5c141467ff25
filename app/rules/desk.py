"""The desk's own verbs: come in with a consented QR code, come in first with the setup code, send a letter again."""

from datetime import timedelta

from app.rules import audit, letter, rights, session
from app.rules.actor import Actor, actor_of
from app.rules.refusal import Conflict, NotFound, Refusal
from models.letter import Letter
from models.person import Person
from models.session import Session, Signin

GONE = "登录二维码已失效，请换一个新的再扫。"
SCANNED_GONE = "这个登录二维码已失效，请在电脑上刷新后重新扫码。"
NO_PART = "这个微信号还没有工作台的岗位，不能登录。请联系街道或区管理员，任命后再扫码。"


def keep_qr(signin: Signin, url: str) -> Signin:
    """Keep what the platform wants drawn as the QR code of a sign-in."""
    Signin.update(qr_url=url[:256]).where(Signin.id == signin.id).execute()
    return Signin.get_by_id(signin.id)


def scan(scene: str, *, actor: Actor) -> Signin:
    """Somebody scanned the code of a screen.

    Raises Refusal `signin_gone` (unknown, out of date, scanned by another) or `no_part`, which leaves the code alone.
    """
    signin = Signin.get_or_none(Signin.scene == scene)
    if signin is not None and signin.purpose == "desk" and not rights.may(actor, "desk.read"):
        audit.note("session.open", actor=actor, community=None, subject=actor.person.key, result="refused", way="qr")
        raise Refusal("no_part", NO_PART)
    scanned = session.scan_signin(scene, actor.person)
    if scanned is None:
        raise Refusal("signin_gone", SCANNED_GONE)
    return scanned


def enter(scene: str, *, browser: str, lasts: timedelta, agent: str, address: str) -> tuple[Session, str] | None:
    """The browser that showed the code comes in: a new session and its token, once.

    None when the person has no part at the desk (the code is used up, and it is written down). Raises Refusal
    `signin_gone` when the code is not approved, out of date, used, or another browser's.
    """
    return admit(_consented(scene, browser, "desk"), way="qr", lasts=lasts, agent=agent, address=address)


def admit(person: Person, *, way: str, lasts: timedelta, agent: str, address: str) -> tuple[Session, str] | None:
    """Somebody who has proven by a `way` (qr, password) who it is: a new session at the desk and its token.

    None for whoever has no part at the desk, and that is written down.
    """
    actor = actor_of(person, address, "console")
    if not rights.may(actor, "desk.read"):
        audit.note("session.open", actor=actor, community=None, subject=person.key, result="refused", way=way)
        return None
    return session.open_session(person, door="console", way=way, lasts=lasts, agent=agent, address=address)


def enter_first(
    scene: str, code: str, *, browser: str, lasts: timedelta, agent: str, address: str
) -> tuple[Session, str]:
    """The first administrator comes in with the setup code.

    Raises Refusal `no_district`, `signin_gone` or `setup_code`, NotFound once every district has an administrator.
    """
    if not session.setup_needed():
        raise NotFound()
    session.need_district()
    person = _consented(scene, browser, "setup")
    session.use_setup_code(code, person)
    return session.open_session(person, door="console", way="setup", lasts=lasts, agent=agent, address=address)


def _consented(scene: str, browser: str, purpose: str) -> Person:
    signin = session.use_signin(scene, browser)
    if signin is None or signin.purpose != purpose:
        raise Refusal("signin_gone", GONE)
    return signin.person


def resend_letter(row: Letter, *, actor: Actor) -> None:
    """Put a letter that did not arrive back on its way.

    Raises Refusal `no_way` without a channel, Conflict when it moved meanwhile.
    """
    rights.need(actor, "letter.resend", community=row.community)
    if row.identity_id is None:
        raise Refusal("no_way", "对方没有能收消息的微信身份，再发也到不了，请打电话或上门告知。")
    if not letter.resend(row):
        raise Conflict("这条消息刚刚有了变化，请刷新后再看。")
    audit.note("letter.resend", actor=actor, community=row.community, subject=row.key, was=row.state)
    audit.tell_screens(row.community, "letter", row.key)
