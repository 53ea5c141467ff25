"""Whistles from both sides (北京 接诉即办 Art. 33): how the units answered, and how the communities called.

What counts is the call (a subcase of a whistle) of each unit, and the whistle of each community, by when it was made.
A rating of 1 to 5 is told as how many there are and their mean; nobody is put in order by it.
"""

from dataclasses import dataclass

import peewee

from app.rules.statistics import Share
from app.rules.statistics_counts import Span, counted, many
from models.case import Case
from models.place import Place
from models.subcase import Subcase, SubcaseStep
from models.unit import Unit
from models.whistle import Whistle


@dataclass(frozen=True)
class Calls:
    """How one unit answered, or how the units called by one community did, and what the other side says of it."""

    key: str
    name: str
    numbers: dict[str, int]

    @property
    def mean(self) -> Share:
        """The mean of the ratings, in hundredths."""
        return Share(self.numbers["points"], self.numbers["rated"])


UNIT = (
    ("called", "被吹哨"), ("on_time", "按时报到"), ("late", "没有按时报到"), ("refused", "提出异议"),
    ("done", "已办完"),
)  # fmt: skip
COMMUNITY = (
    ("whistles", "吹哨"), ("confirmed", "已吹响"), ("refused", "街道没有同意"), ("cancelled", "取消"),
    ("cases", "吹哨的事"),
)  # fmt: skip


def of_units(scope: peewee.Expression, communities: list[Place], span: Span) -> list[Calls]:
    """Each unit that was called in the span, by name. One query."""
    objected = SubcaseStep.select(SubcaseStep.subcase).where(SubcaseStep.verb == "refuse")
    came = Subcase.arrived_at.is_null(False)
    missed = ~came & (Subcase.due_at < span.known) & Subcase.state.not_in(("dropped", "refused"))
    columns = {
        "called": many(Subcase.id.is_null(False)), "on_time": many(came & (Subcase.arrived_at <= Subcase.due_at)),
        "late": many((came & (Subcase.arrived_at > Subcase.due_at)) | missed),
        "refused": many(Subcase.id.in_(objected)), "done": many(Subcase.done_at.is_null(False)),
        "rated": many(Subcase.unit_rating.is_null(False)),
        "points": peewee.fn.COALESCE(peewee.fn.SUM(Subcase.unit_rating), 0),
    }  # fmt: skip
    rows = (
        Subcase.select(Unit.key, Unit.name, *columns.values())
        .join(Case, on=(Subcase.case == Case.id))
        .switch(Subcase)
        .join(Unit, on=(Subcase.unit == Unit.id))
        .where(scope, counted(), Unit.community.in_(communities), *_calls(span))
        .group_by(Unit.id, Unit.key, Unit.name)
        .order_by(Unit.name, Unit.id)
    )
    return [_calls_of(columns, row) for row in rows.tuples()]


def of_communities(scope: peewee.Expression, communities: list[Place], span: Span) -> list[Calls]:
    """Each community in the order of the tree. Three queries."""
    made = (Whistle.created_at >= span.start) & (Whistle.created_at < span.stop)
    columns = {
        "whistles": many(Whistle.id.is_null(False)), "confirmed": many(Whistle.state.in_(("blown", "closed"))),
        "refused": many(Whistle.state == "refused"), "cancelled": many(Whistle.state == "cancelled"),
        "cases": peewee.fn.COUNT(peewee.fn.DISTINCT(Whistle.case)),
    }  # fmt: skip
    blown = Whistle.select(Case.community, *columns.values()).join(Case, on=(Whistle.case == Case.id))
    rated = {
        "rated": many(Subcase.call_rating.is_null(False)),
        "points": peewee.fn.COALESCE(peewee.fn.SUM(Subcase.call_rating), 0),
    }
    judged = Subcase.select(Case.community, *rated.values()).join(Case, on=(Subcase.case == Case.id))
    new = {"received": many((Case.created_at >= span.start) & (Case.created_at < span.stop))}
    reported = Case.select(Case.community, *new.values()).where(Case.created_at >= span.start)
    found: dict[int, dict[str, int]] = {place.id: {} for place in communities}
    for query, names, when in (
        (blown, columns, [made]), (judged, rated, _calls(span)), (reported, new, []),
    ):  # fmt: skip
        for community, *numbers in query.where(scope, counted(), *when).group_by(Case.community).tuples():
            found[community] |= dict(zip(names, map(int, numbers), strict=True))
    return [
        Calls(place.key, place.name, dict.fromkeys((*columns, *rated, *new), 0) | found[place.id])
        for place in communities
    ]


def _calls(span: Span) -> list[peewee.Expression]:
    made = (Subcase.created_at >= span.start) & (Subcase.created_at < span.stop)
    return [Subcase.kind == "call", Subcase.unit.is_null(False), made]


def _calls_of(columns: dict, row: tuple) -> Calls:
    key, name, *numbers = row
    return Calls(key, name, dict(zip(columns, map(int, numbers), strict=True)))
