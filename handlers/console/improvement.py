"""整治台账 at the desk: what was achieved in the compounds, its sums, a line more, one taken back; and as a file."""

from datetime import date

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app.guard import actor, at_desk
from app.links import photo_links
from app.rules import improvement, receipt, rights
from app.rules.improvement import READ, WRITE, Entry
from app.rules.refusal import Forbidden, NotFound, Refusal
from app.rules.sheet import table
from handlers.console import scope
from models.base import new_key, now, write
from models.improvement import KINDS, Improvement
from models.place import Place

PAGE = 20
#: More lines than a community writes in years.
MOST = 5000


@at_desk("improvement.read")
def index() -> str:
    """The ledger of one community."""
    return _index()


def _index(problem: Refusal | None = None, given: dict | None = None, tried: str = "") -> str:
    places, community = _chosen()
    who = actor()
    wanted = _wanted(community)
    rows = improvement.rows(wanted)
    if request.args.get("before"):
        before = Improvement.get_or_none(Improvement.key == request.args["before"][:32], wanted)
        if before is None:
            raise NotFound()
        same_day = (Improvement.day == before.day) & (Improvement.id < before.id)
        rows = rows.where((Improvement.day < before.day) | same_day)
    found = list(rows.limit(PAGE + 1))
    return render_template(
        "console/improvements.html", places=places, picked=[community], rows=found[:PAGE], kinds=KINDS,
        older=found[PAGE - 1] if len(found) > PAGE else None, ledger=improvement.sums(wanted),
        may_write=rights.may(who, WRITE, community=community), compounds=_compounds(community), problem=problem,
        given=given or {}, once=new_key(), tried=tried, today=now(), most=improvement.MOST,
        photos={row.id: [(words, photo_links(photo, who.person)) for words, photo in _photos(row)]
                for row in found[:PAGE]},
    )  # fmt: skip


def _photos(row: Improvement) -> list[tuple]:
    pairs = (("之前", row.before if row.before_id else None), ("之后", row.after if row.after_id else None))
    return [(words, photo) for words, photo in pairs if photo is not None and photo.verdict != "risky"]


def _chosen() -> tuple[list[Place], Place]:
    """The communities whose ledger one may read, and the one asked for, else the first. Raises NotFound."""
    places = scope.communities(actor(), READ)
    picked = scope.chosen(places)
    if not picked:
        raise NotFound()
    return places, picked[0]


def _compounds(community: Place) -> list[Place]:
    rows = Place.select().where(Place.community == community, Place.kind == "compound", Place.active)
    return list(rows.order_by(Place.id).limit(200))


def _wanted(community: Place):
    asked = request.args
    compound = None
    if asked.get("compound"):
        compound = Place.get_or_none(Place.key == asked["compound"][:32], Place.community == community)
        if compound is None:
            raise NotFound()
    kind = asked.get("kind", "")
    return improvement.listed(
        community, actor=actor(), compound=compound, kind=kind if kind in KINDS else "", first=_day(asked.get("from")),
        last=_day(asked.get("to")),
    )  # fmt: skip


def _day(given: str | None) -> date | None:
    """A day as a date field sends it; None for none, and for what is none."""
    try:
        return date.fromisoformat(given[:10]) if given else None
    except ValueError:
        return None


@at_desk("improvement.write")
def add() -> Answer | tuple[str, int]:
    """Write a line."""
    form = request.form
    compound = Place.get_or_none(Place.key == form.get("compound", "")[:32])
    number = form.get("quantity", "").strip()
    entry = Entry(
        form.get("kind", ""), int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None,
        _day(form.get("day")), form.get("note", ""),
    )  # fmt: skip
    try:
        with write():
            if compound is None:
                raise Refusal("improvement_incomplete", "请选择小区。", {"compound": "请选择"})
            if receipt.use_once(actor().person, f"improvement:{form.get('once', '')[:32]}"):
                improvement.record(compound, entry, actor=actor())
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return _index(refusal, form.to_dict(), "add"), 422
    return redirect(url_for("console.improvements", community=_key(compound)), 303)


@at_desk("improvement.write")
def withdraw(key: str) -> Answer | tuple[str, int]:
    """Take back a line that is wrong."""
    row = Improvement.get_or_none(Improvement.key == key)
    if row is None or not rights.may(actor(), READ, community=row.community):
        raise NotFound()
    try:
        with write():
            improvement.withdraw(row, actor=actor(), reason=request.form.get("reason", ""))
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return _index(refusal, {}, key), 409 if type(refusal) is not Refusal else 422
    return redirect(url_for("console.improvements", community=row.community.key), 303)


def _key(compound: Place | None) -> str | None:
    return compound.community.key if compound is not None and len(scope.communities(actor(), READ)) > 1 else None


@at_desk("improvement.read")
def sheet() -> Response:
    """The lines that are shown, as a file; nothing in it is about anybody."""
    _, community = _chosen()
    rows = improvement.rows(_wanted(community) & Improvement.withdrawn_at.is_null()).limit(MOST)
    lines = [
        [str(row.day), row.compound.name, KINDS[row.kind][0], str(row.quantity), row.unit, row.note,
         f"#{row.case.number}" if row.case_id and rights.plainly(actor(), "case.read", _of(row, community)) else ""]
        for row in rows
    ]  # fmt: skip
    head = ["日期", "小区", "做了什么", "数量", "单位", "说明", "来自哪件事"]
    headers = {
        "Content-Disposition": 'attachment; filename="improvements.csv"', "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return Response(table([[f"{community.name} 整治台账"], head, *lines]), mimetype="text/csv", headers=headers)


def _of(row: Improvement, community: Place):
    row.case.community = community
    return row.case
