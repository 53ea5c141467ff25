"""The figures of a place: three rates, indicators, and what stands beside them, each with its denominator."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from app.guard import actor, signed_in
from app.rules import exclusion, statistics_words
from app.rules import statistics_period as periods
from app.rules import statistics_whistles as whistles
from app.rules.statistics_counts import BY
from app.rules.statistics_scope import Sight, sight
from app.rules.statistics_words import Line, Shown
from handlers.api.blueprint import api, named, the
from handlers.api.reading import Key, Query
from handlers.api.shapes import PlaceOut
from models.base import now
from models.exclusion import REASONS
from models.place import Place

By = Literal[*BY]  # type: ignore[valid-type]  # known at run time, from the table


def _day(value: object) -> date:
    """A day as it is written in an address: 2026-11-01. Raises ValueError."""
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("no day")
    return date.fromisoformat(value)


#: A day of Asia/Shanghai.
Day = Annotated[date, BeforeValidator(_day), Field(examples=["2026-11-01"])]


class StatisticsIn(Query):
    place: Key = Field(description="A community; where it is open also a street, a district, a compound, a building.")
    first: Day | None = Field(default=None, alias="from", description="The first day; else the first of the month.")
    last: Day | None = Field(default=None, alias="to", description="The last day, counted too; at most 366 days.")
    by: By = Field(default="category", description="What the rows are.")


class LineOut(BaseModel):
    """One figure. Where small numbers are hidden the words say so, and `basis_points` is null."""

    code: str
    words: str = Field(description="What it is called.")
    text: str = Field(description='As one reads it: "98.00%", "没有数据", "少于 5".')
    numerator: str = Field(description="As text, for it may be hidden or a fraction; empty for a plain count.")
    denominator: str
    basis_points: int | None = Field(description="In hundredths of a percent; of the composite, of a point.")
    note: str = Field(description="What is counted, out of what.")


class RowOut(BaseModel):
    key: str = Field(description="Of a grid, unit or community; the code of a category; empty for the rest.")
    name: str
    numbers: list[LineOut]
    rates: list[LineOut] = Field(description="The three rates, then the composite.")
    indicators: list[LineOut]
    beside: list[LineOut] = Field(description="What keeps the rates honest: reopened, relabelled, before contact, …")


class CallsOut(BaseModel):
    key: str
    name: str
    lines: list[LineOut]


class ExcludedOut(BaseModel):
    reason: str
    words: str
    cases: int


class StatisticsOut(BaseModel):
    place: PlaceOut
    first_day: date
    last_day: date
    period_words: str
    by: str
    by_words: str
    sums_only: bool = Field(description="Small numbers are hidden; only whole months that are over are told.")
    made_at: datetime
    total: RowOut
    rows: list[RowOut] = Field(description="In the order of the tree, catalogue or alphabet, never of a figure.")
    units: list[CallsOut] = Field(description="How each unit answered its calls; empty for sums only.")
    communities: list[CallsOut] = Field(description="How each community called; empty for sums only.")
    excluded: list[ExcludedOut] = Field(description="Left out of the figures in this time, by reason; empty for sums.")
    notes: list[str]


@api.get("/statistics")
@named("readStatistics")
@signed_in("statistics.read")
@api.input(StatisticsIn, location="query", arg_name="query")
@api.output(StatisticsOut)
def read_statistics(query: StatisticsIn):
    """The figures of a place and a time

    Without `from` and `to`: this month; for whom sums alone are open, the last month. 404 for a place that is none of
    one's own. Staff see all numbers; residents, building heads, volunteers, workers, mediators, units and operators
    see what is theirs, without numbers under five and what would tell them.
    """
    seen = sight(the(Place, query.place), actor=actor())
    moment = now()
    if query.first is None and query.last is None:
        period = periods.named("last_month" if seen.sums else "month", moment)
    else:
        period = periods.between(query.first, query.last, moment)
    return _out(seen, period, query.by, moment)


def _out(seen: Sight, period: periods.Period, by: str, moment: datetime) -> dict:
    table = seen.table(period, by)
    total, *rows = statistics_words.shown(table)
    told: dict[str, list] = {"units": [], "communities": [], "excluded": []}
    if not seen.sums:
        span, asked = seen.span(period), (seen.scope, seen.communities)
        told = {
            "units": _calls(whistles.of_units(*asked, span), whistles.UNIT),
            "communities": _calls(whistles.of_communities(*asked, span), whistles.COMMUNITY),
            "excluded": [
                ExcludedOut(reason=reason, words=REASONS[reason], cases=cases)
                for reason, cases in exclusion.by_reason(seen.scope, period.start, period.stop)
            ],
        }
    return {
        "place": PlaceOut.of(seen.place), "first_day": period.first, "last_day": period.last,
        "period_words": period.words, "by": by, "by_words": BY[by], "sums_only": seen.sums, "made_at": moment,
        "total": _row(total), "rows": [_row(row) for row in rows],
        "notes": list(statistics_words.SUMS_NOTES if seen.sums else statistics_words.NOTES), **told,
    }  # fmt: skip


def _row(row: Shown) -> RowOut:
    return RowOut(
        key=row.key, name=row.name, numbers=_lines(row.numbers), rates=_lines(row.rates),
        indicators=_lines(row.indicators), beside=_lines(row.beside),
    )  # fmt: skip


def _lines(lines: list[Line]) -> list[LineOut]:
    return [LineOut(**one.__dict__) for one in lines]


def _calls(rows: list[whistles.Calls], names: tuple) -> list[CallsOut]:
    return [CallsOut(key=one.key, name=one.name, lines=_lines(statistics_words.calls(one, names))) for one in rows]
