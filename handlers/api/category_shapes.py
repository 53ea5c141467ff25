"""Categories with what may be asked about them, and what staff say a case is: zone, condition, who is answerable."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.rules import city_class, questionnaire
from app.rules.zone import ZONES, Answerable
from handlers.api.shapes import CategoryOut
from models.category import Category
from models.city_class import KINDS, FilingCondition

#: Answers by the code of their question: true or false, a number, or a text (an option's code, words, a date).
AnswerCode = Annotated[str, Field(min_length=1, max_length=24, pattern="^[a-z][a-z0-9_]*$")]
AnswerText = Annotated[str, Field(max_length=questionnaire.TEXT)]
Answers = dict[AnswerCode, bool | int | float | AnswerText]


class OptionOut(BaseModel):
    code: str
    words: str


class ConditionedOut(BaseModel):
    """Asked only when an earlier question was answered with any of these."""

    question: str
    any: list[bool | str]


class StopperOut(BaseModel):
    """An answer that ends the report: say the words, offer the numbers to call."""

    any: list[bool | str]
    words: str
    numbers: list[str] = Field(description="110, 119, 120 or 122; may be none.")
    still_filed: bool = Field(description="True: send the report all the same, it is an emergency. False: do not.")


class CategoryQuestionOut(BaseModel):
    code: str
    words: str
    kind: str = Field(description="yes_no, choice, number, text (up to 200 characters) or date (2026-11-24).")
    required: bool = Field(description="Only among those that were asked, and only when anything is answered at all.")
    notice: str = Field(description="Words to show beside it; may be empty.")
    when: list[ConditionedOut] = Field(description="All must hold, else it is not asked and must not be answered.")
    options: list[OptionOut] = Field(description="Of a choice.")
    unit: str = Field(description="Of a number, as 厘米.")
    min: float | None
    max: float | None
    stops: list[StopperOut]

    @classmethod
    def of(cls, row: Mapping) -> "CategoryQuestionOut":
        return cls(
            code=row["code"], words=row["words"], kind=row["kind"], required=row.get("required", False),
            notice=row.get("notice", ""), when=[ConditionedOut(**one) for one in row.get("when", ())],
            options=[OptionOut(code=one["code"], words=one["words"]) for one in row.get("options", ())],
            unit=row.get("unit", ""), min=row.get("min"), max=row.get("max"),
            stops=[
                StopperOut(
                    any=one["any"], words=one["words"], numbers=one.get("numbers", []), still_filed="file_as" in one
                )
                for one in row.get("stops", ())
            ],
        )  # fmt: skip


class CategoryFormOut(CategoryOut):
    """A category with what may be asked about it."""

    questions: list[CategoryQuestionOut] = Field(description="All may be skipped: a report without answers is taken.")

    @classmethod
    def form(cls, row: Category) -> "CategoryFormOut":
        questions = [CategoryQuestionOut.of(one) for one in row.questions or ()]
        return cls(**CategoryOut.of(row).model_dump(), questions=questions)


class CategoryFormsOut(BaseModel):
    categories: list[CategoryFormOut]


class AnsweredOut(BaseModel):
    question: str
    answer: str


class AnswerableOut(BaseModel):
    """Who must see to it."""

    who: str
    unit_kind: str = Field(description="A kind of unit, as property_company; may be empty.")
    words: str
    source: str = Field(description="The law or standard that says so.")

    @classmethod
    def of(cls, found: Answerable | None) -> "AnswerableOut | None":
        return cls(**found._asdict()) if found else None


class FilingConditionOut(BaseModel):
    """When a case of a city class is filed, how soon it is due, and what closes it."""

    condition: str = Field(description='"component:0101/0"')
    city_class: str = Field(description='"上水井盖"')
    kind: str = Field(description="部件, 事件 or 小区内事项.")
    words: str
    limit_words: str = Field(description='"2 小时（昼夜连续）"')
    closing: str
    hazard: bool

    @classmethod
    def of(cls, row: FilingCondition) -> "FilingConditionOut":
        return cls(
            condition=city_class.reference(row), city_class=row.city_class.name, kind=KINDS[row.city_class.kind],
            words=row.words, limit_words=city_class.limit_words(row.amount, row.clock), closing=row.closing,
            hazard=row.hazard,
        )  # fmt: skip


class ZoneOut(BaseModel):
    zone: str
    words: str


class ClassifiableOut(BaseModel):
    """A category that may be chosen for a case, with its filing conditions in the edition in force here."""

    code: str
    name: str
    zone: str
    conditions: list[FilingConditionOut]


class ClassOut(BaseModel):
    """What a case is said to be, and what may be said instead."""

    category: str
    zone: str
    condition: str = Field(description="Empty: none was chosen.")
    zones: list[ZoneOut]
    categories: list[ClassifiableOut]


Zone = Literal[*ZONES]  # type: ignore[valid-type]  # known at run time, from the table
