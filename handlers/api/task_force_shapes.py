"""What goes out of a 创城专班, by allow-list: other residents by masked names, cases by their public side."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.rules import rights, task_force, task_force_facts
from app.rules.actor import Actor
from app.rules.task_force_facts import RULES, Facts
from handlers.api.improvement import SumOut, sums_out
from handlers.api.shapes import PlaceOut
from models.case import Case
from models.lifecycle import CASE_STATES
from models.task_force import KINDS, TaskForce, TaskForceMember


class TaskForceBrief(BaseModel):
    key: str
    name: str
    compound: PlaceOut
    created_at: datetime
    ended_at: datetime | None
    members: int
    mine: str = Field(description="One's own state: asked, joined; empty when one is no member.")
    mine_words: str
    verbs: list[str] = Field(description="join, leave; for the community also end, add_unit, decide.")


class TaskForcesOut(BaseModel):
    task_forces: list[TaskForceBrief] = Field(description="Those at work, then for the community those that ended.")
    free: list[PlaceOut] = Field(description="For the community: compounds that have no team yet.")


class MemberOut(BaseModel):
    key: str
    kind: str
    kind_words: str
    name: str = Field(description="Masked, but of units and oneself; in full for the community.")
    state: str
    state_words: str
    mine: bool
    verbs: list[str] = Field(description="admit, refuse, remove; or nothing.")


class ForceCaseOut(BaseModel):
    """A case in the team's list, as everybody may know it; `key` only for who may read the case itself."""

    key: str | None
    number: int
    category: str
    state: str
    state_words: str
    photos: int = Field(description="How many photos show the result.")


class CountOut(BaseModel):
    code: str
    words: str
    number: str = Field(description='As text: exact for the community, "少于 5" or "10 余" for residents.')


class RuleOut(BaseModel):
    """One of the four working rules with what is so now."""

    code: str
    words: str
    means: str
    text: str = Field(description="The fact in one sentence.")


class TaskForceOut(TaskForceBrief):
    rules: list[RuleOut]
    open: int
    overdue: int
    planned: int
    difficult: list[ForceCaseOut] = Field(description="Overdue or on the books, at most ten.")
    on_the_spot: int = Field(description="This month.")
    done_there: list[ForceCaseOut]
    kinds: list[CountOut] = Field(description="How many members of each of the five kinds.")
    improvements: list[SumOut]
    judged: list[CountOut]
    judged_period: str
    people: list[MemberOut]
    join_as: list[CountOut] = Field(description="As what a resident may ask to join; `number` is empty.")


def brief(row: TaskForce, members: int, own: TaskForceMember | None, actor: Actor) -> dict:
    """The fields of a line; the team comes with its compound and community."""
    return dict(
        key=row.key, name=row.name, compound=PlaceOut.of(row.compound), created_at=row.created_at,
        ended_at=row.ended_at, members=members, mine=own.state if own else "",
        mine_words=task_force.STATES[own.state] if own else "", verbs=_verbs(row, own, actor),
    )  # fmt: skip


def _verbs(row: TaskForce, own: TaskForceMember | None, actor: Actor) -> list[str]:
    if row.ended_at is not None:
        return []
    admin = rights.may(actor, task_force.WRITE, community=row.community)
    may_join = own is None and (admin or rights.may(actor, task_force.JOIN, community=row.community))
    found = ["join"] if may_join else ["leave"] if own else []
    return [*found, *(["add_unit", "decide", "end"] if admin else [])]


def whole(row: TaskForce, actor: Actor) -> TaskForceOut:
    """A team with its four rules and what is so now."""
    found, people = task_force_facts.facts(row, actor=actor), task_force_facts.members(row, actor=actor)
    own = next((one for one, _ in people if one.person_id == actor.person.id), None)
    return TaskForceOut(
        **brief(row, sum(found.members.values()), own, actor), rules=_rules(found), open=found.open,
        overdue=found.overdue, planned=found.planned, difficult=[_case(one, found, actor) for one in found.difficult],
        on_the_spot=found.on_the_spot, done_there=[_case(one, found, actor) for one in found.done_there],
        kinds=[CountOut(code=kind, words=KINDS[kind], number=str(many)) for kind, many in found.members.items()],
        improvements=sums_out(found.improvements),
        judged=[CountOut(code=code, words=words, number=many) for code, words, many in found.judged],
        judged_period=found.period.words, people=[_member(one, name, row, actor) for one, name in people],
        join_as=[CountOut(code=kind, words=KINDS[kind], number="") for kind in task_force.ASKED_AS],
    )  # fmt: skip


def _rules(found: Facts) -> list[RuleOut]:
    texts = task_force_facts.texts(found)
    return [RuleOut(code=code, words=words, means=means, text=texts[code]) for code, words, means in RULES]


def _case(case: Case, found: Facts, actor: Actor) -> ForceCaseOut:
    return ForceCaseOut(
        key=case.key if found.staff and rights.plainly(actor, "case.read", case) else None, number=case.number,
        category=case.category.name, state=case.state, state_words=CASE_STATES[case.state],
        photos=int(found.photos.get(case.id, 0)),
    )  # fmt: skip


def _member(one: TaskForceMember, name: str, row: TaskForce, actor: Actor) -> MemberOut:
    own = one.person_id == actor.person.id
    admin = row.ended_at is None and rights.may(actor, task_force.WRITE, community=row.community)
    verbs = (["admit", "refuse"] if one.state == "asked" and not own else ["remove"] if one.unit_id else [])
    return MemberOut(
        key=one.key, kind=one.kind, kind_words=KINDS[one.kind], name=name, state=one.state,
        state_words=task_force.STATES[one.state], mine=own, verbs=verbs if admin else [],
    )  # fmt: skip
