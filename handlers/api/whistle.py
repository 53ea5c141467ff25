"""社区吹哨: blow in a case, the whistles of one's communities, and what becomes of one."""

from typing import Literal

from pydantic import Field

from app.guard import actor, signed_in
from app.rules import rights, subcase_sight, whistle
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, is_key, named
from handlers.api.case import visible_case, with_labels
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, MaybeOnce, Once, Query, Whole
from handlers.api.subcase import unit_of
from handlers.api.subcase_shapes import SubcaseBrief, WhistleOut, WhistlesOut, brief, whistle_out
from models.base import now
from models.case import Case
from models.subcase import Subcase
from models.whistle import KINDS, Whistle

Kind = Literal[*KINDS]  # type: ignore[valid-type]  # known at run time, from the table


class CallIn(Body):
    unit: Key = Field(description="A key of GET /communities/{key}/units.")
    lead: bool = Field(default=False, description="Exactly one leads.")
    words: str = Field(default="", max_length=500, description="What is asked of it; empty: the reason.")


class WhistleBlowIn(Body):
    """Whom to call, why, and how soon."""

    kind: Kind
    reason: str = Field(min_length=1, max_length=500)
    units: list[CallIn] = Field(min_length=1, max_length=whistle.MOST)
    within: int | None = Field(default=None, ge=1, le=1000, description="Hours to report in, if sooner than usual.")


class RatedIn(Body):
    subcase: Key
    rating: int = Field(ge=1, le=5)


class WhistleDeedIn(Body):
    """What comes with a verb: refuse and cancel need a note, close a result and a rating of each unit."""

    note: str = Field(default="", max_length=500)
    result: str = Field(default="", max_length=1000)
    ratings: list[RatedIn] = Field(default=[], max_length=whistle.MOST)


class WhistlesIn(Query):
    state: Literal["open", "all"] = "open"
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=20, ge=1, le=50)


@api.post("/cases/<key>/whistles")
@named("blowWhistle")
@signed_in("whistle.blow")
@api.input(Once, location="headers", arg_name="once")
@api.input(WhistleBlowIn, arg_name="body")
@api.output(WhistleOut, 201)
def blow_whistle(key: str, once: Once, body: WhistleBlowIn):
    """The community calls units to a case; it also grants a worker's wish

    `state` is asked while the street has to confirm, else blown. 422 for a unit that left, that is complained about or
    was asked already, and without exactly one lead.
    """
    return answer_once(once, body, lambda: _blow(visible_case(key), body), 201)


def _blow(case: Case, body: WhistleBlowIn) -> WhistleOut:
    rights.need(actor(), "whistle.blow", case=case)
    calls = []
    for one in body.units:
        unit = unit_of(case, one.unit)
        assert unit is not None
        calls.append(whistle.Call(unit, one.lead, one.words))
    row = whistle.blow(
        case, actor=actor(), kind=body.kind, reason=body.reason, calls=calls, within=body.within
    )  # fmt: skip
    return _out(row)


@api.get("/whistles")
@named("listWhistles")
@signed_in("subcase.decide")
@api.input(WhistlesIn, location="query", arg_name="query")
@api.output(WhistlesOut)
def list_whistles(query: WhistlesIn):
    """The whistles of the communities one decides for, the newest first, with who is late"""
    allowed = with_labels().where(rights.cases_for(actor(), "subcase.decide"))
    there = Whistle.case.in_(allowed.clone().select(Case.id))
    rows = Whistle.select().where(there)
    if query.state == "open":
        rows = rows.where(Whistle.state.in_(("wished", "asked", "blown")))
    if query.cursor:
        before = Whistle.get_or_none(Whistle.key == query.cursor, there) if is_key(query.cursor) else None
        if before is None:
            raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"cursor": "没有这一页"})
        rows = rows.where(Whistle.id < before.id)
    found = list(rows.order_by(Whistle.id.desc()).limit(query.limit + 1))
    page = found[: query.limit]
    cases = {one.id: one for one in with_labels().where(Case.id.in_([row.case_id for row in page]))} if page else {}
    calls, moment = _calls(page), now()
    for row in page:
        row.case = cases[row.case_id]
    shown = [whistle_out(row, calls[row.id], actor(), moment) for row in page]
    return {"whistles": shown, "next": page[-1].key if len(found) > len(page) else None}


def _calls(rows: list[Whistle]) -> dict[int, list[SubcaseBrief]]:
    found: dict[int, list[SubcaseBrief]] = {row.id: [] for row in rows}
    moment = now()
    if rows:
        query = subcase_sight.rows().where(Subcase.whistle.in_(list(found)))
        for one in query.order_by(Subcase.lead.desc(), Subcase.id):
            found[one.whistle_id].append(brief(one, actor(), moment))
    return found


@api.post("/whistles/<key>/<verb>")
@named("actOnWhistle")
@signed_in("subcase.decide")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(WhistleDeedIn, arg_name="body")
@api.output(WhistleOut)
def act_on_whistle(key: str, verb: str, once: MaybeOnce, body: WhistleDeedIn):
    """The street confirms or refuses; the community cancels, closes with a joint result, or refuses a wish

    To grant a wish blow: POST /cases/{key}/whistles.
    """
    return answer_once(once, body, lambda: _act(_find(key), verb, body))


def _find(key: str) -> Whistle:
    row = Whistle.get_or_none(Whistle.key == key) if is_key(key) else None
    if row is None or not rights.may(actor(), "subcase.decide", case=row.case):
        raise NotFound()
    return row


def _act(row: Whistle, verb: str, body: WhistleDeedIn) -> WhistleOut:
    who = actor()
    if verb == "confirm":
        row = whistle.confirm(row, actor=who, note=body.note)
    elif verb == "refuse":
        row = whistle.refuse(row, actor=who, note=body.note)
    elif verb == "cancel":
        row = whistle.cancel(row, actor=who, note=body.note)
    elif verb == "close":
        rated = {one.subcase: one.rating for one in body.ratings}
        row = whistle.close(row, actor=who, result=body.result, ratings=rated)
    else:
        raise NotFound()
    return _out(row)


def _out(row: Whistle) -> WhistleOut:
    return whistle_out(row, _calls([row])[row.id], actor(), now())

