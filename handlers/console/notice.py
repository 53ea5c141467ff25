"""Notices at the desk: write one, look at it as the residents will see it, publish it, take it back."""

import peewee
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.context import here
from app.guard import actor, at_desk
from app.rules import approval, notice, receipt, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from handlers.console import scope
from models.base import new_key, write
from models.lifecycle import NOTICE_STATES
from models.notice import KINDS, SCOPES, Notice, NoticeReading
from models.place import Place

PAGE = 20
#: More places than one community has buildings to choose from.
MOST = 500
FIELDS = ("place", "kind", "title", "body", "urgent", "corrects")


@at_desk("notice.send")
def index() -> str:
    """The notices of one's communities, the newest first."""
    places = scope.communities(actor(), "notice.send")
    picked = scope.chosen(places)
    rows = _rows(picked)
    if request.args.get("before"):
        before = Notice.get_or_none(Notice.key == request.args["before"][:32], Notice.community.in_(picked))
        if before is None:
            raise NotFound()
        rows = rows.where(Notice.id < before.id)
    found = list(rows.limit(PAGE + 1))
    shown = found[:PAGE]
    return render_template(
        "console/notices.html", places=places, picked=picked, rows=shown, kinds=KINDS, states=NOTICE_STATES,
        readers=_readers(shown), older=shown[-1] if len(found) > PAGE else None,
    )  # fmt: skip


def _rows(places: list[Place]) -> "peewee.ModelSelect[Notice]":
    """Notices of these communities with the places they are for and the communities: one query."""
    place, community = Place.alias(), Place.alias()
    return (
        Notice.select(Notice, place, community)
        .join(place, on=(Notice.place == place.id), attr="place")
        .switch(Notice)
        .join(community, on=(Notice.community == community.id), attr="community")
        .where(Notice.community.in_([one.id for one in places]))
        .order_by(Notice.id.desc())
    )


def _readers(rows: list[Notice]) -> dict[int, int]:
    """How many people have opened each of these notices, by its id; never who: one query."""
    found = NoticeReading.select(NoticeReading.notice, peewee.fn.COUNT(NoticeReading.id))
    return dict(found.where(NoticeReading.notice.in_(rows)).group_by(NoticeReading.notice).tuples())


@at_desk("notice.send")
def show(key: str) -> str:
    """One notice, and the way to take it back or put it right."""
    return _show(_find(key))


def _show(row: Notice, problem: Refusal | None = None) -> str:
    later = Notice.get_or_none(Notice.corrects == row)
    may = rights.may(actor(), "notice.send", community=row.community, place=row.place)
    return render_template(
        "console/notice.html", notice=row, kinds=KINDS, states=NOTICE_STATES, later=later,
        publisher=notice.publisher(row.community), readers=_readers([row]).get(row.id, 0), may=may, problem=problem,
    )  # fmt: skip


@at_desk("notice.send")
def compose() -> str:
    """An empty notice, or one that starts as the notice it is to put right."""
    given = {"corrects": request.args.get("corrects", "")}
    if given["corrects"]:
        old = _find(given["corrects"])
        given |= {"place": old.place.key, "kind": old.kind, "title": old.title, "body": old.body}
        given |= {"urgent": "1"} if old.urgent else {}
    return _compose(actor(), given)


def _compose(who: Actor, given: dict[str, str], problem: Refusal | None = None) -> str:
    communities = scope.communities(who, "notice.send")
    offered = Place.select().where(notice.sendable(who, communities)).order_by(Place.community, Place.id).limit(MOST)
    old = _find(given["corrects"]) if given.get("corrects") else None
    groups = [(one, [place for place in offered if place.community_id == one.id]) for one in communities]
    return render_template(
        "console/notice_form.html", groups=groups, kinds=KINDS, given=given, problem=problem, old=old,
        title_most=notice.TITLE, body_most=notice.BODY,
    )  # fmt: skip


@at_desk("notice.send")
def preview() -> str | tuple[str, int]:
    """The notice as the residents will see it; nothing is kept yet."""
    given = _given()
    try:
        place = _place(given)
        notice.need_place(place, actor=actor())
        title, body = notice.compose(kind=given["kind"], title=given["title"], body=given["body"])
    except (Forbidden, NotFound):
        raise
    except Refusal as problem:
        return _compose(actor(), given, problem), 422
    given |= {"title": title, "body": body}
    return render_template(
        "console/notice_preview.html", given=given, place=place, kinds=KINDS, once=new_key(),
        publisher=notice.publisher(place.community), second=rights.needs_second(
            actor(), "notice.send", community=place.community
        ),
    )  # fmt: skip


@at_desk("notice.send")
def publish() -> Response | str | tuple[str, int]:
    """Publish what was looked at, once however often the button is pressed; or go on writing."""
    given, asked = _given(), None
    if request.form.get("answer") == "edit":
        return _compose(actor(), given)
    once = request.form.get("once", "")[:32]
    here().limit("lines", actor().person.key)
    try:
        place, corrects = _place(given), _find(given["corrects"]) if given["corrects"] else None
        with write():
            if not once or receipt.use_once(actor().person, f"notice:{once}"):
                asked = approval.send_notice(
                    actor=actor(), place=place, kind=given["kind"], title=given["title"], body=given["body"],
                    urgent=given["urgent"] == "1", corrects=corrects,
                )  # fmt: skip
    except (Forbidden, NotFound, Conflict):
        raise
    except Refusal as problem:
        return _compose(actor(), given, problem), 422
    return redirect(url_for("console.approvals" if asked else "console.notices"), 303)


@at_desk("notice.send")
def withdraw(key: str) -> Response | tuple[str, int]:
    """Take a notice back, with the reason that the residents will read."""
    row = _find(key)
    try:
        with write():
            notice.withdraw(row, actor=actor(), reason=request.form.get("reason", "")[:400])
    except Refusal as problem:
        if problem.code != "reason_missing":
            raise
        return _show(row, problem), 422
    return redirect(url_for("console.notice", key=key), 303)


def _given() -> dict[str, str]:
    """What the form says, cut to a length that is refused rather than read."""
    return {name: request.form.get(name, "")[: notice.BODY * 2] for name in FIELDS}


def _place(given: dict[str, str]) -> Place:
    """The place chosen. Raises Refusal for none, NotFound for one outside one's communities."""
    if not given["place"]:
        raise Refusal("place_missing", "请选择发给谁。", {"place": "必选"})
    inside = [one.id for one in scope.communities(actor(), "notice.send")]
    found = Place.get_or_none(Place.key == given["place"][:32], Place.community.in_(inside), Place.kind.in_(SCOPES))
    if found is None:
        raise NotFound()
    return found


def _find(key: str) -> Notice:
    """A notice of one's communities. Raises NotFound for any other."""
    row = _rows(scope.communities(actor(), "notice.send")).where(Notice.key == key[:32]).first()
    if row is None:
        raise NotFound()
    return row
