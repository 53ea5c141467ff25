"""The desk of the community, HTML, under /console/. Read it as a table: what is asked for, and who answers.

A view reads what came in, calls one rule within one transaction, and answers with a page. Pages work without scripts;
htmx and the event stream make them live.
"""

from flask import Blueprint, Response, g, request

from app.guard import actor
from app.rules import rights
from handlers.console import (
    assets,
    case,
    conversation,
    deed,
    desk,
    household,
    letter,
    live,
    residence,
    role,
    setup,
    signin,
    speech,
)

ROUTES = (
    # endpoint         method  address                                      view
    ("asset",          "GET",  "/static/<name>",                            assets.serve),
    ("signin",         "GET",  "/signin",                                   signin.show),
    ("signin_qr",      "GET",  "/signin/qr/<scene>.svg",                    signin.qr),
    ("signin_state",   "GET",  "/signin/state",                             signin.state),
    ("no_part",        "GET",  "/signin/no-part",                           signin.no_part),
    ("signout",        "POST", "/signout",                                  signin.leave),
    ("setup",          "GET",  "/setup",                                    setup.show),
    ("setup_code",     "POST", "/setup",                                    setup.check),
    ("enter_first",    "POST", "/setup/enter",                              setup.enter),
    ("live",           "GET",  "/live",                                     live.stream),
    ("desk",           "GET",  "/",                                         desk.show),
    ("inbox",          "GET",  "/inbox",                                    conversation.index),
    ("conversation",   "GET",  "/inbox/<key>",                              conversation.show),
    ("fresh_lines",    "GET",  "/inbox/<key>/fresh",                        conversation.fresh),
    ("line",           "GET",  "/inbox/<key>/lines/<line_key>",             conversation.one_line),
    ("recording",      "GET",  "/inbox/<key>/lines/<line_key>/voice.amr",   conversation.recording),
    ("answer",         "POST", "/inbox/<key>",                              conversation.answer),
    ("cases",          "GET",  "/cases",                                    case.index),
    ("case",           "GET",  "/cases/<key>",                              case.show),
    ("press",          "POST", "/cases/<key>/<verb>",                       deed.press),
    ("letters",        "GET",  "/letters",                                  letter.index),
    ("resend",         "POST", "/letters/<key>/resend",                     letter.resend),
    ("residences",     "GET",  "/residences",                               residence.index),
    ("decide",         "POST", "/residences/<key>",                         residence.decide),
    ("households",     "GET",  "/households",                               household.index),
    ("household_code", "POST", "/households/<key>",                         household.issue),
    ("roles",          "GET",  "/people",                                   role.index),
    ("appoint",        "POST", "/people",                                   role.appoint),
    ("end_role",       "POST", "/people/<key>/end",                         role.end),
)  # fmt: skip

#: The rooms of the menu: endpoint, what it says, the right that opens it, and the endpoints that lie in it.
ROOMS = (
    ("desk", "工作台", "desk.read", ("desk",)),
    ("inbox", "对话", "inbox.read", ("inbox", "conversation", "answer")),
    ("cases", "事项", "case.read", ("cases", "case", "press")),
    ("letters", "未送达", "letter.read", ("letters",)),
    ("residences", "住户申请", "residence.confirm", ("residences",)),
    ("households", "绑定码", "household.code", ("households", "household_code")),
    ("roles", "人员", "role.appoint", ("roles", "appoint")),
)

#: Nothing from elsewhere, nothing inline; photos and QR codes are our own.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}

console = Blueprint("console", __name__, url_prefix="/console")

for endpoint, method, address, view in ROUTES:
    console.add_url_rule(address, endpoint, view, methods=[method])


@console.context_processor
def _at_hand() -> dict:
    """What every page of a signed-in person needs: the menu by rights, the form token, the words."""
    if "form_token" not in g:
        return {}
    here = (request.endpoint or "").removeprefix("console.")
    rooms = [(name, word, here in inside) for name, word, action, inside in ROOMS if rights.may(actor(), action)]
    return {"rooms": rooms, "form_token": g.form_token, "me": actor().person}


@console.record_once
def _teach_templates(state) -> None:
    state.app.jinja_env.filters.update(speech.FILTERS)
    state.app.jinja_env.globals.update(asset=assets.asset, **speech.WORDS)
    state.app.jinja_env.trim_blocks = state.app.jinja_env.lstrip_blocks = True


@console.after_app_request
def _harden(response: Response) -> Response:
    """The headers of the desk, on its refusals too."""
    if request.path.startswith("/console/"):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "console.asset":
            response.headers["Cache-Control"] = "no-store"
    return response
