"""数字: the three rates and the other figures of a place and a time, with what they are shares of; and as a file."""

from datetime import date

from flask import Response, render_template, request, url_for

from app.guard import actor, at_desk
from app.rules import exclusion, statistics_scope, statistics_words
from app.rules import statistics_period as periods
from app.rules import statistics_whistles as whistles
from app.rules.refusal import NotFound, Refusal
from app.rules.sheet import table
from app.rules.statistics import Statistics
from app.rules.statistics_counts import BY
from app.rules.statistics_period import Period
from app.rules.statistics_scope import Sight
from models.base import now
from models.exclusion import REASONS
from models.place import Place

#: So many of what was left out stand on the page.
MOST = 50


@at_desk("statistics.read")
def show() -> str | tuple[str, int]:
    """The figures asked for; a wrong span is said beside the form, and this month's figures stand there instead."""
    problem = None
    places, seen = _seen()
    by = _by()
    try:
        period = _period(seen)
        found = seen.table(period, by)
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        problem, period = refusal, _usual(seen)
        found = seen.table(period, by)
    page = _page(places, seen, found, problem)
    return (page, 422) if problem else page


def _page(places: list[Place], seen: Sight, found: Statistics, problem: Refusal | None) -> str:
    period, span = found.period, seen.span(found.period)
    total, *rows = statistics_words.shown(found)
    sides: list[tuple[str, list]] = []
    excluded: list = []
    if not seen.sums:
        asked = (seen.scope, seen.communities, span)
        sides = [
            ("单位怎样报到", _calls(whistles.of_units(*asked), whistles.UNIT)),
            ("社区怎样吹哨", _calls(whistles.of_communities(*asked), whistles.COMMUNITY)),
        ]
        excluded = list(exclusion.listed(seen.scope, period.start, period.stop).limit(MOST))
    return render_template(
        "console/statistics.html", places=places, seen=seen, found=found, total=total, rows=rows, sides=sides,
        excluded=excluded, reasons=REASONS, by_words=BY, units=_units(seen), problem=problem,
        notes=statistics_words.SUMS_NOTES if seen.sums else statistics_words.NOTES, drill=_drill(seen, found),
        by_reason=[] if seen.sums else exclusion.by_reason(seen.scope, period.start, period.stop),
        args={"place": seen.place.key, "from": period.first, "to": period.last, "by": found.by},
    )  # fmt: skip


def _calls(rows: list[whistles.Calls], names: tuple) -> list[tuple[str, list]]:
    return [(one.name, statistics_words.calls(one, names)) for one in rows]


def _units(seen: Sight) -> dict[str, Period]:
    """The spans one may choose with one click."""
    named = ("last_month",) if seen.sums else tuple(periods.UNITS)
    return {periods.UNITS[unit]: periods.named(unit, now()) for unit in named}


def _drill(seen: Sight, found: Statistics) -> dict[str, str]:
    """Where the cases of a row are listed, by its key; only where the list has such a filter."""
    if seen.sums or found.by not in ("category", "community"):
        return {}
    here = {"community": seen.place.key} if seen.place.kind == "community" else {}
    return {
        row.key: url_for(
            "console.cases", state="all", **(here | {"category": row.key} if found.by == "category" else
                                             {"community": row.key})
        )
        for row in found.rows if row.key
    }  # fmt: skip


@at_desk("statistics.read")
def sheet() -> Response:
    """Exactly the table that is shown, as a file; sums only, so that it needs no second person."""
    _, seen = _seen()
    found = seen.table(_period(seen), _by())
    name = f"statistics-{found.period.first}-{found.period.last}-{found.by}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(table(statistics_words.sheet(found, seen.place.name)), mimetype="text/csv", headers=headers)


def _seen() -> tuple[list[Place], Sight]:
    """The places one may choose, and what one sees of the one asked for, else of the first. Raises NotFound."""
    places = statistics_scope.places(actor())
    key = request.args.get("place", "")
    place = Place.get_or_none(Place.key == key[:32]) if key else next(iter(places), None)
    if place is None:
        raise NotFound()
    return places, statistics_scope.sight(place, actor=actor())


def _by() -> str:
    by = request.args.get("by", "category")
    return by if by in BY else "category"


def _period(seen: Sight) -> Period:
    first, last = _day("from"), _day("to")
    return _usual(seen) if first is None and last is None else periods.between(first, last, now())


def _usual(seen: Sight) -> Period:
    return periods.named("last_month" if seen.sums else "month", now())


def _day(name: str) -> date | None:
    given = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(given[:10]) if given else None
    except ValueError:
        raise Refusal("period_invalid", "日期看不懂，请重新选择。", {name: "请选择日期"}) from None
