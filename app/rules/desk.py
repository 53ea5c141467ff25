"""The desk's own verbs: come in with a consented QR code, come in first with the setup code, send a letter again."""

from datetime import timedelta

from app.rules import audit, letter, rights, session
from app.rules.actor import Actor, actor_of
from app.rules.refusal import Conflict, NotFound, Refusal
from models.letter import Letter
from models.person import Person
from models.session import Session, Signin

GONE = "登录二维码已失效，请换一个新的再扫。"


def keep_qr(signin: Signin, url: str) -> Signin:
    """Keep what the platform wants drawn as the QR code of a sign-in."""
    Signin.update(qr_url=url[:256]).where(Signin.id == signin.id).execute()
    return Signin.get_by_id(signin.id)


def enter(scene: str, *, browser: str, lasts: timedelta, agent: str, address: str) -> tuple[Session, str] | None:
    """The browser that showed the code comes in: a new session and its token, once.

    None when the person has no part at the desk (the code is used up, and it is written down). Raises Refusal
    `signin_gone` when the code is not approved, out of date, used, or another browser's.
    """
    person = _consented(scene, browser, "desk")
    actor = actor_of(person, address)
    if not rights.may(actor, "desk.read"):
        audit.note("session.open", actor=actor, community=None, subject=person.key, result="refused", door="console")
        return None
    return session.open_session(person, door="console", lasts=lasts, agent=agent, address=address)


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
    return session.open_session(person, door="console", lasts=lasts, agent=agent, address=address)


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
