"""What the reporter can choose from when judging a case, and how it was judged last."""

from pydantic import BaseModel, Field

from app.guard import actor, look_at, signed_in
from app.rules import deed, judgement
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.judgement_shapes import AnswerOut, JudgementOut
from models.base import now
from models.judgement import ASPECTS
from models.lifecycle import SATISFACTION


class ChoiceOut(BaseModel):
    """A standard answer."""

    code: str
    words: str
    satisfactions: list[str] = Field(description="With which of them it can be chosen.")
    asks_reopen: bool = Field(description="Choosing it asks for the work to be done again; a person decides.")


class JudgingOut(BaseModel):
    may_judge: bool = Field(description="The verb confirm would be taken from this viewer now.")
    satisfactions: list[AnswerOut]
    aspects: list[AnswerOut] = Field(description="Each is judged by one of the satisfactions; all may be left out.")
    answers: list[ChoiceOut]
    last: JudgementOut | None


@api.get("/cases/<key>/judgement")
@named("readJudgement")
@signed_in("case.visit")
@api.output(JudgingOut)
def read_judgement(key: str):
    """What a judgement of this case can say, and what the last one said"""
    case = visible_case(key)
    look_at(case)
    last = judgement.last_of(case)
    return JudgingOut(
        may_judge="confirm" in deed.buttons(case, actor()),
        satisfactions=[AnswerOut(code=code, words=words) for code, words in SATISFACTION.items()],
        aspects=[AnswerOut(code=code, words=words) for code, words in ASPECTS.items()],
        answers=[
            ChoiceOut(code=code, words=words, satisfactions=list(fits), asks_reopen=asks)
            for code, (words, fits, asks) in judgement.answers_of(case.community).items()
        ],
        last=JudgementOut.of(last, case, now()) if last else None,
    )
