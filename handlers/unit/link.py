"""What a unit sees and says by its link: the request, what happened, accept, object, report in, plan, done, rate.

The token is the only proof, and proves nothing else. A form carries a token bound to the link, and the version its page
showed: the second press of a double click does nothing and is answered like the first.
"""

import hmac
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from app.context import TooMany, here
from app.guard import form_token, guarded
from app.links import UNIT_PATH, photo_links, read_unit_link
from app.rules import subcase, unit_link
from app.rules import subcase_words as words
from app.rules.actor import Actor
from app.rules.clock import ZONE, near
from app.rules.photo_image import MESSAGES
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.subcase_move import name_of
from app.rules.subcase_sight import buttons, is_late, photos_of
from app.rules.unit_link import LinkGone
from handlers.unit import photo, style
from models.base import now, write
from models.case import Case, Photo
from models.lifecycle import SUBCASE_STATES, SUBCASE_VERBS
from models.subcase import Subcase, SubcaseStep

#: How many of the last acts the page shows, and how many photos.
STEPS, PHOTOS = 8, 12
#: What the case looks like, for whoever has to find and mend it.
SEEN = ("report", "before", "safe", "after")
#: The buttons in the order and words of this page.
WORDS = {
    "accept": "接受", "arrive": "我已到场", "plan": "报计划", "finish": "办完了", "refuse": "提出异议",
    "rate": "评价这次吹哨",
}  # fmt: skip
SIGNS = {
    "asked": "wait", "accepted": "act", "arrived": "act", "refused": "wait", "done": "done", "dropped": "done",
}  # fmt: skip


@guarded("unit.link")
def show(token: str) -> Response:
    """The page; nothing is written."""
    try:
        row, who = _enter(token)
    except LinkGone:
        return _gone(410)
    except NotFound:
        return _gone(404)
    return _page(token, row, who)


@guarded("unit.link")
def act(token: str, verb: str) -> Response | Answer:
    """Say one verb; a refusal shows the form again with the sentence beside it."""
    try:
        row, who = _enter(token)
    except LinkGone:
        return _gone(410)
    except NotFound:
        return _gone(404)
    if verb not in WORDS:
        return _gone(404)
    here().limit("unit_links", "act", row.key)
    try:
        _check_form(token)
        if request.form.get("version", type=int) != row.version:
            if _just_said(row, verb):
                return _back(token)
            raise Conflict("刚才有人先办了，下面已是最新情况，请看过再决定。")
        _do(row, who, verb)
    except (TooMany, NotFound):
        raise
    except Refusal as problem:
        status = 409 if isinstance(problem, Conflict) else 403 if isinstance(problem, Forbidden) else 422
        return _page(token, *_enter(token), problem=problem, tried=verb, status=status)
    return _back(token)


def _enter(token: str) -> tuple[Subcase, Actor]:
    """What the link opens. Raises NotFound for one that we did not make, LinkGone; guessing is counted by address."""
    said = read_unit_link(token) if len(token) <= 400 else None
    address = request.remote_addr or ""
    try:
        if said is None:
            raise NotFound()
        return unit_link.enter(said.subcase, said.unit, said.renewals, said.made_at, address=address)
    except (NotFound, LinkGone):
        here().limit("unit_links", "wrong", address)
        raise


def _check_form(token: str) -> None:
    """A form of our own page: bound to the link. Browsers say `Origin: null` here, for no address is told.

    Raises Forbidden.
    """
    origin = request.headers.get("Origin", "null")
    foreign = origin != "null" and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("这个请求不是从本页面发出的，已拒绝。")
    if not hmac.compare_digest(request.form.get("form_token", "").encode(), _form_token(token).encode()):
        raise Forbidden("页面已过期，请刷新后再试。")


def _form_token(token: str) -> str:
    return form_token(f"unit:{token}")


def _just_said(row: Subcase, verb: str) -> bool:
    """Whether the press before was the same one: the first of a double click."""
    last = SubcaseStep.select().where(SubcaseStep.subcase == row).order_by(SubcaseStep.id.desc()).first()
    mine = last is not None and last.actor_role == "unit_contact" and last.verb == verb
    given = request.form.get("version", type=int)
    return mine and given == row.version - 1 and last.who == name_of(request.form.get("who", ""))


def _do(row: Subcase, who: Actor, verb: str) -> None:
    """The one rule of a verb, with the photos that came along; what was not used is thrown away. Raises Refusal."""
    name, note = request.form.get("who", "").strip(), request.form.get("note", "")
    if not name:
        raise Refusal("who_missing", "请写您的姓名，让社区知道是谁办的。", {"who": "必填"})
    if verb not in buttons(row, who):
        raise Conflict(f"现在是“{SUBCASE_STATES[row.state]}”，不能{WORDS[verb]}。", "state_forbids")
    with photo.taken(who, verb in subcase.SHOWS) as take, write():
        photos = take()
        if verb == "accept":
            subcase.accept(row, actor=who, note=note, who=name)
        elif verb == "refuse":
            subcase.refuse(row, actor=who, note=note, who=name)
        elif verb == "arrive":
            mode = request.form.get("mode", "onsite")
            subcase.arrive(row, actor=who, who=name, mode=mode, note=note, photos=photos)
        elif verb == "plan":
            subcase.plan(row, actor=who, words=note, until=_until(), who=name)
        elif verb == "finish":
            subcase.finish(row, actor=who, result=note, photos=photos, who=name)
        else:
            rating = request.form.get("rating", 0, type=int)
            subcase.rate(row, actor=who, rating=rating, note=note, who=name)


def _until() -> datetime | None:
    """A day and time of a form, in Asia/Shanghai; a day alone means its evening. Raises Refusal until_wrong."""
    given = request.form.get("until", "").strip()
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise Refusal("until_wrong", "时间看不懂，请重新选。", {"until": "不对"}) from None
    if len(given) <= 10:
        found += timedelta(hours=18)
    return found.replace(tzinfo=ZONE) if found.tzinfo is None else found


def _back(token: str) -> Answer:
    return redirect(UNIT_PATH + token, 303)


def _gone(status: int) -> Response:
    return make_response(render_template("unit/gone.html", message=unit_link.GONE, style=style.address()), status)


def _page(
    token: str, row: Subcase, who: Actor, problem: Refusal | None = None, tried: str = "", status: int = 200
) -> Response:
    moment, case = now(), row.case
    steps = SubcaseStep.select().where(SubcaseStep.subcase == row).order_by(SubcaseStep.id.desc()).limit(STEPS)
    said = render_template(
        "unit/page.html", row=row, case=case, token=UNIT_PATH + token, form_token=_form_token(token),
        style=style.address(), title=words.title(row), where=words.where(case), asks=words.plain(row.words),
        countdown=words.countdown(row, moment), late=is_late(row, moment), state=SUBCASE_STATES[row.state],
        tone=SIGNS[row.state], verbs=[verb for verb in WORDS if verb in buttons(row, who)], words=WORDS,
        steps=[
            (SUBCASE_VERBS[one.verb], one.who or _part(one), near(one.at, moment), words.plain(one.note))
            for one in steps
        ],
        photos=_photos(row, case, who), problem=problem, tried=tried, given=request.form, modes=words.MODES,
        until=near(moment + timedelta(days=unit_link.days_of(case.community)), moment),
        earliest=moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"), photo_words=MESSAGES.get("photo_empty", ""),
    )  # fmt: skip
    return make_response(said, status)


def _part(step: SubcaseStep) -> str:
    return {"unit_contact": "贵单位", "system": "系统"}.get(step.actor_role, "社区")


def _photos(row: Subcase, case: Case, who: Actor) -> list[dict[str, str]]:
    """Links of minutes for the face of the unit; nothing that the platform found unfit."""
    own = [one.id for one in photos_of(row)]
    fit = (Photo.verdict != "risky") & (Photo.kind.in_(SEEN) | Photo.id.in_(own))
    found = Photo.select().where(Photo.case == case, fit).order_by(Photo.id).limit(PHOTOS)
    return [photo_links(one, who.person) for one in found] if row.state != "dropped" else []
