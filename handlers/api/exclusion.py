"""不予考核: ask for a case to be left out of the figures, or to be counted again; a second person agrees."""

from typing import Literal

from pydantic import BaseModel, Field

from app.guard import actor, look_at, signed_in
from app.rules import exclusion, exclusion_ask, rights
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.once import answer_once
from handlers.api.reading import Body, Once
from models.exclusion import REASONS

Reason = Literal[*REASONS]  # type: ignore[valid-type]  # known at run time, from the table


class ExclusionIn(Body):
    reason: Reason | None = Field(default=None, description="Why it is left out; null: count it again.")
    note: str = Field(min_length=4, max_length=exclusion_ask.NOTE, description="What happened, for the second person.")


class ExclusionOut(BaseModel):
    state: str = Field(description="asked: a second person has to agree at the desk.")
    excluded: bool = Field(description="Whether it is left out right now.")
    reason: str
    text: str


@api.post("/cases/<key>/exclusion")
@named("askForExclusion")
@signed_in("case.exclude")
@api.input(Once, location="headers", arg_name="once")
@api.input(ExclusionIn, arg_name="body")
@api.output(ExclusionOut, 202)
def ask_for_exclusion(key: str, once: Once, body: ExclusionIn):
    """Ask for a case that is over to be left out of the figures, or with `reason` null to be counted again"""
    return answer_once(once, body, lambda: _ask(key, body), 202, limit=lambda: _look(key))


def _look(key: str) -> None:
    case = visible_case(key)
    rights.need(actor(), "case.exclude", case=case)
    look_at(case)


def _ask(key: str, body: ExclusionIn) -> ExclusionOut:
    case = visible_case(key)
    if body.reason is None:
        exclusion_ask.ask_back(case, actor=actor(), note=body.note)
    else:
        exclusion_ask.ask(case, actor=actor(), reason=body.reason, note=body.note)
    known = exclusion.excluded(case)
    words = "恢复考核" if body.reason is None else f"不予考核（{REASONS[body.reason]}）"
    return ExclusionOut(
        state="asked", excluded=known is not None, reason=known.reason if known else "",
        text=f"#{case.number} 已提出{words}，等另一位同志在工作台“待复核”里同意。",
    )  # fmt: skip
