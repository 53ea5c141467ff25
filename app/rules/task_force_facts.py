"""The four working rules of a 创城专班 with what is so now (M10): its list of problems, what was done on the spot, who
takes part, and what the residents say of the results.

Residents see the side of it that everybody may know: no complaint, no name in full, and of judgements no small number.
"""

from dataclasses import dataclass
from datetime import datetime

import peewee

from app.rules import improvement, mask, public, rights
from app.rules.actor import Actor
from app.rules.statistics_counts import counted, many
from app.rules.statistics_period import Period, named
from app.rules.statistics_veil import FEW, LEAST
from models.base import now
from models.case import Case, Photo
from models.category import Category
from models.judgement import Judgement
from models.lifecycle import CASE_OPEN, SATISFACTION
from models.person import Person
from models.place import Place
from models.task_force import KINDS, TaskForce, TaskForceMember
from models.unit import Unit

#: Code, the rule, and what it means here.
RULES = (
    ("problems", "围着问题转", "小区里没办完的事就是专班的任务单，超时的、挂账的先办。"),
    ("on_the_spot", "现场即时办", "能当场办好的当场办，留下照片。"),
    ("together", "带领居民干", "居民可以报名参加，一起动手。"),
    ("judged", "成效群众判", "办得好不好，由居民评价；没有评价的不算满意。"),
)
#: So many cases stand on the page; the rest is in the lists.
FEW_CASES = 10


@dataclass(frozen=True)
class Facts:
    """What is so now, as the viewer may know it. `judged` are (code, words, how many) of `period`."""

    open: int
    overdue: int
    planned: int
    difficult: list[Case]
    on_the_spot: int
    done_there: list[Case]
    photos: dict[int, int]
    members: dict[str, int]
    improvements: list[improvement.Sum]
    judged: list[tuple[str, str, str]]
    period: Period
    staff: bool


def facts(row: TaskForce, *, actor: Actor) -> Facts:
    """The facts of one team: ten queries or fewer, however much there is."""
    moment = now()
    staff = rights.may(actor, "task_force.write", community=row.community) or rights.may(
        actor, "statistics.read", community=row.community
    )
    there = _below(row.compound) & (Case.community == row.community_id)
    seen = there & (rights.readable_cases(actor) if staff else public.public_cases(actor) & Category.public)
    month = named("month", moment)
    numbers = _numbers(seen, month, moment)
    done = list(_cases(seen & Case.on_the_spot & _in(month)).limit(FEW_CASES))
    shown = dict(
        Photo.select(Photo.case, peewee.fn.COUNT(Photo.id))
        .where(Photo.case.in_(done), Photo.kind == "after").group_by(Photo.case).tuples()
    ) if done else {}  # fmt: skip
    difficult = list(_cases(seen & _difficult(moment)).limit(FEW_CASES))
    for case in (*difficult, *done):
        case.community = row.community
    wanted = improvement.listed(row.community, actor=actor, compound=row.compound)
    span = month if staff else named("last_month", moment)
    return Facts(
        open=numbers[0], overdue=numbers[1], planned=numbers[2], on_the_spot=numbers[3], done_there=done, photos=shown,
        difficult=difficult, members=_members(row),
        improvements=improvement.sums(wanted).total, period=span, staff=staff,
        judged=_judged(there & rights.not_about(actor), span, exact=staff),
    )  # fmt: skip


def _below(compound: Place) -> peewee.Expression:
    line = Place.above.startswith(f"{compound.above}{compound.id}/")
    return Case.place.in_(Place.select(Place.id).where((Place.id == compound.id) | line))


def _in(period: Period) -> peewee.Expression:
    return (Case.handled_at >= period.start) & (Case.handled_at < period.stop)


def _late(moment: datetime) -> peewee.Expression:
    return (Case.resolve_due < moment) & Case.state.in_(("reported", "dispatched", "handling", "checking"))


def _difficult(moment: datetime) -> peewee.Expression:
    return _late(moment) | (Case.state == "planned")


def _numbers(seen: peewee.Expression, month: Period, moment: datetime) -> list[int]:
    """How many are open, late, on the books, and were done on the spot this month: one query."""
    columns = (
        many(Case.state.in_(CASE_OPEN)), many(_late(moment)), many(Case.state == "planned"),
        many(Case.on_the_spot & _in(month)),
    )  # fmt: skip
    query = Case.select(*columns).join(Category, on=(Case.category == Category.id))
    return [int(one) for one in query.where(seen).tuples().get()]


def _cases(condition: peewee.Expression) -> peewee.ModelSelect:
    return (
        Case.select(Case, Category, Place)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(Place, peewee.JOIN.LEFT_OUTER, on=(Case.place == Place.id), attr="place")
        .where(condition)
        .order_by(Case.hazard.desc(), Case.id)
    )


def _members(row: TaskForce) -> dict[str, int]:
    found = TaskForceMember.select(TaskForceMember.kind, peewee.fn.COUNT(TaskForceMember.id)).where(
        TaskForceMember.task_force == row, TaskForceMember.state == "joined", TaskForceMember.left_at.is_null()
    )
    held = dict(found.group_by(TaskForceMember.kind).tuples())
    return {kind: int(held.get(kind, 0)) for kind in KINDS}


def _judged(there: peewee.Expression, period: Period, *, exact: bool) -> list[tuple[str, str, str]]:
    """How the residents judged in a span. For residents of a month that is over, in fives: five others and a sum would
    else tell the sixth."""
    columns = [many(Judgement.satisfaction == code) for code in SATISFACTION]
    query = Judgement.select(*columns).join(Case, on=(Judgement.case == Case.id))
    row = query.where(there, counted(), Judgement.at >= period.start, Judgement.at < period.stop).tuples().get()
    return [
        (code, words, str(int(number)) if exact else roughly(int(number)))
        for (code, words), number in zip(SATISFACTION.items(), row, strict=True)
    ]


def roughly(number: int) -> str:
    """In fives: "少于 5", "5 余", "10 余"."""
    return FEW if number < LEAST else f"{number // LEAST * LEAST} 余"


def members(row: TaskForce, *, actor: Actor) -> list[tuple[TaskForceMember, str]]:
    """The members with the names under which the actor may know them, by kind; who has only asked for staff alone."""
    staff = rights.may(actor, "task_force.write", community=row.community)
    shown = TaskForceMember.left_at.is_null() & (
        TaskForceMember.state.in_(("joined", "asked")) if staff
        else (TaskForceMember.state == "joined") | (TaskForceMember.person == actor.person)
    )  # fmt: skip
    query = (
        TaskForceMember.select(TaskForceMember, Person, Unit)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(TaskForceMember.person == Person.id), attr="person")
        .switch(TaskForceMember)
        .join(Unit, peewee.JOIN.LEFT_OUTER, on=(TaskForceMember.unit == Unit.id), attr="unit")
        .where(TaskForceMember.task_force == row, shown)
        .order_by(TaskForceMember.id)
    )
    order = list(KINDS)
    found = sorted(query, key=lambda one: (order.index(one.kind), one.id))
    return [(one, _name(one, actor, staff)) for one in found]


def _name(member: TaskForceMember, actor: Actor, staff: bool) -> str:
    if member.unit_id is not None:
        return member.unit.name
    known = staff or member.person_id == actor.person.id
    return (member.person.name if known else mask.name(member.person.name)) or "没有留名的居民"


def texts(found: Facts) -> dict[str, str]:
    """The fact of each rule in one sentence, by its code."""
    sums = "、".join(one.words for one in found.improvements)
    people = sum(found.members.values())
    judged = "，".join(f"{words} {number} 件" for _, words, number in found.judged)
    return {
        "problems": f"现在有 {found.open} 件没办完，其中超时 {found.overdue} 件，挂账 {found.planned} 件。",
        "on_the_spot": f"本月现场即时办好 {found.on_the_spot} 件。",
        "together": f"成员 {people} 个。" + (f"整治成果：{sums}。" if sums else "还没有登记整治成果。"),
        "judged": f"{found.period.words}：{judged}。",
    }  # fmt: skip
