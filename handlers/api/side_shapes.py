"""A case for those who are neither its reporter nor its handler, each by an allow-list of its own.

Whatever is not named here never reaches them: the reporter, phones, words, photos and the exact place least of all.
Days instead of moments, so that nobody is found by who was at the door at that minute.
"""

from datetime import date

from pydantic import BaseModel, Field

from app.rules import wording
from app.rules.actor import Actor
from app.rules.clock import ZONE
from handlers.api.case_shapes import PointOut, photos_of
from handlers.api.shapes import PhotoOut
from models.case import Case, Step
from models.lifecycle import CASE_STATES


class PublicCaseOut(BaseModel):
    """What every resident of the community may know."""

    key: str
    number: int
    category: str
    hazard: bool
    state_words: str
    community: str
    compound: str = Field(description="Never nearer than the compound.")
    reported_on: date
    closed_on: date | None
    followers: int = Field(description="How many neighbours said 我也遇到了.")


class PublicCasesOut(BaseModel):
    cases: list[PublicCaseOut]
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


class UnitCaseBrief(BaseModel):
    """A line of a unit's list."""

    key: str
    number: int
    category: str
    hazard: bool
    state_words: str
    community: str
    where: str
    reported_on: date


class UnitCaseOut(UnitCaseBrief):
    """What a unit that was asked to act needs: the matter, the place and the pictures, not who reported."""

    words: str
    point: PointOut | None
    photos: list[PhotoOut]


class UnitCasesOut(BaseModel):
    cases: list[UnitCaseBrief]


class PartyCaseOut(BaseModel):
    """What the party complained about is told: the matter in the community's own words."""

    key: str
    number: int
    category: str
    state_words: str
    community: str
    told: str = Field(description="What the community wrote for the party.")
    told_on: date


class PartyCasesOut(BaseModel):
    cases: list[PartyCaseOut]


def public(case: Case, followers: dict[int, int]) -> PublicCaseOut:
    """The public side of a case that comes with its category, place and community; `followers` by the case's id."""
    return PublicCaseOut(
        key=case.key, number=case.number, category=case.category.name, hazard=case.hazard,
        state_words=CASE_STATES[case.state], community=case.community.name, compound=wording.compound(case),
        reported_on=_day(case.created_at), closed_on=_day(case.closed_at) if case.closed_at else None,
        followers=followers.get(case.id, 0),
    )  # fmt: skip


def unit(case: Case, actor: Actor) -> UnitCaseOut:
    """The side of a unit that was asked to act."""
    return UnitCaseOut(
        key=case.key, number=case.number, category=case.category.name, hazard=case.hazard,
        state_words=CASE_STATES[case.state], community=case.community.name, words=case.words,
        where=wording.where(case), point=PointOut(lat=case.lat, lng=case.lng) if case.lat is not None else None,
        photos=photos_of(case, actor), reported_on=_day(case.created_at),
    )  # fmt: skip


def unit_brief(case: Case) -> UnitCaseBrief:
    """The same in a list."""
    return UnitCaseBrief(
        key=case.key, number=case.number, category=case.category.name, hazard=case.hazard,
        state_words=CASE_STATES[case.state], community=case.community.name, where=wording.where(case),
        reported_on=_day(case.created_at),
    )  # fmt: skip


def party(cases: list[Case]) -> list[PartyCaseOut]:
    """The side of the party complained about, of cases that it was told of: one query."""
    steps = Step.select().where(Step.case.in_(cases), Step.verb == "tell_party").order_by(Step.id)
    told = {step.case_id: step.note for step in steps}
    return [
        PartyCaseOut(
            key=case.key, number=case.number, category=case.category.name, state_words=CASE_STATES[case.state],
            community=case.community.name, told=told[case.id], told_on=_day(case.party_told_at),
        )
        for case in cases
    ]


def _day(moment) -> date:
    return moment.astimezone(ZONE).date()
