"""社区吹哨 at the desk: blowing in a case, what the street and the community decide, and who has not come yet."""

from datetime import datetime

from flask import render_template, request
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import rights, subcase_sight, whistle
from app.rules.refusal import NotFound, Refusal
from handlers.console import case as room
from handlers.console import pieces, scope
from handlers.console.subcase import done
from models.base import now
from models.case import Case
from models.category import Category
from models.lifecycle import WHISTLE_STATES
from models.place import Place
from models.subcase import Subcase
from models.unit import Unit
from models.whistle import KINDS, Whistle

PAGE = 30
OPEN = ("wished", "asked", "blown")


@at_desk("subcase.decide")
def index() -> str:
    """The open whistles, the newest first, with every called unit and who is late; and how late, unit by unit."""
    who, moment = actor(), now()
    places = scope.communities(who, "subcase.decide")
    picked = scope.chosen(places)
    rows = (
        Whistle.select(Whistle, Case, Category, Place).join(Case)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case).join(Place, on=(Case.community == Place.id), attr="community")
        .where(Case.community.in_([place.id for place in picked]), rights.not_about(who))
    )  # fmt: skip
    if request.args.get("state") != "all":
        rows = rows.where(Whistle.state.in_(OPEN))
    if request.args.get("before"):
        inside = Case.community.in_([place.id for place in picked])
        last = Whistle.select(Whistle.id).join(Case).where(Whistle.key == request.args["before"], inside)
        rows = rows.where(Whistle.id < last)
    found = list(rows.order_by(Whistle.id.desc()).limit(PAGE + 1))
    shown = found[:PAGE]
    calls: dict[int, list[dict]] = {row.id: [] for row in shown}
    if shown:
        called = subcase_sight.rows().where(Subcase.whistle.in_(list(calls)))
        for one in called.order_by(Subcase.lead.desc(), Subcase.id):
            calls[one.whistle_id].append(pieces.line(one, who, moment))
    return render_template(
        "console/whistles.html", places=places, picked=picked, rows=shown, calls=calls, kinds=KINDS,
        states=WHISTLE_STATES, signs=pieces.WHISTLE_SIGNS, units=_units(picked, moment), all=request.args.get("state"),
        more=found[PAGE - 1] if found[PAGE:] else None,
    )  # fmt: skip


def _units(picked: list[Place], moment: datetime) -> list[dict]:
    """What waits at each unit, the latest first: one query."""
    query = (
        Subcase.select(Subcase, Unit).join(Unit)
        .where(
            Unit.community.in_([place.id for place in picked]), Subcase.kind == "call", Subcase.due_at.is_null(False),
            Subcase.state.in_(subcase_sight.OPEN),
        )
    )  # fmt: skip
    found: dict[int, dict] = {}
    for row in query.order_by(Subcase.id).limit(1000):
        one = found.setdefault(row.unit_id, {"unit": row.unit, "open": 0, "late": 0})
        one["open"] += 1
        one["late"] += subcase_sight.is_late(row, moment)
    return sorted(found.values(), key=lambda one: (-one["late"], one["unit"].name))


@at_desk("whistle.blow")
def blow(key: str) -> Response | tuple[str, int]:
    """Call the units that were ticked; one of them leads."""
    case = room.find(actor(), key)
    rights.need(actor(), "whistle.blow", case=case)
    return done(case, "blow", lambda: whistle.blow(
        case, actor=actor(), kind=request.form.get("kind", ""), reason=request.form.get("reason", ""),
        calls=_calls(case), within=_within(),
    ))  # fmt: skip


def _calls(case: Case) -> list[whistle.Call]:
    wanted, lead = request.form.getlist("unit")[: whistle.MOST + 1], request.form.get("lead", "")
    units = {one.key: one for one in Unit.select().where(Unit.key.in_(wanted), Unit.community == case.community)}
    if set(units) != set(wanted):
        raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    if lead and lead not in units:
        raise Refusal("lead_wrong", "牵头单位也要在上面勾选。", {"lead": "没有勾选"})
    return [whistle.Call(units[key], key == lead or len(wanted) == 1) for key in dict.fromkeys(wanted)]


def _within() -> int | None:
    given = request.form.get("within", "").strip()
    if given and not (given.isascii() and given.isdecimal() and len(given) < 5):
        raise Refusal("within_wrong", "请写几小时，比如 4。", {"within": "不对"})
    return int(given) if given else None


@at_desk("subcase.decide")
def press(key: str, verb: str) -> Response | tuple[str, int]:
    """Confirm or refuse for the street; cancel or close for the community, with a rating of each unit."""
    row = Whistle.get_or_none(Whistle.key == key)
    if row is None or verb not in ("confirm", "refuse", "cancel", "close"):
        raise NotFound()
    row.case = room.find(actor(), row.case.key)
    note = request.form.get("note", "")

    def say() -> None:
        if verb == "close":
            given = {name.removeprefix("rating-"): value for name, value in request.form.items()}
            ratings = {name: int(value) for name, value in given.items() if value in ("1", "2", "3", "4", "5")}
            whistle.close(row, actor=actor(), result=note, ratings=ratings)
        else:
            {"confirm": whistle.confirm, "refuse": whistle.refuse, "cancel": whistle.cancel}[verb](
                row, actor=actor(), note=note
            )

    return done(row.case, f"whistle-{row.key}", say)
