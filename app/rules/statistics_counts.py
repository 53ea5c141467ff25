"""The counting behind the figures: a fixed number of sums in the database, whatever the number of cases.

What an indicator leaves out is left out here, in one place (`counted`): merged and withdrawn cases, and those two
people decided to leave out (models.exclusion).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import peewee

from app.rules.actor import STAFF
from models.case import Case, Step
from models.category import Category
from models.exclusion import Exclusion
from models.extension import Extension
from models.judgement import Judgement
from models.place import Place
from models.role import Role
from models.subcase import Subcase

#: What figures may be set out by.
BY = {"community": "社区", "grid": "网格", "category": "类别", "unit": "办理单位"}
#: Who says a word as the reporter: oneself, or one of the family.
REPORTING = ("reporter", "agent")
#: Ended in another way than by work; they count until two people decide that they do not.
NOT_FILED = ("rejected", "handed_over")
#: In these states nobody has to act by a time any more, or not now.
AT_REST = (*NOT_FILED, "merged", "withdrawn", "planned", "handled", "closed", "closed_no_feedback")
#: The key of the row of what lies in no grid, or is with no unit.
NOWHERE = ""

Counts = dict[str, int]


@dataclass(frozen=True)
class Span:
    """The bounds of the counting, and until when things are known: the end, or this moment before it has come."""

    start: datetime
    stop: datetime
    known: datetime


def many(condition: peewee.Expression) -> peewee.Function:
    """How many rows meet a condition, as a column of an aggregate."""
    return peewee.fn.COALESCE(peewee.fn.SUM(peewee.Case(None, ((condition, 1),), 0)), 0)


def counted() -> peewee.Expression:
    """The condition on Case that it counts at all (domain §3.3: 不予考核 needs a reason and a second person)."""
    agreed = Exclusion.select(Exclusion.case).where(Exclusion.agreed_by.is_null(False))
    return Case.state.not_in(("merged", "withdrawn")) & Case.id.not_in(agreed)


def count(scope: peewee.Expression, span: Span, by: str | None) -> dict[str, Counts]:
    """Every count of `COUNTED` by the key of its row; with `by` None all in one row NOWHERE. Four queries."""
    found: dict[str, Counts] = {}
    for ask in (_matters, _done, _verdicts, _objections):
        query, columns = ask(span)
        for key, *sums in _grouped(query, columns, scope, by):
            row = found.setdefault(key, {})
            for name, number in zip(columns, sums, strict=True):
                row[name] = row.get(name, 0) + number
    return found


def _grouped(query: peewee.ModelSelect, columns: dict, scope: peewee.Expression, by: str | None) -> list[tuple]:
    """The sums of a query over Case, one row for each key: (key as text, the sums in the order of `columns`)."""
    query = query.where(scope, counted())
    if by is None:
        return [(NOWHERE, *row) for row in query.select(*columns.values()).tuples()]
    key, join = _KEYS[by]
    query, column = join(query), key
    if by == "unit":
        link = _links()
        query = query.join(link, peewee.JOIN.LEFT_OUTER, on=(link.c.case_id == Case.id))
        column = link.c.unit_id
    rows = query.select(column, *columns.values()).group_by(column).tuples()
    return [(NOWHERE if first is None else str(first), *sums) for first, *sums in rows]


def _to_category(query: peewee.ModelSelect) -> peewee.ModelSelect:
    return query.switch(Case).join(Category, on=(Case.category == Category.id))


def _as_it_is(query: peewee.ModelSelect) -> peewee.ModelSelect:
    return query.switch(Case)


_KEYS: dict[str, tuple[object, Callable]] = {
    "community": (Case.community, _as_it_is), "grid": (Case.grid, _as_it_is), "category": (Category.code, _to_category),
    "unit": (None, _as_it_is),
}  # fmt: skip


def _links() -> peewee.ModelCompoundSelectQuery:
    """(case_id, unit_id) of the units that work on a case: the one it names, and those of its pieces."""
    named = Case.select(Case.id.alias("case_id"), Case.unit.alias("unit_id")).where(Case.unit.is_null(False))
    asked = Subcase.select(Subcase.case.alias("case_id"), Subcase.unit.alias("unit_id")).where(
        Subcase.unit.is_null(False), Subcase.state != "dropped"
    )
    return (named | asked).alias("link")


def _matters(span: Span) -> tuple[peewee.ModelSelect, dict]:
    """What was reported, what was due and what ended in the span."""
    new = (Case.created_at >= span.start) & (Case.created_at < span.stop)
    filed = new & Case.state.not_in(NOT_FILED) & (
        (Case.state != "reported") | Case.accepted_at.is_null(False) | (Case.reopened > 0)
    )  # fmt: skip
    dated = (Case.resolve_due >= span.start) & (Case.resolve_due < span.stop)
    # A hold moves the limit behind its date: it still belongs to the span in which it was due first.
    dated_first = (Case.first_resolve_due >= span.start) & (Case.first_resolve_due < span.stop)
    waits = (Case.state == "planned") & (Case.planned_until.is_null() | (Case.planned_until >= span.known))
    due, held = dated & ~waits, (dated | dated_first) & waits
    handled = due & (Case.handled_at < span.stop)
    closed = due & (Case.closed_at < span.stop) & Case.state.in_(("closed", "closed_no_feedback"))
    in_time = Case.handled_at <= Case.resolve_due
    extended = due & Case.id.in_(
        Extension.select(Extension.case).where(Extension.kind == "extension", Extension.agreed_by.is_null(False))
    )
    ended = (Case.closed_at >= span.start) & (Case.closed_at < span.stop) & Case.state.in_(
        ("closed", "closed_no_feedback")
    )  # fmt: skip
    # What waits for its check is done, as far as it is known.
    open_then = (Case.state.not_in(AT_REST) & Case.handled_at.is_null()) | (Case.handled_at >= span.known)
    left = (Case.resolve_due < span.known) & open_then & (Case.created_at < span.known)
    columns = {
        "received": many(new), "filed": many(filed),
        "relabelled": many(filed & (Case.category != Case.first_category)),
        "due": many(due), "handled": many(handled), "handled_on_time": many(handled & in_time),
        "closed": many(closed), "closed_on_time": many(closed & in_time), "extended": many(extended),
        "held": many(held), "ended": many(ended), "silent": many(ended & (Case.state == "closed_no_feedback")),
        "left": many(left),
    }  # fmt: skip
    return Case.select(Case.id).where(new | dated | held | ended | left), columns


def _done(span: Span) -> tuple[peewee.ModelSelect, dict]:
    """Of the cases that were called done in the span: once or again, sent back, on the spot, before any contact."""
    first = peewee.fn.MIN(Step.at).alias("at")
    done = (
        Step.select(Step.case.alias("case_id"), first)
        .where(Step.to_state == "handled", Step.from_state != "handled", Step.at >= span.start, Step.at < span.stop)
        .group_by(Step.case)
        .alias("done")
    )
    unheard = Case.contacted_at.is_null() | (Case.contacted_at > done.c.at)
    columns = {
        "done": many(Case.id.is_null(False)), "reopened": many(Case.reopened > 0), "reworked": many(Case.reworked > 0),
        "on_the_spot": many(Case.on_the_spot), "early": many(unheard & ~Case.on_the_spot),
    }  # fmt: skip
    return Case.select(Case.id).join(done, on=(done.c.case_id == Case.id)), columns


def _verdicts(span: Span) -> tuple[peewee.ModelSelect, dict]:
    """The judgements of the span 有效回访. Solved unless the same round was reopened before the span's end."""
    again = Step.select(Step.id).where(
        Step.case == Judgement.case, Step.verb == "reopen", Step.at >= Judgement.at, Step.at < span.stop
    )
    columns = _answers(span, Judgement.at) | {
        "solved": many(~peewee.fn.EXISTS(again) & ~_waiting(span)),
        "satisfied": many((Judgement.satisfaction == "satisfied") & ~peewee.fn.EXISTS(again)),
        "basically": many((Judgement.satisfaction == "basically_satisfied") & ~peewee.fn.EXISTS(again)),
    }
    query = Judgement.select(Judgement.id).join(Case, on=(Judgement.case == Case.id))
    return query.where(Judgement.at >= span.start, Judgement.at < span.stop), columns


def _objections(span: Span) -> tuple[peewee.ModelSelect, dict]:
    """Reporters who said "没有解决" without having judged that round in the span: a revisit, and not solved."""
    earlier = Step.alias()
    before = earlier.select(peewee.fn.COUNT(earlier.id)).where(
        earlier.case == Step.case, earlier.verb == "reopen", earlier.id < Step.id
    )
    judged = Judgement.select(Judgement.id).where(
        Judgement.case == Step.case, Judgement.round == before, Judgement.at >= span.start
    )
    query = Step.select(Step.id).join(Case, on=(Step.case == Case.id)).where(
        Step.verb == "reopen", Step.actor_role.in_(REPORTING), Step.at >= span.start, Step.at < span.stop,
        ~peewee.fn.EXISTS(judged),
    )  # fmt: skip
    return query, _answers(span, Step.at)


def _answers(span: Span, at: peewee.Field) -> dict:
    """The columns of revisits, by the moment of the answer."""
    return {
        "valid": many(Case.id.is_null(False)), "contacted": many(Case.contacted_at <= at),
        "solvable": many(~_waiting(span)), "own": many(_by_staff(at)),
    }  # fmt: skip


def _waiting(span: Span) -> peewee.Expression:
    """On the books 挂账 until after the span: left out of solving, not of response and satisfaction (domain §3.3)."""
    return (Case.state == "planned") & (Case.planned_until.is_null() | (Case.planned_until >= span.known))


def _by_staff(at: peewee.Field) -> peewee.Expression:
    """Whether the one who judges worked for the place then, or the handler judged the own work."""
    above = Place.alias()
    street = above.select(above.parent).where(above.id == Case.community)
    district = Place.select(Place.parent).where(Place.id.in_(street))
    on_duty = Role.select(Role.id).where(
        Role.person.in_((Case.reporter, Case.filed_by)), Role.kind.in_(sorted(STAFF)),
        (Role.place == Case.community) | Role.place.in_(street) | Role.place.in_(district),
        Role.starts_at <= at, Role.ends_at.is_null() | (Role.ends_at > at),
    )  # fmt: skip
    return (Case.handler.is_null(False) & (Case.handler == Case.reporter)) | peewee.fn.EXISTS(on_duty)
