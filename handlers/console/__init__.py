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
    category,
    classification,
    conversation,
    credential,
    deed,
    delegation,
    desk,
    exclusion,
    extension,
    holiday,
    household,
    improvement,
    judgement,
    letter,
    live,
    merge,
    notice,
    party,
    password,
    place,
    residence,
    reveal,
    role,
    room,
    route,
    session,
    setup,
    signin,
    speech,
    statistics,
    subcase,
    task_force,
    topic,
    unit,
    whistle,
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
    ("classify",       "POST", "/cases/<key>/class",                        classification.classify),
    ("ask_reporter",   "POST", "/cases/<key>/questions",                    judgement.ask),
    ("withdraw_question", "POST", "/questions/<key>/withdraw",              judgement.withdraw),
    ("merge_same",     "POST", "/cases/<key>/same",                         merge.press),
    ("topics",         "GET",  "/topics",                                   topic.index),
    ("decide_topic",   "POST", "/topics/<key>/<verb>",                      topic.decide),
    ("press",          "POST", "/cases/<key>/<verb>",                       deed.press),
    ("reveal_reporter", "POST", "/cases/<key>/reporter",                    reveal.reporter),
    ("break_glass",    "POST", "/cases/<key>/glass",                        reveal.break_glass),
    ("involve",        "POST", "/cases/<key>/units",                        party.involve),
    ("tell_party",     "POST", "/cases/<key>/party",                        party.tell),
    ("blow",           "POST", "/cases/<key>/whistles",                     whistle.blow),
    ("split",          "POST", "/cases/<key>/subcases",                     subcase.split),
    ("evidence",       "GET",  "/cases/<key>/evidence",                     subcase.evidence),
    ("whistles",       "GET",  "/whistles",                                 whistle.index),
    ("press_whistle",  "POST", "/whistles/<key>/<verb>",                    whistle.press),
    ("unit_link",      "POST", "/subcases/<key>/link",                      subcase.link),
    ("press_subcase",  "POST", "/subcases/<key>/<verb>",                    subcase.press),
    ("units",          "GET",  "/units",                                    unit.index),
    ("add_unit",       "POST", "/units",                                    unit.add),
    ("press_unit",     "POST", "/units/<key>/<deed>",                       unit.press),
    ("reveal_speaker", "POST", "/inbox/<key>/person",                       reveal.speaker),
    ("reveal_asker",   "POST", "/residences/<key>/person",                  reveal.asker),
    ("exclude",        "POST", "/cases/<key>/exclusion",                    exclusion.ask),
    ("statistics",     "GET",  "/statistics",                               statistics.show),
    ("statistics_sheet", "GET", "/statistics/table.csv",                    statistics.sheet),
    ("improvements",   "GET",  "/improvements",                             improvement.index),
    ("add_improvement", "POST", "/improvements",                            improvement.add),
    ("improvements_sheet", "GET", "/improvements/table.csv",                improvement.sheet),
    ("withdraw_improvement", "POST", "/improvements/<key>/withdraw",        improvement.withdraw),
    ("task_forces",    "GET",  "/task-forces",                              task_force.index),
    ("create_task_force", "POST", "/task-forces",                           task_force.create),
    ("task_force",     "GET",  "/task-forces/<key>",                        task_force.show),
    ("end_task_force", "POST", "/task-forces/<key>/end",                    task_force.end),
    ("join_task_force", "POST", "/task-forces/<key>/join",                  task_force.join),
    ("add_task_force_unit", "POST", "/task-forces/<key>/units",             task_force.add_unit),
    ("decide_task_force", "POST", "/task-forces/<key>/members/<member_key>", task_force.decide),
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
    ("categories",     "GET",  "/categories",                               category.index),
    ("category",       "GET",  "/categories/<key>/<code>",                  category.show),
    ("write_category", "POST", "/categories/<key>/<code>",                  category.save),
    ("classes",        "GET",  "/classes",                                  category.classes),
    ("routes",         "GET",  "/routes",                                   route.index),
    ("add_route",      "POST", "/routes",                                   route.add),
    ("new_route",      "GET",  "/routes/new",                               route.compose),
    ("try_routes",     "GET",  "/routes/trial",                             route.trial),
    ("route",          "GET",  "/routes/<key>",                             route.show),
    ("edit_route",     "POST", "/routes/<key>",                             route.edit),
    ("press_route",    "POST", "/routes/<key>/<deed>",                      route.press),
    ("rooms",          "GET",  "/rooms",                                    room.index),
    ("extensions",     "GET",  "/extensions",                               extension.index),
    ("calendar",       "GET",  "/calendar",                                 holiday.show),
    ("preview_calendar", "POST", "/calendar/preview",                       holiday.preview),
    ("load_calendar",  "POST", "/calendar",                                 holiday.load),
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
    ("statistics", "数字", "statistics.read", ("statistics",)),
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
    open_to = {action: bool(rights.may(actor(), action) or rights.sums(actor(), action)) for _, _, action, _ in ROOMS}
    rooms = [(name, word, here in inside) for name, word, action, inside in ROOMS if open_to[action]]
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
