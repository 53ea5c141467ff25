"""The room "登录与安全": the own password with its authenticator, and where one is signed in.

What changes the way in asks for a sign-in of the last minutes (app.rules.session.need_fresh).
"""

from io import BytesIO

import segno
from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import vault
from app.guard import actor, at_desk, idle_after
from app.rules import credential, session
from app.rules.browser import spoken
from app.rules.refusal import Forbidden, NotFound, Refusal
from handlers.console.password import sealing_key, secret_of
from models.base import write
from models.credential import Credential

#: How a session was opened, in words.
WAYS = {"wechat": "小程序", "qr": "微信扫码", "password": "密码和验证码", "setup": "初始设置码"}
FEW = 50


@at_desk("credential.write")
def show() -> str:
    """The room."""
    return _page()


def _page(problem: Refusal | None = None) -> str:
    found = credential.of(actor().person)
    waiting = found is not None and found.confirmed_at is None
    fresh = _is_fresh()
    secret = secret_of(found) if waiting and fresh else None
    rows = [(row, spoken(row.agent)) for row in session.live_of(actor().person, idle_after()).limit(FEW)]
    return render_template(
        "console/credential.html", credential=found, waiting=waiting, secret=secret, fresh=fresh, stale=session.STALE,
        problem=problem, asked=request.form.get("login", "")[:64], rows=rows, mine=g.session, ways=WAYS,
        broken=found is not None and secret_of(found) is None,
    )  # fmt: skip


def _is_fresh() -> bool:
    try:
        session.need_fresh(g.session)
    except Forbidden:
        return False
    return True


@at_desk("credential.write")
def qr() -> Response:
    """What the authenticator app scans, while the setting up is not confirmed. Raises NotFound."""
    session.need_fresh(g.session)
    found = credential.of(actor().person)
    secret = secret_of(found)
    if found is None or secret is None or found.confirmed_at is not None:
        raise NotFound()
    picture = BytesIO()
    segno.make(credential.address_of(secret, found.login), error="m").save(picture, kind="svg", scale=6, border=2)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@at_desk("credential.write")
def choose() -> Response | tuple[str, int]:
    """Choose login name and password; the page then shows the code to scan."""
    session.need_fresh(g.session)
    who = actor()
    sealed = vault.seal(credential.new_secret(), key=sealing_key(), bound_to=str(who.person.id))
    try:
        with write():
            credential.choose(actor=who, login=_typed("login"), password=_password(), sealed=sealed)
    except Refusal as refusal:
        return _page(_own(refusal)), 422
    return _back()


@at_desk("credential.write")
def confirm() -> Response | tuple[str, int]:
    """The first code: the password works from now on."""
    session.need_fresh(g.session)
    secret = secret_of(_mine())
    if secret is None:
        raise NotFound("这次设置已作废，请重新设置登录名和密码。")
    try:
        with write():
            credential.confirm(actor=actor(), code=_typed("code"), secret=secret)
    except Refusal as refusal:
        return _page(_own(refusal)), 422
    return _back()


@at_desk("credential.write")
def change() -> Response | tuple[str, int]:
    """Another password."""
    session.need_fresh(g.session)
    try:
        with write():
            credential.change_password(actor=actor(), password=_password(), kept=g.session)
    except Refusal as refusal:
        return _page(_own(refusal)), 422
    return _back()


@at_desk("credential.write")
def remove() -> Response:
    """No password any more."""
    session.need_fresh(g.session)
    with write():
        credential.remove(actor=actor(), kept=g.session)
    return _back()


def _mine() -> Credential:
    found = credential.of(actor().person)
    if found is None:
        raise NotFound("您还没有登录密码，请先设置。")
    return found


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _password() -> str:
    """The new password, typed twice alike. Raises Refusal `password_twice`."""
    if _typed("password") != _typed("again"):
        message = "两次输入的密码不一样，请重新输入。"
        raise Refusal("password_twice", message, {"again": message})
    return _typed("password")


def _own(refusal: Refusal) -> Refusal:
    """What stands beside a field of this page; any other refusal has a page of its own."""
    if not refusal.fields:
        raise refusal
    return refusal


def _back() -> Response:
    return redirect(url_for("console.security"), 303)
