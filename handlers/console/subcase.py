"""Pieces of a case at the desk: splitting, what the community and the street say to one, and the link for its unit."""

import base64
from datetime import datetime, timedelta
from io import BytesIO

import segno
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.context import here
from app.guard import actor, at_desk, look_at
from app.links import photo_links
from app.links import unit_link as address_of
from app.rules import crew, hazard, rights, subcase, subcase_ask, subcase_sight, unit_link
from app.rules import subcase_words as words
from app.rules.clock import ZONE, near
from app.rules.refusal import Forbidden, NotFound, Refusal
from handlers.console import case as room
from handlers.console.pieces import SAID_HERE
from models.base import now, write
from models.case import Case, Photo
from models.person import Person
from models.subcase import Subcase
from models.unit import Unit


@at_desk("case.split")
def split(key: str) -> Response | tuple[str, int]:
    """Give a piece of a case to a unit or a colleague; a decision or a repair may be the community's own."""
    case = room.find(actor(), key)
    rights.need(actor(), "case.split", case=case)
    given = request.form
    return done(case, "split", lambda: subcase_ask.split(
        case, actor=actor(), kind=given.get("kind", ""), words=given.get("words", ""), unit=unit_of(case, "unit"),
        worker=_worker(case), lead=bool(given.get("lead")), due_at=moment_of("due_at"),
    ))  # fmt: skip


@at_desk("subcase.read")
def press(key: str, verb: str) -> Response | tuple[str, int]:
    """Say a verb to a piece: for the community, for the street, or as the colleague who has it."""
    row = find(key)
    if verb not in SAID_HERE:
        raise NotFound()
    return done(row.case, f"piece-{row.key}", lambda: _say(row, verb))


def find(key: str) -> Subcase:
    """A piece of a case that this person may read at the desk. Raises NotFound."""
    row = subcase_sight.find(actor(), key)
    room.find(actor(), row.case.key)
    return row


def _say(row: Subcase, verb: str) -> None:
    who, note = actor(), request.form.get("note", "")
    if verb == "accept":
        subcase.accept(row, actor=who, note=note)
    elif verb == "finish":
        subcase.finish(row, actor=who, result=note)
    elif verb == "plan":
        subcase.plan(row, actor=who, words=note, until=moment_of("until"))
    elif verb == "rate":
        subcase.rate(row, actor=who, rating=request.form.get("rating", 0, type=int), note=note)
    elif verb == "redo":
        subcase.redo(row, actor=who, note=note)
    else:
        {"insist": subcase.insist, "drop": subcase.drop}[verb](row, actor=who, note=note)


@at_desk("subcase.decide")
def link(key: str) -> str | tuple[str, int] | Response:
    """The link for the unit, to be handed on: the address and a code. With `renew` every earlier one is dead.

    By POST, for looking at it is written down.
    """
    row = find(key)
    try:
        with write():
            if request.form.get("renew"):
                unit_link.renew(row, actor=actor())
            number = unit_link.shown(row, actor=actor())
    except (Forbidden, NotFound):
        raise
    except Refusal as problem:
        return room.page(room.find(actor(), row.case.key), problem, "link", request.form), 422
    address, picture = address_of(row.key, row.unit.key, number, here().settings), BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=5, border=2)
    until = now() + timedelta(days=unit_link.days_of(row.case.community))
    text = f"{words.asked(row, now())}\n点开答复：{address}"
    return render_template(
        "console/unit_link.html", row=row, case=row.case, address=address, text=text, until=near(until, now()),
        picture="data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode(),
        contacts=subcase_sight.contacts_of(row.unit), renewed=bool(request.form.get("renew")),
    )  # fmt: skip


@at_desk("subcase.read")
def evidence(key: str) -> str:
    """What was known and done when about a danger, to be printed (Civil Code Art. 1258); that it was seen is noted."""
    case = room.find(actor(), key)
    rights.need(actor(), "subcase.read", case=case)
    look_at(case)
    open_photos = rights.may(actor(), "photo.read", case=case)
    photos = {one.key: one for one in Photo.select().where(Photo.case == case)} if open_photos else {}
    lines = [
        (one, [photo_links(photos[key], actor().person) for key in one.photos if key in photos])
        for one in hazard.evidence(case)
    ]
    return render_template("console/evidence.html", case=case, lines=lines)


def unit_of(case: Case, field: str) -> Unit | None:
    """The unit a form names. Raises Refusal `unit_unknown`."""
    key = request.form.get(field, "")
    found = Unit.get_or_none(Unit.key == key, Unit.community == case.community) if key else None
    if key and found is None:
        raise Refusal("unit_unknown", "请从本社区的单位里选。", {field: "不在列表里"})
    return found


def _worker(case: Case) -> Person | None:
    key = request.form.get("worker", "")
    found = next((one for one in crew.sendable(case) if one.key == key), None)
    if key and found is None:
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})
    return found


def moment_of(field: str) -> datetime | None:
    """A moment of a form, as a clock in China shows it. Raises Refusal `moment_wrong`."""
    given = request.form.get(field, "").strip()
    try:
        found = datetime.fromisoformat(given) if given else None
    except ValueError:
        raise Refusal("moment_wrong", "时间看不懂，请重新选。", {field: "不对"}) from None
    return found.replace(tzinfo=ZONE) if found is not None and found.tzinfo is None else found


def done(case: Case, tried: str, deed) -> Response | tuple[str, int]:
    """Do it; a refusal shows the page of the case with the sentence beside its form."""
    try:
        with write():
            deed()
    except (Forbidden, NotFound):
        raise
    except Refusal as problem:
        return room.page(room.find(actor(), case.key), problem, tried, request.form), 422
    return redirect(url_for("console.case", key=case.key, _anchor="pieces"), 303)
