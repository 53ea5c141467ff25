"""The working calendar at the desk: a year by months, the office hours, and the import of a year's notice."""

import calendar as months
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import holiday, rights
from app.rules.clock import ZONE
from app.rules.refusal import Refusal
from app.rules.setting import setting
from handlers.console import scope
from models.base import now, write
from models.category import CalendarDay

#: More communities than a page lists.
MOST = 100


@at_desk("calendar.read")
def show() -> str:
    """A year, month by month, with what differs from its weekdays."""
    return _show()


def _show(problem: Refusal | None = None, text: str = "") -> str:
    moment = now()
    today = moment.astimezone(ZONE).date()
    year = request.args.get("year", type=int) or today.year
    year = min(max(year, holiday.YEARS[0]), holiday.YEARS[1])
    rows = holiday.days_of(year)
    places = scope.communities(actor(), "calendar.read")
    return render_template(
        "console/calendar.html", year=year, months=_months(year, rows), rows=rows, today=today, kinds=holiday.KINDS,
        known=year in holiday.known_years(), missing=holiday.missing_year(moment), problem=problem, text=text,
        hours=[(place.name, setting(place, "office_hours")) for place in places[:MOST]], more=len(places) > MOST,
        may=rights.may(actor(), "calendar.write"),
    )  # fmt: skip


def _months(year: int, rows: list[CalendarDay]) -> list[list[list[tuple[date, str, str] | None]]]:
    """Twelve months of weeks of days: (day, kind, name), None beside the month. The kind is rest, work or empty."""
    named = {row.day: (row.kind, row.name) for row in rows}
    month_days = months.Calendar().monthdatescalendar
    return [
        [[(day, *named.get(day, ("", ""))) if day.month == month else None for day in week] for week in weeks]
        for month, weeks in ((month, month_days(year, month)) for month in range(1, 13))
    ]


@at_desk("calendar.write")
def preview() -> str | tuple[str, int]:
    """What the pasted or uploaded text says, and what looks odd; nothing is kept yet."""
    text = _given()
    try:
        given = holiday.parse(text)
        warnings = holiday.check(given)
    except Refusal as problem:
        return _show(problem, text), 422
    return render_template(
        "console/calendar_preview.html", given=given, warnings=warnings, text=text, kinds=holiday.KINDS,
        before=holiday.days_of(given.year), months=_months(given.year, _as_rows(given)),
    )  # fmt: skip


def _as_rows(given: holiday.Year) -> list[CalendarDay]:
    both = (("rest", given.rest), ("work", given.work))
    return [CalendarDay(day=one.day, kind=kind, name=one.name) for kind, named in both for one in named]


@at_desk("calendar.write")
def load() -> Response | str | tuple[str, int]:
    """Import what was looked at; or go on writing."""
    text = _given()
    if request.form.get("answer") == "edit":
        return _show(text=text)
    try:
        given = holiday.parse(text)
        with write():
            holiday.import_year(
                year=given.year, rest=given.rest, work=given.work, source=given.source, actor=actor()
            )  # fmt: skip
    except Refusal as problem:
        if problem.code != "calendar_wrong":
            raise
        return _show(problem, text), 422
    return redirect(url_for("console.calendar", year=given.year), 303)


def _given() -> str:
    """The text of the form, or of the file that was chosen; cut to a length that is refused rather than read."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return upload.stream.read(4 * holiday.LONGEST).decode("utf-8", errors="replace")
    return request.form.get("text", "")[: 2 * holiday.LONGEST]
