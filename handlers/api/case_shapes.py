"""A case for its reporter and for who handles it: the reporter masked for staff, staff by their part and not by name.

What everybody, a unit or the party complained about may see is other shapes altogether: handlers/api/side_shapes.py.
"""

from datetime import datetime

from pydantic import BaseModel, Field

from app.rules import classification, deed, follow, judgement, merge, question, reading, rights, voice, wording, zone
from app.rules.actor import STAFF, Actor
from app.rules.clock import left, near
from app.rules.reminder import LIMITS
from handlers.api.category_shapes import AnswerableOut, AnsweredOut, FilingConditionOut
from handlers.api.convener_shapes import ConvenerOut
from handlers.api.judgement_shapes import JudgementOut, QuestionOut
from handlers.api.merge_shapes import MainOut
from handlers.api.shapes import CategoryOut, PersonOut, PhotoOut, PlaceOut, VoiceOut, WorkerOut
from handlers.api.subcase_shapes import SubcaseBrief, WhistleOut, subcases_of, whistles_of
from models.base import now
from models.case import Case, Photo, Step
from models.lifecycle import CASE_OPEN, CASE_STATES, CASE_VERBS, DISPOSITIONS, SATISFACTION

#: What the limits of a case ask for.
LIMIT_WORDS = {"accept": "接单", "contact": "联系居民", "make_safe": "现场围护", "resolve": "办结"}
#: Words between the worker and the desk; the reporter is told by the progress letter instead.
INTERNAL = frozenset({
    "contact", "dispatch", "offer", "transfer", "return_back", "tell_party", "involve", "whistle",
    "blow", "split", "subcase",
})  # fmt: skip


class PointOut(BaseModel):
    lat: float
    lng: float


class DueOut(BaseModel):
    limit: str = Field(description="accept, contact, make_safe or resolve.")
    due: datetime
    met_at: datetime | None
    words: str = Field(description='"今天 17:30 前办结，还剩 2 小时"')


class CaseBrief(BaseModel):
    """A case in a list."""

    key: str
    number: int
    state: str
    state_words: str
    category: str
    hazard: bool
    words: str
    where: str
    community: str
    mine: bool
    due: DueOut | None = Field(description="The limit that comes next, while there is one.")
    created_at: datetime
    updated_at: datetime


class CasesOut(BaseModel):
    cases: list[CaseBrief]
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


class StepOut(BaseModel):
    verb: str
    verb_words: str
    who: str = Field(description="The part played, never a name.")
    mine: bool
    note: str
    at: datetime
    near: str


class VerbOut(BaseModel):
    verb: str
    words: str


class CaseOut(BaseModel):
    key: str
    number: int
    state: str
    state_words: str
    category: CategoryOut
    zone: str = Field(description="public_area, compound_common or private_exclusive; empty: not known.")
    zone_words: str
    condition: FilingConditionOut | None = Field(description="Of the city standard, once somebody on duty chose one.")
    answers: list[AnsweredOut] = Field(description="What was answered to the questions of the category.")
    answerable: AnswerableOut | None = Field(description="Who must see to it, by law; only for staff.")
    hazard: bool
    words: str
    community: PlaceOut
    place: PlaceOut | None
    place_words: str
    where: str
    point: PointOut | None
    mine: bool
    anonymous: bool
    reporter: PersonOut | None = Field(description="Only for those who may know, see the table of rights.")
    handler: WorkerOut | None = Field(description="Only for staff.")
    dues: list[DueOut]
    steps: list[StepOut]
    photos: list[PhotoOut]
    voices: list[VoiceOut] = Field(description="What was said instead of typed, for who may hear it.")
    followers: int = Field(description="How many neighbours said 我也遇到了.")
    verbs: list[VerbOut] = Field(description="What this viewer may say now: the buttons.")
    may_classify: bool = Field(description="Whether this viewer may say what it is, POST /cases/{key}/class.")
    satisfaction: str | None
    satisfaction_words: str
    disposition: str = Field(description="Why it was not taken (reject), a code; else empty.")
    disposition_words: str
    handed_to: str = Field(description="To whom it was handed over, when it is not ours; else empty.")
    judgement: JudgementOut | None = Field(description="The last one; there is one for each round.")
    reopen_asked: bool = Field(description="A wish to have it done again waits for a person's decision.")
    questions: list[QuestionOut] = Field(description="What the community asked the reporter, the oldest first.")
    on_the_spot: bool = Field(description="现场即时办: found and put right by the same worker; nobody judges it.")
    planned_until: datetime | None = Field(description="挂账: the day on which it goes on by itself.")
    fixed: bool = Field(description="The community decided after an objection: it cannot be given back.")
    subcases: list[SubcaseBrief] = Field(description="Its pieces, who answers for each by when; only for staff.")
    whistles: list[WhistleOut] = Field(description="社区吹哨: who was called and who is late; only for staff.")
    convener: ConvenerOut = Field(description="首接负责: who answers for it as a whole.")
    merged_into: MainOut | None = Field(description="Merged: the case it is seen to with.")
    same_as: MainOut | None = Field(description="Probably the same as that one, as long as staff did not decide.")
    merged: int = Field(description="How many were merged into it; only for staff, else 0.")
    reopened: int
    version: int
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


def brief(case: Case, actor: Actor, moment: datetime) -> CaseBrief:
    """A line of a list; the case comes with its category, place and community."""
    waiting = [one for one in _dues(case, moment) if one.met_at is None]
    return CaseBrief(
        key=case.key, number=case.number, state=case.state, state_words=CASE_STATES[case.state],
        category=case.category.name, hazard=case.hazard, words=case.words[:80],
        where=wording.where(case) if rights.plainly(actor, "case.see_place", case) else wording.compound(case),
        community=case.community.name, mine=case.reporter_id in actor.selves,
        due=min(waiting, key=lambda one: one.due, default=None), created_at=case.created_at, updated_at=case.updated_at,
    )  # fmt: skip


def whole(case: Case, actor: Actor) -> CaseOut:
    """Everything this viewer may know of a case."""
    moment, parts, reporter = now(), actor.parts_for(case), reading.reporter_of(case, actor=actor)
    staff = bool(parts & (STAFF | {"handler"}))
    exact = rights.may(actor, "case.see_place", case=case)
    pieces = subcases_of(case, actor, moment) if staff else []
    judged, may_ask = judgement.last_of(case), rights.may(actor, "case.ask", case=case)
    return CaseOut(
        key=case.key, number=case.number, state=case.state, state_words=CASE_STATES[case.state],
        category=CategoryOut.of(case.category), hazard=case.hazard, words=case.words,
        zone=case.zone, zone_words=zone.ZONES.get(case.zone, ""), answers=answered(case),
        condition=FilingConditionOut.of(case.condition) if case.condition_id else None,
        answerable=AnswerableOut.of(zone.answerable(case)) if staff else None,
        community=PlaceOut.of(case.community), place=PlaceOut.of(case.place) if case.place_id and exact else None,
        place_words=case.place_words if exact else "", where=wording.where(case) if exact else wording.compound(case),
        point=PointOut(lat=case.lat, lng=case.lng) if case.lat is not None and exact else None,
        mine=case.reporter_id in actor.selves, anonymous=case.anonymous,
        reporter=PersonOut.known(reporter) if reporter else None,
        handler=WorkerOut(key=case.handler.key, name=case.handler.name) if staff and case.handler_id else None,
        dues=_dues(case, moment), steps=[_step(row, actor, staff, moment) for row in _steps(case)],
        photos=photos_of(case, actor),
        voices=[VoiceOut.of(row, actor.person) for row in voice.voices_of(case, actor)],
        followers=follow.followers([case]).get(case.id, 0),
        verbs=[VerbOut(verb=verb, words=CASE_VERBS[verb]) for verb in deed.buttons(case, actor)],
        may_classify=classification.may_classify(case, actor),
        satisfaction=case.satisfaction, satisfaction_words=SATISFACTION.get(case.satisfaction or "", ""),
        disposition=case.disposition, disposition_words=DISPOSITIONS.get(case.disposition, ""),
        handed_to=case.handed_to, judgement=JudgementOut.of(judged, case, moment) if judged else None,
        reopen_asked=bool(judged and judgement.waits(judged) and case.state == "closed"),
        questions=[QuestionOut.of(row, actor, may_ask, moment) for row in question.of_case(case)],
        on_the_spot=case.on_the_spot, planned_until=case.planned_until, fixed=case.fixed,
        convener=ConvenerOut.of(case, staff),
        subcases=pieces, whistles=whistles_of(case, actor, moment, pieces) if staff else [],
        merged_into=MainOut.of(case.merged_into, actor, staff), same_as=MainOut.of(case.same_as, actor, staff),
        merged=merge.merged_count(case) if staff else 0,
        reopened=case.reopened, version=case.version, created_at=case.created_at, updated_at=case.updated_at,
        closed_at=case.closed_at,
    )  # fmt: skip


def answered(case: Case) -> list[AnsweredOut]:
    """What was answered to the form's questions, in words."""
    return [AnsweredOut(question=asked, answer=answer) for asked, answer in classification.answered(case)]


def photos_of(case: Case, actor: Actor) -> list[PhotoOut]:
    """The photos of a case that this viewer may open."""
    if not rights.may(actor, "photo.read", case=case):
        return []
    return [PhotoOut.of(row, actor.person) for row in Photo.select().where(Photo.case == case).order_by(Photo.id)]


def _steps(case: Case) -> list[Step]:
    return list(Step.select().where(Step.case == case).order_by(Step.id))


def _step(row: Step, actor: Actor, staff: bool, moment: datetime) -> StepOut:
    return StepOut(
        verb=row.verb, verb_words=CASE_VERBS[row.verb], who=wording.PARTS.get(row.actor_role, "系统"),
        mine=row.actor_id in actor.aliases | {actor.person.id}, at=row.at, near=near(row.at, moment),
        note=row.note if staff or row.verb not in INTERNAL else "",
    )  # fmt: skip


def _dues(case: Case, moment: datetime) -> list[DueOut]:
    """The limits in the order of the work; one that is met says so, one of a case that is over says nothing more."""
    found = []
    for limit, (due_field, met_field) in LIMITS.items():
        due, met, what = getattr(case, due_field), getattr(case, met_field), LIMIT_WORDS[limit]
        if due is not None and (met or case.state in CASE_OPEN):
            words = f"{near(met, moment)} 已{what}" if met else f"{near(due, moment)}前{what}，{left(due, moment)}"
            found.append(DueOut(limit=limit, due=due, met_at=met, words=words))
    return found
