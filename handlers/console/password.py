"""The other way in: login name, password and the one-time code of an authenticator app.

Whatever is wrong, the answer is the same and takes as long. Who fails often waits (app.rules.failure); the QR code of
WeChat goes on working meanwhile.
"""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import cookies, vault
from app.context import here
from app.guard import check_form_token, desk_session, form_token, guarded
from app.rules import credential, desk, failure
from app.rules.refusal import Refusal
from handlers.console import signin
from models.base import write
from models.credential import Credential

WRONG = "登录名、密码或验证码不对，请检查后再试。每个验证码只能用一次，用过了请等手机上换一个。"


@guarded("signin.password")
def show() -> Response:
    """The form; whoever is signed in already goes to the desk."""
    return redirect(url_for("console.desk")) if desk_session() else _form()


@guarded("signin.password")
def enter() -> Response:
    """Password and code are right: a new session. Else the form again, 422, or 429 with Retry-After."""
    check_form_token(cookies.read(cookies.VISITOR))
    login = credential.plain(request.form.get("login", ""))[:64].lower()
    address = request.remote_addr or ""
    try:
        with write():
            failure.count(login=login, address=address)
    except failure.TooSoon as refusal:
        response = _form(refusal, 429)
        response.headers["Retry-After"] = str(refusal.seconds)
        return response
    found, password = credential.of_login(login), request.form.get("password", "")
    right = credential.matches(found, password)
    rehash = credential.rehashed(found, password) if found and right else ""
    with write():
        proven = credential.prove(
            found, right=right, code=request.form.get("code", ""), secret=secret_of(found), rehash=rehash,
            address=address,
        )  # fmt: skip
        if proven is not None:
            failure.forgive(login=login, address=address)
            opened = desk.admit(proven, way="password", **signin.who())
    if proven is None:
        return _form(Refusal("signin_wrong", WRONG), 422)
    return signin.let_in(opened[1]) if opened else signin.go(url_for("console.no_part"))


def secret_of(found: Credential | None) -> str | None:
    """The TOTP secret of a credential, opened; None when there is none or it was sealed with another key."""
    if found is None:
        return None
    return vault.unseal(found.totp_secret, key=sealing_key(), bound_to=str(found.person_id))


def sealing_key() -> str:
    """By what TOTP secrets are sealed."""
    return here().settings.secrets.key.get_secret_value()


def _form(problem: Refusal | None = None, status: int = 200) -> Response:
    browser = signin.visitor()
    page = render_template(
        "console/password.html", problem=problem, form_token=form_token(browser),
        login=request.form.get("login", "")[:64],
    )  # fmt: skip
    response = make_response(page, status)
    signin.keep_visitor(response, browser)
    return response
