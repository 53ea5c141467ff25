"""Units that can be asked to act on a case: which there are, asking one, and a worker's wish for one."""

from functools import partial

from pydantic import BaseModel, Field

from app.guard import actor, look_at, signed_in
from app.rules import party, rights, unit, whistle
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, named, the
from handlers.api.case import visible_case
from handlers.api.case_shapes import CaseOut, whole
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once
from models.case import Case
from models.place import Place
from models.unit import KINDS, Unit


class UnitOut(BaseModel):
    key: str
    kind: str
    kind_words: str
    name: str
    categories: list[str] = Field(description="What it sees to, as codes of categories: whom one would ask first.")


class UnitsOut(BaseModel):
    units: list[UnitOut]


class UnitIn(Body):
    unit: Key | None = Field(description="A key of GET /communities/{key}/units; null: none any more.")
    note: str = Field(default="", max_length=party.NOTE_LIMIT, description="For colleagues, not for the reporter.")


class WhistleIn(Body):
    unit: Key | None = Field(default=None, description="Which unit is needed, if one knows.")
    note: str = Field(min_length=1, max_length=party.NOTE_LIMIT, description="What for; for colleagues.")


@api.get("/communities/<key>/units")
@named("listUnits")
@signed_in("unit.list")
@api.output(UnitsOut)
def list_units(key: str):
    """The units of a community that can be asked to act"""
    community = the(Place, key)
    if community.kind != "community" or not rights.may(actor(), "unit.list", community=community):
        raise NotFound()
    rows = unit.units_of(community)
    return {
        "units": [
            UnitOut(
                key=row.key, kind=row.kind, kind_words=KINDS[row.kind], name=row.name, categories=row.categories or []
            )
            for row in rows
        ]
    }


@api.post("/cases/<key>/unit")
@named("involveUnit")
@signed_in("case.involve")
@api.input(Once, location="headers", arg_name="once")
@api.input(UnitIn, arg_name="body")
@api.output(CaseOut)
def involve_unit(key: str, once: Once, body: UnitIn):
    """Ask a unit to act on a case, or none any more; it also answers a worker's whistle

    The unit is told the matter and the place, never the reporter.
    """
    look = partial(_look, key, "case.involve")
    return answer_once(once, body, lambda: _involve(visible_case(key), body), limit=look)


def _involve(case: Case, body: UnitIn) -> CaseOut:
    party.involve(
        case, actor=actor(), unit=_unit(case, body.unit), about_unit=case.about_unit, about=case.about, note=body.note
    )
    return whole(case, actor())


@api.post("/cases/<key>/whistle")
@named("whistleForUnit")
@signed_in("case.whistle")
@api.input(Once, location="headers", arg_name="once")
@api.input(WhistleIn, arg_name="body")
@api.output(CaseOut)
def whistle_for_unit(key: str, once: Once, body: WhistleIn):
    """A grid worker asks the community to call a unit (吹哨); 409 while an earlier wish waits for its answer"""
    look = partial(_look, key, "case.whistle")
    return answer_once(once, body, lambda: _whistle(visible_case(key), body), limit=look)


def _whistle(case: Case, body: WhistleIn) -> CaseOut:
    whistle.wish(case, actor=actor(), unit=_unit(case, body.unit), note=body.note)
    return whole(case, actor())


def _look(key: str, action: str) -> None:
    """The answer shows the whole case: looked at before the transaction, a spent budget leaves an alert."""
    case = visible_case(key)
    if rights.may(actor(), action, case=case):
        look_at(case)


def _unit(case: Case, key: str | None) -> Unit | None:
    found = Unit.get_or_none(Unit.key == key, Unit.community == case.community) if key else None
    if key and found is None:
        raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    return found
