"""The desk of the community, HTML, under /console/. Read it as a table: what is asked for, and who answers.

A view reads what came in, calls one rule within one transaction, and answers with a page. Pages work without scripts;
htmx and the event stream make them live.
"""

from flask import Blueprint, Response, g, request

from app.guard import actor
from app.rules import rights
from handlers.console import (
    approval,
    assets,
    audit,
    case,
    conversation,
    credential,
    deed,
    delegation,
    desk,
    household,
    letter,
    live,
    notice,
    party,
    password,
    place,
    residence,
    reveal,
    role,
    room,
    session,
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
    ("password",       "GET",  "/signin/password",                          password.show),
    ("enter_by_password", "POST", "/signin/password",                       password.enter),
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
    ("reveal_reporter", "POST", "/cases/<key>/reporter",                    reveal.reporter),
    ("break_glass",    "POST", "/cases/<key>/glass",                        reveal.break_glass),
    ("involve",        "POST", "/cases/<key>/units",                        party.involve),
    ("tell_party",     "POST", "/cases/<key>/party",                        party.tell),
    ("reveal_speaker", "POST", "/inbox/<key>/person",                       reveal.speaker),
    ("reveal_asker",   "POST", "/residences/<key>/person",                  reveal.asker),
    ("alerts",         "GET",  "/alerts",                                   reveal.alerts),
    ("see",            "POST", "/alerts/<key>",                             reveal.see),
    ("review",         "POST", "/glass/<key>",                              reveal.review),
    ("approvals",      "GET",  "/approvals",                                approval.index),
    ("decide_approval", "POST", "/approvals/<key>",                         approval.decide),
    ("exports",        "GET",  "/exports",                                  approval.lists),
    ("ask_export",     "POST", "/exports",                                  approval.ask),
    ("fetch_export",   "GET",  "/exports/<key>/file",                       approval.fetch),
    ("letters",        "GET",  "/letters",                                  letter.index),
    ("resend",         "POST", "/letters/<key>/resend",                     letter.resend),
    ("notices",        "GET",  "/notices",                                  notice.index),
    ("compose_notice", "GET",  "/notices/new",                              notice.compose),
    ("preview_notice", "POST", "/notices/preview",                          notice.preview),
    ("publish_notice", "POST", "/notices",                                  notice.publish),
    ("notice",         "GET",  "/notices/<key>",                            notice.show),
    ("withdraw_notice", "POST", "/notices/<key>/withdraw",                  notice.withdraw),
    ("residences",     "GET",  "/residences",                               residence.index),
    ("decide",         "POST", "/residences/<key>",                         residence.decide),
    ("delegations",    "GET",  "/delegations",                              delegation.index),
    ("decide_delegation", "POST", "/delegations/<key>",                     delegation.decide),
    ("end_delegation", "POST", "/delegations/<key>/end",                    delegation.end),
    ("reveal_delegation", "POST", "/delegations/<key>/person",              delegation.reveal),
    ("correct_age",    "POST", "/ages",                                     delegation.correct_age),
    ("households",     "GET",  "/households",                               household.index),
    ("household_code", "POST", "/households/<key>",                         household.issue),
    ("place_codes",    "GET",  "/place-codes",                              place.index),
    ("place_code",     "GET",  "/place-codes/<key>",                        place.show),
    ("roles",          "GET",  "/people",                                   role.index),
    ("appoint",        "POST", "/people",                                   role.appoint),
    ("end_role",       "POST", "/people/<key>/end",                         role.end),
    ("rooms",          "GET",  "/rooms",                                    room.index),
    ("audit",          "GET",  "/audit",                                    audit.index),
    ("audit_export",   "GET",  "/audit/export.jsonl",                       audit.export),
    ("security",       "GET",  "/security",                                 credential.show),
    ("totp",           "GET",  "/security/totp.svg",                        credential.qr),
    ("choose_password", "POST", "/security/password",                       credential.choose),
    ("confirm_password", "POST", "/security/confirm",                       credential.confirm),
    ("change_password", "POST", "/security/change",                         credential.change),
    ("remove_password", "POST", "/security/remove",                         credential.remove),
    ("end_others",     "POST", "/security/others",                          session.end_others),
    ("end_session",    "POST", "/security/sessions/<key>",                  session.end),
)  # fmt: skip

#: The rooms of the menu: endpoint, what it says, the right that opens it, and the endpoints that lie in it.
ROOMS = (
    ("desk", "工作台", "desk.read", ("desk",)),
    ("inbox", "对话", "inbox.read", ("inbox", "conversation", "answer")),
    ("cases", "事项", "case.read", ("cases", "case", "press")),
    ("letters", "未送达", "letter.read", ("letters",)),
    ("residences", "住户申请", "residence.confirm", ("residences",)),
    ("rooms", "管理", "desk.read", ("rooms", *room.ENDPOINTS)),
)

#: Nothing from elsewhere, nothing inline; photos and QR codes are our own.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
#: No address of ours goes to another site. With "no-referrer" a browser would send `Origin: null` with our own forms.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
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
