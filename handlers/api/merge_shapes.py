"""What a case says of others that are, or may be, the same thing."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.rules import bundle, rights, same, wording
from app.rules.actor import Actor
from app.rules.clock import near
from models.case import Case
from models.lifecycle import CASE_STATES


class MainOut(BaseModel):
    """The case that another one lies in, or probably is."""

    key: str | None = Field(description="Only for staff who may open it.")
    number: int
    state_words: str

    @classmethod
    def of(cls, case: Case | None, actor: Actor, staff: bool) -> "MainOut | None":
        if case is None:
            return None
        open_to_me = staff and rights.may(actor, "case.read", case=case)
        return cls(key=case.key if open_to_me else None, number=case.number, state_words=CASE_STATES[case.state])


class LikeOut(BaseModel):
    """A case that may be the same thing, and why."""

    key: str
    number: int
    category: str
    state: str
    state_words: str
    words: str
    where: str
    hazard: bool
    score: int = Field(description="How likely, 0 to 100; from 80 on it is surely the same.")
    score_words: str = Field(description='"很可能是同一件" or "可能是同一件".')
    reasons: str = Field(description="“同一栋楼 2单元，都说到“井盖”，相隔 2 小时”")
    created_at: datetime
    near: str

    @classmethod
    def of(cls, like: same.Like, actor: Actor, moment: datetime) -> "LikeOut":
        case = like.case
        exact = rights.plainly(actor, "case.see_place", case)
        return cls(
            key=case.key, number=case.number, category=case.category.name, state=case.state,
            state_words=CASE_STATES[case.state], words=case.words[:80], hazard=case.hazard,
            where=wording.where(case) if exact else wording.compound(case), score=like.score, score_words=like.words,
            reasons=like.reasons, created_at=case.created_at, near=near(case.created_at, moment),
        )  # fmt: skip


class SameOut(BaseModel):
    cases: list[LikeOut] = Field(description="The likeliest first, at most eight; merge into one of them.")
    bundle: int = Field(description="How many reports are probably this one and wait to be merged into it.")
    kept: bool = Field(description="Nobody was sent to it: it waits with the first of its like.")
    may_merge: bool


def same_of(case: Case, found: list[same.Like], actor: Actor, moment: datetime) -> SameOut:
    """Everything about the like of a case, for who may merge or look."""
    return SameOut(
        cases=[LikeOut.of(one, actor, moment) for one in found], bundle=same.alike(case), kept=bundle.kept(case),
        may_merge=rights.may(actor, "case.merge", case=case),
    )  # fmt: skip
