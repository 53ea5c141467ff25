"""Pieces of a case: those one answers for, one of them, what one says to it; splitting a case; the evidence of care."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.guard import actor, look_at, signed_in
from app.rules import hazard, media, rights, subcase, subcase_ask, subcase_sight
from app.rules.clock import near
from app.rules.refusal import Forbidden, NotFound, Refusal
from handlers.api.blueprint import api, is_key, named
from handlers.api.case import visible_case
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, MaybeOnce, Once, Query, Whole
from handlers.api.shapes import PhotoOut
from handlers.api.subcase_shapes import (
    EvidenceLineOut,
    EvidenceOut,
    SubcaseOut,
    SubcasesOut,
    brief,
    whole,
)
from models.base import now
from models.case import Case, Photo
from models.person import Person
from models.subcase import Subcase
from models.unit import Unit

#: The verbs of whoever answers for it, and those of the community and the street.
ACTS = ("accept", "refuse", "arrive", "plan", "finish", "rate")
DECISIONS = ("insist", "drop", "redo")


class SubcasesIn(Query):
    state: Literal["open", "all"] = "open"
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=20, ge=1, le=50)


class SplitIn(Body):
    """One piece: for a unit or a colleague; a decision or a repair may be the community's own."""

    kind: Literal["share", "decision", "repair_project"]
    words: str = Field(min_length=1, max_length=500, description="What is asked, in the community's own words.")
    unit: Key | None = Field(default=None, description="A key of GET /communities/{key}/units.")
    worker: Key | None = Field(default=None, description="A key of GET /communities/{key}/workers.")
    lead: bool = Field(default=False, description="Of shares one leads: the first, unless it is said otherwise.")
    due_at: datetime | None = None


class SubcaseDeedIn(Body):
    """What comes with a verb of a subcase."""

    note: str = Field(default="", max_length=500, description="refuse and redo need one; plan: what will be done; "
                      "finish: the result.")  # fmt: skip
    photos: list[Key] = Field(default=[], max_length=9, description="For arrive and finish.")
    who: str = Field(default="", max_length=32, description="arrive: who came; else one's own name.")
    mode: Literal["onsite", "remote"] = "onsite"
    until: datetime | None = Field(default=None, description="plan: by when.")
    rating: int | None = Field(default=None, ge=1, le=5, description="rate: 1 (bad) to 5 (good).")


@api.get("/subcases")
@named("listSubcases")
@signed_in("subcase.read")
@api.input(SubcasesIn, location="query", arg_name="query")
@api.output(SubcasesOut)
def list_subcases(query: SubcasesIn):
    """What one answers for, as a contact of a unit or as a colleague, the newest first"""
    mine = subcase_sight.mine(actor())
    rows = subcase_sight.rows().where(mine)
    if query.state == "open":
        rows = rows.where(Subcase.state.in_(subcase_sight.OPEN))
    if query.cursor:
        before = subcase_sight.rows().where(Subcase.key == query.cursor, mine).first() if is_key(query.cursor) else None
        if before is None:
            raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"cursor": "没有这一页"})
        rows = rows.where(Subcase.id < before.id)
    found, moment = list(rows.order_by(Subcase.id.desc()).limit(query.limit + 1)), now()
    page = found[: query.limit]
    shown = [brief(row, actor(), moment) for row in page]
    return {"subcases": shown, "next": page[-1].key if len(found) > len(page) else None}


@api.get("/subcases/<key>")
@named("readSubcase")
@signed_in("subcase.read")
@api.output(SubcaseOut)
def read_subcase(key: str):
    """One piece of a case: for whoever answers for it and for staff; never who reported"""
    return whole(_find(key), actor())


@api.post("/subcases/<key>/<verb>")
@named("actOnSubcase")
@signed_in("subcase.read")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(SubcaseDeedIn, arg_name="body")
@api.output(SubcaseOut)
def act_on_subcase(key: str, verb: str, once: MaybeOnce, body: SubcaseDeedIn):
    """Accept, refuse, arrive, plan, finish or rate; for the community and the street: insist, drop, redo

    409 when its state does not allow the verb (any more), 403 when it is somebody else's to say.
    """
    return answer_once(once, body, lambda: _act(_find(key), verb, body))


def _find(key: str) -> Subcase:
    if not is_key(key):
        raise NotFound()
    return subcase_sight.find(actor(), key)


def _act(row: Subcase, verb: str, body: SubcaseDeedIn) -> SubcaseOut:
    who = actor()
    if verb not in (*ACTS, *DECISIONS):
        raise NotFound()
    if not subcase_sight.parts_for(row, who) or not rights.may(
        who, "subcase.decide" if verb in DECISIONS else "subcase.act"
    ):
        raise Forbidden()
    photos = tuple(media.own_photos(body.photos, who)) if body.photos and verb in subcase.SHOWS else ()
    name = body.who or who.person.name
    if verb in ("accept", "refuse"):
        {"accept": subcase.accept, "refuse": subcase.refuse}[verb](row, actor=who, note=body.note, who=name)
    elif verb == "arrive":
        subcase.arrive(row, actor=who, who=name, mode=body.mode, note=body.note, photos=photos)
    elif verb == "plan":
        subcase.plan(row, actor=who, words=body.note, until=body.until, who=name)
    elif verb == "finish":
        subcase.finish(row, actor=who, result=body.note, photos=photos, who=name)
    elif verb == "rate":
        subcase.rate(row, actor=who, rating=body.rating or 0, note=body.note, who=name)
    elif verb == "redo":
        subcase.redo(row, actor=who, note=body.note)
    else:
        {"insist": subcase.insist, "drop": subcase.drop}[verb](row, actor=who, note=body.note)
    return whole(subcase_sight.find(who, row.key), who)


@api.post("/cases/<key>/subcases")
@named("splitCase")
@signed_in("case.split")
@api.input(Once, location="headers", arg_name="once")
@api.input(SplitIn, arg_name="body")
@api.output(SubcaseOut, 201)
def split_case(key: str, once: Once, body: SplitIn):
    """Add a piece to a case: a share of the work, a decision that is needed, a repair; none delays a safety action"""
    return answer_once(once, body, lambda: _split(visible_case(key), body), 201)


def _split(case: Case, body: SplitIn) -> SubcaseOut:
    rights.need(actor(), "case.split", case=case)
    row = subcase_ask.split(
        case, actor=actor(), kind=body.kind, words=body.words, unit=unit_of(case, body.unit),
        worker=_worker(body.worker), lead=body.lead, due_at=_aware(body.due_at),
    )  # fmt: skip
    return whole(subcase_sight.find(actor(), row.key), actor())


def unit_of(case: Case, key: str | None) -> Unit | None:
    """A unit of the case's community, also one that left. Raises Refusal `unit_unknown`."""
    found = Unit.get_or_none(Unit.key == key, Unit.community == case.community) if key else None
    if key and found is None:
        raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    return found


def _worker(key: str | None) -> Person | None:
    found = Person.get_or_none(Person.key == key) if key else None
    if key and found is None:
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})
    return found


def _aware(moment: datetime | None) -> datetime | None:
    """A moment must say its time zone. Raises Refusal `invalid`."""
    if moment is not None and moment.tzinfo is None:
        raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"due_at": "要带时区"})
    return moment


@api.get("/cases/<key>/evidence")
@named("readEvidence")
@signed_in("subcase.read")
@api.output(EvidenceOut)
def read_evidence(key: str):
    """What was known and done when about a danger: steps, photos and the warning put up (Civil Code Art. 1258)"""
    case = visible_case(key)
    if not rights.may(actor(), "subcase.read", case=case):
        raise Forbidden()
    look_at(case)
    moment, lines = now(), hazard.evidence(case)
    open_photos = rights.may(actor(), "photo.read", case=case)
    photos = {one.key: one for one in Photo.select().where(Photo.case == case)} if open_photos else {}
    return {
        "lines": [
            EvidenceLineOut(
                at=one.at, near=near(one.at, moment), words=one.words,
                photos=[PhotoOut.of(photos[key], actor().person) for key in one.photos if key in photos],
            )
            for one in lines
        ]
    }  # fmt: skip
