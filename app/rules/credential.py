"""The other way to sign in at the desk: a password of one's own, with a one-time code of an authenticator app.

Set up by somebody who has just signed in, in force once a code has confirmed it. Passwords are kept by argon2id with
the first choice of the OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane; RFC 9106); codes are TOTP
(RFC 6238), each taken once. The TOTP secret comes in and goes out sealed; who calls opens it.
"""

import hmac
import re
import secrets
import unicodedata
from datetime import timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.rules import audit, rights, session
from app.rules.actor import Actor
from app.rules.refusal import Conflict, NotFound, Refusal
from models.base import now
from models.credential import Credential
from models.person import Person
from models.session import Session

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16)
#: Looked at when nobody has the login, so that it takes as long as a wrong password.
_NOBODY = HASHER.hash(secrets.token_hex(16))
LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
SHORTEST, LONGEST = 10, 128
#: What people try first; a password that is one of these with a little around it is refused.
COMMON = (
    "password", "passw0rd", "123456789", "12345678", "123456", "987654321", "qwertyuiop", "qwerty", "asdfghjkl",
    "zxcvbnm", "1q2w3e4r", "1qaz2wsx", "abc123", "iloveyou", "woaini", "5201314", "1314520", "admin", "administrator",
    "welcome", "letmein", "jiamenkou", "doorstep", "shequ", "yuwangtai", "kaifeng", "家门口", "社区", "密码",
)  # fmt: skip
#: How many letters must be left of a password without what is easily guessed of it.
_OWN = 6
STEP = 30
#: A pending login name that nobody confirmed is free again after this.
PENDING = timedelta(days=1)


def of(person: Person) -> Credential | None:
    """A person's credential, confirmed or not."""
    return Credential.get_or_none(Credential.person == person)


def of_login(login: str) -> Credential | None:
    """The credential of a login name as it was typed, whoever's it is."""
    return Credential.select(Credential, Person).join(Person).where(Credential.login == plain(login).lower()).first()


def new_secret() -> str:
    """A fresh TOTP secret: 160 random bits in base32 (RFC 4226 §4)."""
    return pyotp.random_base32(32)


def address_of(secret: str, login: str) -> str:
    """What the QR code for the authenticator app says."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name="家门口工作台")


def plain(text: str) -> str:
    """What was typed, whatever the keyboard: full-width letters are the plain ones (NFKC), no space around."""
    return unicodedata.normalize("NFKC", text[: 2 * LONGEST]).strip()


def choose(*, actor: Actor, login: str, password: str, sealed: str) -> Credential:
    """Choose login name and password and get a TOTP secret (`sealed`); it works once a code has confirmed it.

    Raises Refusal `login_invalid`, `login_taken` or `password_weak`, Conflict when one is in force already.
    """
    rights.need(actor, "credential.write")
    login = plain(login).lower()
    if not LOGIN.fullmatch(login):
        message = "登录名用 3 到 32 个小写字母、数字、点或横线，以字母开头。"
        raise Refusal("login_invalid", message, {"login": message})
    hashed = _hashed(actor.person, login, password)
    mine = of(actor.person)
    if mine is not None and mine.confirmed_at is not None:
        raise Conflict("您已经有登录密码了。要换登录名或手机，请先停用，再重新设置。")
    old = (Credential.confirmed_at.is_null()) & (Credential.changed_at < now() - PENDING)
    Credential.delete().where((Credential.person == actor.person) | (Credential.login == login) & old).execute()
    made = Credential.insert(person=actor.person, login=login, password_hash=hashed, totp_secret=sealed)
    made.on_conflict_ignore().execute()
    found = of(actor.person)
    if found is None:
        message = "这个登录名已有人用，请换一个。"
        raise Refusal("login_taken", message, {"login": message})
    audit.note("credential.write", actor=actor, community=None, subject=actor.person.key, deed="choose")
    return found


def confirm(*, actor: Actor, code: str, secret: str) -> None:
    """The first code of the authenticator app: from now on the password works.

    Raises NotFound when nothing waits for it, Refusal `code_wrong`.
    """
    rights.need(actor, "credential.write")
    found = of(actor.person)
    if found is None or found.confirmed_at is not None:
        raise NotFound("没有等待确认的密码，请先设置登录名和密码。")
    step = _step_of(secret, code)
    waiting = (Credential.person == actor.person) & Credential.confirmed_at.is_null()
    if step is None or not Credential.update(confirmed_at=now(), totp_step=step).where(waiting).execute():
        message = "验证码不对。请看手机上现在显示的六位数字；总是不对，请检查手机的时间是否准确。"
        raise Refusal("code_wrong", message, {"code": message})
    audit.note("credential.write", actor=actor, community=None, subject=actor.person.key, deed="confirm")


def change_password(*, actor: Actor, password: str, kept: Session) -> None:
    """Another password; whoever is signed in by the old one is signed out, but for the session that asks.

    Raises NotFound, Refusal `password_weak`.
    """
    rights.need(actor, "credential.write")
    found = of(actor.person)
    if found is None or found.confirmed_at is None:
        raise NotFound("您还没有登录密码，请先设置。")
    hashed = _hashed(actor.person, found.login, password)
    Credential.update(password_hash=hashed, changed_at=now()).where(Credential.person == actor.person).execute()
    audit.note("credential.write", actor=actor, community=None, subject=actor.person.key, deed="change")
    session.end_desk_sessions(actor.person, actor=actor, way="password", but=kept)


def remove(*, actor: Actor, kept: Session) -> None:
    """Take password and authenticator away, and what was opened by them but the session that asks. Raises NotFound."""
    rights.need(actor, "credential.write")
    if not Credential.delete().where(Credential.person == actor.person).execute():
        raise NotFound("您没有设置登录密码。")
    audit.note("credential.write", actor=actor, community=None, subject=actor.person.key, deed="remove")
    session.end_desk_sessions(actor.person, actor=actor, way="password", but=kept)


def matches(found: Credential | None, password: str) -> bool:
    """Whether this is the password; takes as long when there is no such login. Slow on purpose: no transaction."""
    try:
        HASHER.verify(found.password_hash if found else _NOBODY, plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return found is not None


def rehashed(found: Credential, password: str) -> str:
    """The hash by today's parameters, when the kept one was made by others; else empty."""
    return HASHER.hash(plain(password)) if HASHER.check_needs_rehash(found.password_hash) else ""


def prove(
    found: Credential | None, *, right: bool, code: str, secret: str | None, rehash: str = "", address: str = ""
) -> Person | None:
    """Who it is, when password (`right`, from `matches`) and one-time code prove it. Each code is taken once.

    `secret` is the opened TOTP secret, None when it could not be opened. A failure is written down, with whom it was
    tried for.
    """
    confirmed = found is not None and found.confirmed_at is not None
    step = _step_of(secret, code) if confirmed and right and secret else None
    if found is not None and step is not None:
        unused = (Credential.totp_step < step) & Credential.confirmed_at.is_null(False)
        if Credential.update(totp_step=step).where(Credential.person == found.person, unused).execute():
            if rehash:
                Credential.update(password_hash=rehash).where(Credential.person == found.person).execute()
            return found.person
    # Not by this person, for all we know: the row names whom it was tried for and from where.
    audit.note(
        "signin.password", actor=None, community=None, result="refused", about=found.person if found else None,
        address=address, door="console",
    )  # fmt: skip
    return None


def _hashed(person: Person, login: str, password: str) -> str:
    password = plain(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(f"密码要 {SHORTEST} 到 {LONGEST} 个字，可以是一句只有您知道的话。")
    if _obvious(password.casefold(), login, person.phone or "", person.name.casefold()):
        raise _weak("这个密码太容易猜到。不要用登录名、手机号、姓名或常见的密码，可以是一句只有您知道的话。")
    return HASHER.hash(password)


def _weak(message: str) -> Refusal:
    return Refusal("password_weak", message, {"password": message})


def _obvious(password: str, *about: str) -> bool:
    """Whether little is left of a password without what others know, or it is a few letters over and over."""
    left = password
    for word in sorted((*filter(None, about), *COMMON), key=len, reverse=True):
        left = left.replace(word, "")
    return len(set(left)) < 5 or len(left) < _OWN


def _step_of(secret: str, code: str) -> int | None:
    """The time step a code belongs to: this one, or its neighbours, as clocks differ a little (RFC 6238 §5.2)."""
    typed = "".join(plain(code).split()).encode()
    current, totp = int(now().timestamp()) // STEP, pyotp.TOTP(secret, interval=STEP)
    steps = [step for step in (current - 1, current, current + 1) if hmac.compare_digest(_code(totp, step), typed)]
    return max(steps, default=None)


def _code(totp: pyotp.TOTP, step: int) -> bytes:
    return totp.generate_otp(step).encode()
