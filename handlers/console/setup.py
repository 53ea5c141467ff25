"""The first administrator: the one-time code of the server, then the same QR code as everybody. Gone after that."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from app.context import here
from app.guard import check_form_token, form_token, guarded
from app.rules import desk, session
from app.rules.refusal import NotFound
from handlers.console import signin
from models.base import write

WRONG = "初始设置码不对或已失效。请在服务器上运行 python -m app.cli setup-code 重新生成。"


@guarded("desk.setup")
def show() -> Response:
    """The form for the code. Raises NotFound once somebody administers this installation."""
    _need_setup()
    return _form()


@guarded("desk.setup")
def check() -> Response:
    """A good code gets the QR code; a wrong one the form again."""
    _need_setup()
    check_form_token(request.cookies.get(signin.VISITOR, ""))
    here().limit("signin", "setup", request.remote_addr or "")
    code = request.form.get("code", "")[:40]
    if not session.setup_code_valid(code):
        return _form(WRONG)
    return signin.code_page("setup", code)


@guarded("desk.setup")
def enter() -> Response:
    """The phone has consented: its owner becomes the first administrator."""
    browser = request.cookies.get(signin.VISITOR, "")
    check_form_token(browser)
    scene, code = request.form.get("scene", ""), request.form.get("code", "")[:40]
    with write():
        opened = desk.enter_first(scene, code, browser=browser, **signin.who())
    return signin.let_in(opened[1])


def _need_setup() -> None:
    if not session.setup_needed():
        raise NotFound()


def _form(problem: str = "") -> Response:
    browser = signin.visitor()
    page = render_template("console/setup.html", problem=problem, form_token=form_token(browser))
    response = make_response(page, 422 if problem else 200)
    signin.set_cookie(response, signin.VISITOR, browser, 24 * 3600)
    return response
