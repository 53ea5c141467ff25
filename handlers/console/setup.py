"""The first administrator: the one-time code of the server, then the same QR code as everybody.

The room is gone once every district has an operator; a district loaded later opens it again, for a new code.
"""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from app import cookies
from app.context import here
from app.guard import check_form_token, form_token, guarded
from app.rules import desk, session
from app.rules.refusal import NotFound, Refusal
from handlers.console import signin
from models.base import write

WRONG = "初始设置码不对或已失效。请在服务器上运行 python -m app.cli setup-code 重新生成。"


@guarded("desk.setup")
def show() -> Response:
    """The form for the code. Raises NotFound once somebody administers every district."""
    _need_setup()
    return _form(_no_district(), 200)


@guarded("desk.setup")
def check() -> Response:
    """A good code gets the QR code; a wrong one the form again."""
    _need_setup()
    check_form_token(cookies.read(cookies.VISITOR))
    here().limit("signin", "setup", request.remote_addr or "")
    code = request.form.get("code", "")[:40]
    problem = _no_district() or ("" if session.setup_code_valid(code) else WRONG)
    if problem:
        return _form(problem)
    return signin.code_page("setup", code)


@guarded("desk.setup")
def enter() -> Response:
    """The phone has consented: its owner becomes the first administrator."""
    browser = cookies.read(cookies.VISITOR)
    check_form_token(browser)
    scene, code = request.form.get("scene", ""), request.form.get("code", "")[:40]
    with write():
        opened = desk.enter_first(scene, code, browser=browser, **signin.who())
    return signin.let_in(opened[1])


def _need_setup() -> None:
    if not session.setup_needed():
        raise NotFound()


def _no_district() -> str:
    try:
        session.need_district()
    except Refusal as refusal:
        return refusal.message
    return ""


def _form(problem: str, status: int = 422) -> Response:
    browser = signin.visitor()
    page = render_template("console/setup.html", problem=problem, form_token=form_token(browser))
    response = make_response(page, status)
    signin.keep_visitor(response, browser)
    return response
