"""What a case is, said by somebody on duty: its category, zone and filing condition."""

from pydantic import Field

from app.guard import actor, look_at, signed_in
from app.rules import city_class, classification, rights
from app.rules.setting import categories_of
from app.rules.words import clean
from app.rules.zone import ZONES
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.case_shapes import CaseOut, whole
from handlers.api.category_shapes import ClassifiableOut, ClassOut, FilingConditionOut, Zone, ZoneOut
from handlers.api.once import answer_once
from handlers.api.reading import Body, MaybeOnce
from models.case import Case

NOTE = 200


class ClassIn(Body):
    """What a case is. Said again it changes nothing, so the Idempotency-Key is optional."""

    category: str = Field(min_length=1, max_length=40, description="A code; that of the case leaves it.")
    zone: Zone | None = Field(default=None, description="Null: as it is, or that of the new category.")
    condition: str = Field(
        default="", max_length=20, pattern="^([a-z]+:[0-9]{4}/[0-9]{1,3})?$",
        description="A filing condition of that category; empty: none.",
    )  # fmt: skip
    note: str = Field(default="", max_length=NOTE)


@api.get("/cases/<key>/class")
@named("readClass")
@signed_in("case.visit")
@api.output(ClassOut)
def read_class(key: str):
    """What a case is said to be, with every category, zone and filing condition that may be said instead"""
    case = visible_case(key)
    rights.need(actor(), "case.classify", case=case)
    look_at(case)  # it says what the case is about
    return ClassOut(
        category=case.category.code, zone=case.zone or case.category.zone,
        condition=city_class.reference(case.condition) if case.condition_id else "",
        zones=[ZoneOut(zone=zone, words=words) for zone, words in ZONES.items()],
        categories=[
            ClassifiableOut(
                code=row.code, name=row.name, zone=row.zone,
                conditions=[FilingConditionOut.of(one) for one in city_class.conditions_of(row, case.community)],
            )
            for row in categories_of(case.community)
        ],
    )  # fmt: skip


@api.post("/cases/<key>/class")
@named("classifyCase")
@signed_in("case.visit")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(ClassIn, arg_name="body")
@api.output(CaseOut)
def classify_case(key: str, once: MaybeOnce, body: ClassIn):
    """Say what a case is: the limits are counted anew from its beginning, its words and first category stay"""
    return answer_once(once, body, lambda: whole(_classify(key, body), actor()), limit=lambda: _look(key))


def _look(key: str) -> None:
    case = visible_case(key)
    rights.need(actor(), "case.classify", case=case)
    look_at(case)  # the answer shows the whole case


def _classify(key: str, body: ClassIn) -> Case:
    return classification.classify(
        visible_case(key), actor=actor(), category=body.category, zone=body.zone or "", condition=body.condition,
        note=clean(body.note, NOTE).strip(),
    )  # fmt: skip
