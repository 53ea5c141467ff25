"""Signing in at the desk: a QR code and a number on this screen, consent on the phone, then a session for this browser.

The code is bound to the cookie `visitor` of the browser that shows it. The phone side is handlers/wechat/desk.py.
"""

import secrets
from datetime import timedelta
from io import BytesIO

import segno
from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import cookies
from app.context import here
from app.gateway.wechat import GatewayError
from app.guard import actor, at_desk, desk_session, form_token, guarded
from app.rules import desk, session
from app.rules.refusal import NotFound
from models.base import now, write
from models.session import Signin

NO_PART = "这个微信号还没有工作台的岗位。请联系街道或区管理员，任命后再扫码登录。"
PROBLEM = "微信平台暂时没有给出二维码，请稍等几秒再试。"
NO_ACCOUNT = "还没有配置公众号，无法扫码登录。请系统运维员检查设置。"


@guarded("desk.signin")
def show() -> Response:
    """The page with the code; whoever is signed in already goes to the desk."""
    if desk_session():
        return redirect(url_for("console.desk"))
    return code_page("desk")


def code_page(purpose: str, code: str = "") -> Response:
    """A page with a live code of this browser; the setup `code` is in its form until the phone has consented."""
    browser = visitor()
    signin, problem = _live_one(browser, purpose), ""
    if signin is None:
        signin, problem = _new_one(browser, purpose)
    page = render_template(
        "console/signin.html", signin=signin, problem=problem, code=code, again=_again(purpose),
        form_token=form_token(browser), seconds=_seconds_left(signin) if signin else 0,
    )  # fmt: skip
    response = make_response(page, 502 if problem else 200)
    keep_visitor(response, browser)
    return response


def visitor() -> str:
    """The secret of this browser, a new one for a browser that has none."""
    return cookies.read(cookies.VISITOR) or secrets.token_urlsafe(24)


def keep_visitor(response: Response, browser: str) -> None:
    """Let the browser remember its secret until it is in."""
    cookies.keep(response, cookies.VISITOR, browser, 24 * 3600)


def _mine(browser: str):
    return Signin.browser_hash == session.digest(browser)


def _live_one(browser: str, purpose: str) -> Signin | None:
    """The code this browser already shows: reloading the page does not ask the platform again."""
    live = Signin.state.in_(("shown", "scanned", "approved")) & (Signin.expires_at > now()) & (Signin.qr_url != "")
    return Signin.select().where(_mine(browser), Signin.purpose == purpose, live).order_by(Signin.id.desc()).first()


def _new_one(browser: str, purpose: str) -> tuple[Signin | None, str]:
    """A fresh code, or a sentence that says why there is none. The platform is asked between two transactions."""
    official = here().account_of_kind("official")
    if official is None:
        return None, NO_ACCOUNT
    address = request.remote_addr or ""
    here().limit("signin", address)
    seconds = here().settings.sessions.signin_seconds
    with write():
        signin = session.show_signin(
            browser=browser, purpose=purpose, lasts=timedelta(seconds=seconds), address=address,
            agent=request.headers.get("User-Agent", ""),
        )  # fmt: skip
    try:
        code = here().account_of(official).create_qr(signin.scene, seconds)
    except GatewayError:
        return None, PROBLEM
    with write():
        return desk.keep_qr(signin, code.url), ""


def _seconds_left(signin: Signin) -> int:
    return max(0, int((signin.expires_at - now()).total_seconds()))


def _again(purpose: str) -> str:
    return url_for("console.setup" if purpose == "setup" else "console.signin")


@guarded("desk.signin")
def qr(scene: str) -> Response:
    """The code as a picture, for the browser it belongs to."""
    signin = Signin.get_or_none(Signin.scene == scene, _mine(cookies.read(cookies.VISITOR)))
    if signin is None:
        raise NotFound("没有找到这个二维码，请刷新页面。")
    picture = BytesIO()
    segno.make(signin.qr_url or "-", error="m").save(picture, kind="svg", scale=8, border=2)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@guarded("desk.signin")
def state() -> Response:
    """How far this browser's newest code is, asked every second or two; 204 while nothing has changed since `seen`.

    Once the phone has consented this answer opens the session: only this browser can ask, and only once.
    """
    browser = cookies.read(cookies.VISITOR)
    signin = Signin.select().where(_mine(browser)).order_by(Signin.id.desc()).first()
    purpose, found = (signin.purpose, _state_now(signin)) if signin else ("desk", "expired")
    if found == request.args.get("seen"):
        return Response(status=204)
    if found == "approved" and purpose == "desk":
        return _enter(signin, browser)
    response = make_response(render_template("console/signin_state.html", state=found, again=_again(purpose)))
    if found == "approved":
        response.headers["HX-Trigger"] = "approved"
    return response


def _state_now(signin: Signin) -> str:
    if signin.state == "refused":
        return "refused" if signin.tries >= session.SCAN_TRIES else "cancelled"
    return "expired" if signin.expires_at <= now() and signin.state != "used" else signin.state


def _enter(signin: Signin, browser: str) -> Response:
    with write():
        opened = desk.enter(signin.scene, browser=browser, **who())
    return let_in(opened[1]) if opened else go(url_for("console.no_part"))


def who() -> dict:
    """What a new session remembers of this browser, and how long it lasts."""
    lasts = timedelta(hours=here().settings.sessions.console_hours)
    return {"lasts": lasts, "agent": request.headers.get("User-Agent", ""), "address": request.remote_addr or ""}


def let_in(token: str) -> Response:
    """To the desk, with the session's cookie; the visitor's cookie has done its work."""
    response = go(url_for("console.desk"))
    cookies.keep(response, cookies.SESSION, token, here().settings.sessions.console_hours * 3600)
    cookies.forget(response, cookies.VISITOR)
    return response


def go(address: str) -> Response:
    """Send the browser to a page, whether htmx asked or the browser itself."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


@guarded("desk.signin")
def no_part() -> Response:
    """Somebody signed in who has no part here: say so, and what to do."""
    return make_response(render_template("console/refused.html", status=403, message=NO_PART), 403)


@at_desk("session.end")
def leave() -> Response:
    """Sign out, on every host at once."""
    with write():
        session.end_session(g.session, actor=actor())
    response = go(url_for("console.signin"))
    cookies.forget(response, cookies.SESSION)
    return response
