"""Pieces of a case and whistles, for staff and for whoever answers for one: the matter and the place, no reporter."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.rules import rights, subcase_sight, whistle_move, wording
from app.rules import subcase_words as words
from app.rules.actor import Actor
from app.rules.clock import near
from handlers.api.shapes import PhotoOut
from models.base import now
from models.case import Case, Photo
from models.lifecycle import SUBCASE_STATES, SUBCASE_VERBS, WHISTLE_STATES
from models.subcase import KINDS, Subcase, SubcaseStep
from models.whistle import KINDS as WHISTLES
from models.whistle import Whistle

#: What whoever has to mend it sees of the case.
SEEN = ("report", "before", "safe", "after")


class SubVerbOut(BaseModel):
    verb: str
    words: str


class SubcaseBrief(BaseModel):
    """A piece of a case in a list."""

    key: str
    case: str = Field(description="The key of its case.")
    number: int
    community: str
    category: str
    hazard: bool
    where: str
    kind: str
    kind_words: str
    title: str = Field(description='"应急处置吹哨" or "分办"')
    state: str
    state_words: str
    party: str = Field(description="Who answers for it: the unit, the colleague or the community.")
    unit: str | None = Field(description="The key of the unit, if it is one.")
    lead: bool
    words: str = Field(description="What is asked; telephone numbers are hidden.")
    due_at: datetime | None
    late: bool
    near: str = Field(description='"今天 17:30 前报到，还剩 40 分钟"')
    verbs: list[SubVerbOut] = Field(description="What this viewer may say now: the buttons.")
    updated_at: datetime


class SubcaseStepOut(BaseModel):
    verb: str
    verb_words: str
    who: str = Field(description="The name given by whoever acted for a unit, else the part played.")
    note: str
    at: datetime
    near: str


class SubcaseOut(SubcaseBrief):
    """All of it, for whoever answers for it and for staff."""

    fixed: bool = Field(description="Decided by the street: it cannot be refused again.")
    accepted_at: datetime | None
    arrived_at: datetime | None
    arrived_who: str
    arrived_mode: str = Field(description="onsite, remote, or empty.")
    arrived_mode_words: str
    warned_at: datetime | None = Field(description="When a warning sign or fence was photographed.")
    plan: str
    planned_until: datetime | None
    result: str
    done_at: datetime | None
    unit_rating: int | None = Field(description="How the community judges the unit, 1 to 5; only for staff.")
    call_rating: int | None = Field(description="How the unit judges the call, 1 to 5.")
    steps: list[SubcaseStepOut]
    photos: list[PhotoOut]
    version: int


class SubcasesOut(BaseModel):
    subcases: list[SubcaseBrief]
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


class WhistleOut(BaseModel):
    """A whistle with its calls, for staff."""

    key: str
    case: str
    number: int
    kind: str
    kind_words: str
    state: str
    state_words: str
    reason: str
    due_at: datetime | None
    decision: str = Field(description="What the street, or the community to a wish, said.")
    result: str = Field(description="What was done together.")
    late: list[str] = Field(description="Units that did not report in by the deadline.")
    calls: list[SubcaseBrief]
    verbs: list[SubVerbOut] = Field(description="blow is POST /cases/{key}/whistles.")
    created_at: datetime
    near: str


class WhistlesOut(BaseModel):
    whistles: list[WhistleOut]
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


class EvidenceLineOut(BaseModel):
    at: datetime
    near: str
    words: str
    photos: list[PhotoOut]


class EvidenceOut(BaseModel):
    """What was known and done when about a danger, in order (Civil Code Art. 1258)."""

    lines: list[EvidenceLineOut]


def brief(row: Subcase, actor: Actor, moment: datetime) -> SubcaseBrief:
    """A line of a list; the row comes from subcase_sight.rows()."""
    case = row.case
    return SubcaseBrief(
        key=row.key, case=case.key, number=case.number, community=case.community.name, category=case.category.name,
        hazard=case.hazard, where=_where(row, actor), kind=row.kind, kind_words=KINDS[row.kind],
        title=words.title(row), state=row.state, state_words=SUBCASE_STATES[row.state], party=words.party(row),
        unit=row.unit.key if row.unit_id is not None else None, lead=row.lead, words=words.plain(row.words),
        due_at=row.due_at, late=subcase_sight.is_late(row, moment), near=words.countdown(row, moment),
        verbs=[SubVerbOut(verb=one, words=SUBCASE_VERBS[one]) for one in subcase_sight.buttons(row, actor)],
        updated_at=row.updated_at,
    )  # fmt: skip


def whole(row: Subcase, actor: Actor) -> SubcaseOut:
    """Everything this viewer may know of it."""
    moment, parts = now(), subcase_sight.parts_for(row, actor)
    steps = SubcaseStep.select().where(SubcaseStep.subcase == row).order_by(SubcaseStep.id)
    return SubcaseOut(
        **brief(row, actor, moment).model_dump(exclude={"verbs"}),
        verbs=[SubVerbOut(verb=one, words=SUBCASE_VERBS[one]) for one in subcase_sight.buttons(row, actor)],
        fixed=row.fixed, accepted_at=row.accepted_at, arrived_at=row.arrived_at, arrived_who=row.arrived_who,
        arrived_mode=row.arrived_mode, arrived_mode_words=words.MODES.get(row.arrived_mode, ""),
        warned_at=row.warned_at, plan=row.plan, planned_until=row.planned_until, result=row.result,
        done_at=row.done_at, unit_rating=None if "unit" in parts else row.unit_rating, call_rating=row.call_rating,
        steps=[_step(one, moment) for one in steps], photos=_photos(row, actor, parts), version=row.version,
    )  # fmt: skip


def _step(one: SubcaseStep, moment: datetime) -> SubcaseStepOut:
    return SubcaseStepOut(
        verb=one.verb, verb_words=SUBCASE_VERBS[one.verb], who=one.who or wording.PARTS.get(one.actor_role, "系统"),
        note=words.plain(one.note), at=one.at, near=near(one.at, moment),
    )  # fmt: skip


def _where(row: Subcase, actor: Actor) -> str:
    """The exact place for whoever has to go there; for others by their right to it."""
    goes = row.worker_id == actor.person.id or (row.unit_id is not None and row.unit_id in actor.units)
    if goes or rights.plainly(actor, "case.see_place", row.case):
        return words.where(row.case)
    return wording.compound(row.case)


def _photos(row: Subcase, actor: Actor, parts: frozenset[str]) -> list[PhotoOut]:
    if not parts & {"unit", "worker"} and not rights.may(actor, "photo.read", case=row.case):
        return []
    own = [one.id for one in subcase_sight.photos_of(row)]
    fit = (Photo.verdict != "risky") & (Photo.kind.in_(SEEN) | Photo.id.in_(own))
    found = Photo.select().where(Photo.case == row.case, fit).order_by(Photo.id)
    return [PhotoOut.of(one, actor.person) for one in found]


def subcases_of(case: Case, actor: Actor, moment: datetime) -> list[SubcaseBrief]:
    """The pieces of a case, for staff: one query."""
    rows = subcase_sight.rows().where(Subcase.case == case).order_by(Subcase.id)
    return [brief(row, actor, moment) for row in rows]


def whistles_of(case: Case, actor: Actor, moment: datetime, pieces: list[SubcaseBrief]) -> list[WhistleOut]:
    """The whistles of a case, for staff, with their calls out of its pieces: two queries."""
    rows = list(Whistle.select().where(Whistle.case == case).order_by(Whistle.id))
    calls: dict[int, list[SubcaseBrief]] = {row.id: [] for row in rows}
    by_key = {one.key: one for one in pieces}
    if rows:
        pairs = Subcase.select(Subcase.key, Subcase.whistle).where(Subcase.whistle.in_(list(calls)))
        for key, whistle in pairs.order_by(Subcase.lead.desc(), Subcase.id).tuples():
            calls[whistle].append(by_key[key])
    for row in rows:
        row.case = case
    return [whistle_out(row, calls[row.id], actor, moment) for row in rows]


def whistle_out(row: Whistle, calls: list[SubcaseBrief], actor: Actor, moment: datetime) -> WhistleOut:
    """A whistle with its calls."""
    return WhistleOut(
        key=row.key, case=row.case.key, number=row.case.number, kind=row.kind, kind_words=WHISTLES[row.kind],
        state=row.state, state_words=WHISTLE_STATES[row.state], reason=row.reason, due_at=row.due_at,
        decision=row.decision, result=row.result, late=[one.party for one in calls if one.late], calls=calls,
        verbs=[SubVerbOut(verb=one, words=whistle_move.WORDS[one]) for one in whistle_move.buttons(row, actor)],
        created_at=row.created_at, near=near(row.created_at, moment),
    )  # fmt: skip
