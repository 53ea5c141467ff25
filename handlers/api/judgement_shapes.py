"""How a case was judged, and what the reporter was asked, as the case shows it."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.rules import judgement, question
from app.rules.actor import Actor
from app.rules.clock import near
from models.case import Case
from models.judgement import ASPECTS, Judgement
from models.lifecycle import SATISFACTION
from models.question import Question

#: Who asks is shown to the reporter as the community, whoever of it typed the question.
ASKED_BY = "社区工作人员"
DECISIONS = {"": "等工作人员决定", "reopened": "已重办", "kept": "不重办"}


class AspectOut(BaseModel):
    code: str
    words: str
    satisfaction: str
    satisfaction_words: str


class AnswerOut(BaseModel):
    code: str
    words: str


class JudgementOut(BaseModel):
    """The judgement of one round."""

    key: str
    round: int = Field(description="How often the case had been reopened before.")
    satisfaction: str = Field(description="Empty when only 没有解决 was said.")
    satisfaction_words: str
    aspects: list[AspectOut]
    answers: list[AnswerOut]
    note: str
    asks_reopen: bool = Field(description="Whether it asks for the work to be done again.")
    decision: str = Field(description="reopened, kept, or empty while it waits or nothing was asked.")
    decision_words: str = Field(description="Empty when nothing was asked.")
    decision_note: str = Field(description="Why it is not done again.")
    decided_at: datetime | None
    at: datetime
    near: str

    @classmethod
    def of(cls, row: Judgement, case: Case, moment: datetime) -> "JudgementOut":
        known = judgement.answers_of(case.community)
        aspects = [
            AspectOut(code=code, words=ASPECTS[code], satisfaction=how, satisfaction_words=SATISFACTION[how])
            for code, how in row.aspects.items() if code in ASPECTS and how in SATISFACTION
        ]  # fmt: skip
        return cls(
            key=row.key, round=row.round, satisfaction=row.satisfaction, aspects=aspects, note=row.note,
            satisfaction_words=SATISFACTION.get(row.satisfaction, "没有解决"),
            answers=[AnswerOut(code=code, words=known[code][0]) for code in row.answers if code in known],
            asks_reopen=row.asks_reopen, decision=row.decision, decision_note=row.decision_note,
            decision_words=DECISIONS[row.decision] if row.asks_reopen else "", decided_at=row.decided_at, at=row.at,
            near=near(row.at, moment),
        )  # fmt: skip


class QuestionOut(BaseModel):
    """A question of the community to the reporter."""

    key: str
    text: str
    state: str
    state_words: str
    asked_by_words: str = Field(description="Who asked, never a name.")
    asked_at: datetime
    due_at: datetime
    near: str = Field(description='"明天 09:00 前" while it waits, else when it was asked.')
    answer: str
    answered_at: datetime | None
    may_answer: bool = Field(description="POST /questions/{key}/answer would be taken from this viewer.")
    may_withdraw: bool = Field(description="POST /questions/{key}/withdraw would be taken from this viewer.")

    @classmethod
    def of(cls, row: Question, actor: Actor, may_ask: bool, moment: datetime) -> "QuestionOut":
        waits = row.state == "open"
        return cls(
            key=row.key, text=row.text, state=row.state, state_words=question.state_words(row),
            asked_by_words=ASKED_BY, asked_at=row.created_at, due_at=row.due_at,
            near=f"{near(row.due_at, moment)} 前" if waits else near(row.created_at, moment), answer=row.answer,
            answered_at=row.answered_at, may_answer=question.may_answer(row, actor), may_withdraw=waits and may_ask,
        )  # fmt: skip
