"""整治成果台账: what was achieved in the compounds of a community, with its sums."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import improvement, rights
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.patrol import page_after
from handlers.api.reading import Body, Key, Once, Query, Whole
from handlers.api.shapes import PhotoOut, PlaceOut
from handlers.api.statistics import Day
from models.case import Photo
from models.improvement import KINDS, Improvement
from models.place import Place

Kind = Literal[*KINDS]  # type: ignore[valid-type]  # known at run time, from the table


class ImprovementsIn(Query):
    compound: Key | None = None
    kind: Kind | None = None
    first: Day | None = Field(default=None, alias="from", description="From this day on.")
    last: Day | None = Field(default=None, alias="to", description="Until this day, counted too.")
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=20, ge=1, le=50)


class ImprovementIn(Body):
    compound: Key
    kind: Kind
    quantity: int = Field(ge=1, le=improvement.MOST, description="Exact, in the unit of the kind.")
    day: Day
    note: str = Field(default="", max_length=improvement.NOTE, description="Must be there for `other`.")
    before: Key | None = Field(default=None, description="A key of POST /photos that shows nothing else yet.")
    after: Key | None = None
    case: Key | None = Field(default=None, description="The case it comes from.")


class WithdrawIn(Body):
    reason: str = Field(min_length=4, max_length=improvement.REASON)


class KindOut(BaseModel):
    code: str
    words: str
    unit: str


class SumOut(BaseModel):
    kind: str
    kind_words: str
    quantity: int = Field(description="Exact.")
    unit: str
    lines: int
    words: str = Field(description='"公益广告牌 2512 块".')


class CompoundSumsOut(BaseModel):
    compound: PlaceOut
    sums: list[SumOut]


class LinkedCaseOut(BaseModel):
    key: str
    number: int


class ImprovementOut(BaseModel):
    key: str
    compound: PlaceOut
    kind: str
    kind_words: str
    quantity: int
    unit: str
    day: date
    note: str
    before: PhotoOut | None = Field(description="Residents see a photo once it has been looked over.")
    after: PhotoOut | None
    photos_waiting: bool = Field(description="There are photos that have not been looked over yet.")
    case: LinkedCaseOut | None = Field(description="Null too where one may not read the case.")
    recorded_by: str = Field(description="The name for staff, else empty.")
    withdrawn_at: datetime | None
    withdrawn_reason: str
    verbs: list[str] = Field(description="withdraw, or nothing.")


class ImprovementsOut(BaseModel):
    improvements: list[ImprovementOut] = Field(description="The newest day first.")
    sums: list[SumOut] = Field(description="Of all that was asked for, not of the page.")
    compounds: list[CompoundSumsOut]
    kinds: list[KindOut]
    may_write: bool
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


@api.get("/communities/<key>/improvements")
@named("listImprovements")
@signed_in("improvement.read")
@api.input(ImprovementsIn, location="query", arg_name="query")
@api.output(ImprovementsOut)
def list_improvements(key: str, query: ImprovementsIn):
    """The ledger of a community, with its sums by kind and compound"""
    community, who = _community(key), actor()
    compound = the(Place, query.compound) if query.compound else None
    wanted = improvement.listed(
        community, actor=who, compound=compound, kind=query.kind or "", first=query.first, last=query.last
    )
    rows = improvement.rows(wanted)
    if query.cursor:
        before = Improvement.get_by_id(page_after(Improvement, query.cursor, wanted))
        same_day = (Improvement.day == before.day) & (Improvement.id < before.id)
        rows = rows.where((Improvement.day < before.day) | same_day)
    found = list(rows.limit(query.limit + 1))
    page, ledger = found[: query.limit], improvement.sums(wanted)
    return {
        "improvements": [_out(row, community) for row in page], "sums": sums_out(ledger.total),
        "compounds": [
            CompoundSumsOut(compound=PlaceOut.of(place), sums=sums_out(sums)) for place, sums in ledger.compounds
        ],
        "kinds": [KindOut(code=code, words=words, unit=unit) for code, (words, unit) in KINDS.items()],
        "may_write": rights.may(who, improvement.WRITE, community=community),
        "next": page[-1].key if len(found) > len(page) else None,
    }  # fmt: skip


@api.post("/communities/<key>/improvements")
@named("addImprovement")
@signed_in("improvement.write")
@api.input(Once, location="headers", arg_name="once")
@api.input(ImprovementIn, arg_name="body")
@api.output(ImprovementOut, 201)
def add_improvement(key: str, once: Once, body: ImprovementIn):
    """Write down what was achieved"""
    return answer_once(once, body, lambda: _record(key, body), 201, limit=lambda: often("lines", None))


def _record(key: str, body: ImprovementIn) -> ImprovementOut:
    community, compound = _community(key), the(Place, body.compound)
    if compound.community_id != community.id:
        raise NotFound()
    entry = improvement.Entry(
        body.kind, body.quantity, body.day, body.note, body.before or "", body.after or "", body.case or ""
    )
    return _out(improvement.record(compound, entry, actor=actor()), community)


@api.post("/improvements/<key>/withdraw")
@named("withdrawImprovement")
@signed_in("improvement.write")
@api.input(Once, location="headers", arg_name="once")
@api.input(WithdrawIn, arg_name="body")
@api.output(ImprovementOut)
def withdraw_improvement(key: str, once: Once, body: WithdrawIn):
    """Take back a line that is wrong; it stays in the records with the reason"""
    return answer_once(once, body, lambda: _withdraw(key, body), limit=lambda: often("lines", None))


def _withdraw(key: str, body: WithdrawIn) -> ImprovementOut:
    row = the(Improvement, key)
    if not rights.may(actor(), improvement.READ, community=row.community):
        raise NotFound()
    improvement.withdraw(row, actor=actor(), reason=body.reason)
    return _out(Improvement.get_by_id(row.id), row.community)


def _community(key: str) -> Place:
    community = the(Place, key)
    if community.kind != "community" or not rights.may(actor(), improvement.READ, community=community):
        raise NotFound()
    return community


def sums_out(sums: list[improvement.Sum]) -> list[SumOut]:
    """Sums as they go out."""
    return [
        SumOut(
            kind=one.kind, kind_words=KINDS[one.kind][0], quantity=one.quantity, unit=KINDS[one.kind][1],
            lines=one.lines, words=one.words,
        )
        for one in sums
    ]  # fmt: skip


def _out(row: Improvement, community: Place) -> ImprovementOut:
    who = actor()
    staff = rights.may(who, improvement.WRITE, community=community)
    photos = [row.before if row.before_id else None, row.after if row.after_id else None]
    before, after = (_photo(photo, staff) for photo in photos)
    case = row.case if row.case_id else None
    if case is not None:
        case.community = community
    return ImprovementOut(
        key=row.key, compound=PlaceOut.of(row.compound), kind=row.kind, kind_words=KINDS[row.kind][0],
        quantity=row.quantity, unit=row.unit, day=row.day, note=row.note, before=before, after=after,
        photos_waiting=any(photo is not None and photo.verdict != "pass" for photo in photos),
        case=LinkedCaseOut(key=case.key, number=case.number)
        if case is not None and rights.plainly(who, "case.read", case) else None,
        recorded_by=row.recorded_by.name if staff else "", withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_note, verbs=["withdraw"] if staff and row.withdrawn_at is None else [],
    )  # fmt: skip


def _photo(photo: Photo | None, staff: bool) -> PhotoOut | None:
    if photo is None or (not staff and photo.verdict != "pass"):
        return None
    return PhotoOut.of(photo, actor().person)
