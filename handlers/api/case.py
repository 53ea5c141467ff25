"""Cases: report one, list those one may see, look at one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import peewee
from pydantic import Field

from app.context import here
from app.guard import actor, actor_again, look_at, signed_in
from app.rules import miniprogram, reading, rights
from app.rules.actor import Actor
from app.rules.coordinates import to_wgs84
from app.rules.questionnaire import MOST_QUESTIONS
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, is_key, named, the
from handlers.api.case_shapes import CaseBrief, CaseOut, CasesOut, brief, whole
from handlers.api.category_shapes import Answers
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once, Query, Whole
from models.base import now, write
from models.case import Case
from models.category import Category
from models.lifecycle import CASE_OPEN, CASE_STATES
from models.place import Place

State = Literal["open", *CASE_STATES]  # type: ignore[valid-type]  # known at run time, from the table


class PointIn(Body):
    """A place on the map, in degrees. We keep WGS-84; wx.chooseLocation gives GCJ-02."""

    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)
    system: Literal["wgs84", "gcj02"] = "wgs84"

    def pair(self) -> tuple[float, float]:
        """Latitude and longitude in WGS-84."""
        return to_wgs84((self.lat, self.lng)) if self.system == "gcj02" else (self.lat, self.lng)


class ReportIn(Body):
    """One matter in the resident's own words; everything else is optional."""

    words: str = Field(
        max_length=2000, examples=["3号楼门口井盖坏了"], description="May be empty when there is a voice."
    )
    category: str | None = Field(default=None, max_length=40, description="A code of /categories; else by the words.")
    community: Key | None = None
    place: Key | None = Field(default=None, description="Where it is: any place of GET /places below the community.")
    place_words: str = Field(default="", max_length=120, description="Where exactly, in words.")
    point: PointIn | None = None
    photos: list[Key] = Field(default=[], max_length=9, description="Keys of POST /photos.")
    voices: list[Key] = Field(default=[], max_length=3, description="Keys of POST /voices; none in an anonymous one.")
    anonymous: bool = Field(default=False, description="The name is kept apart; nobody who handles it sees it.")
    behalf_of: Key | None = Field(default=None, description="Somebody of the family one may act for, GET /delegations.")
    answers: Answers = Field(
        default={}, max_length=MOST_QUESTIONS,
        description="To `questions` of the category, by their code; none at all is fine. An answer that stops is "
        "refused as `diverted`, or files the report as the emergency it tells of.",
    )  # fmt: skip


class ListIn(Query):
    mine: Literal["reported", "handling", "all"] = Field(default="reported", description="all: all one may see.")
    state: State | None = Field(default=None, description="One state, or open: somebody still has something to do.")
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=20, ge=1, le=50)


@api.post("/cases")
@named("reportCase")
@signed_in("case.report")
@api.input(Once, location="headers", arg_name="once")
@api.input(ReportIn, arg_name="body")
@api.output(CaseOut, 201)
def report_case(once: Once, body: ReportIn):
    """Report what is wrong

    The community is that of the place, else the one given, else the home's, else that of the compound nearest to the
    point; 422 when none of them says it.
    """
    return answer_once(once, body, lambda: whole(_report(body), actor_again()), 201, limit=lambda: _count(body))


def _count(body: ReportIn) -> None:
    chosen, place = community_of(body.community), known_place(body.place)
    community = miniprogram.community_for(actor(), chosen, place, body.point.pair() if body.point else None)
    danger = miniprogram.endangers(community, body.category, body.answers)
    often("cases", community, body.words, body.category, danger)


def _report(body: ReportIn) -> Case:
    return miniprogram.report(
        actor=actor(), words=body.words, code=body.category, community=community_of(body.community),
        place=known_place(body.place), place_words=body.place_words,
        point=body.point.pair() if body.point else None, photos=body.photos, voices=body.voices,
        per_case=here().settings.photos.per_case, anonymous=body.anonymous, behalf_of=body.behalf_of,
        answers=body.answers,
    )  # fmt: skip


def known_place(key: str | None) -> Place | None:
    """The place of a key in a body. Raises Refusal `place_unknown`."""
    return _named_place(key, "place", Place.kind != "community")


def community_of(key: str | None) -> Place | None:
    """The community of a key in a body. Raises Refusal `place_unknown`."""
    return _named_place(key, "community", Place.kind == "community")


def _named_place(key: str | None, field: str, condition: peewee.Expression) -> Place | None:
    if key is None:
        return None
    found = Place.get_or_none(Place.key == key, Place.active, condition)
    if found is None:
        raise Refusal("place_unknown", "没有这个地点，请重新选择。", {field: "没有这个地点"})
    return found


@api.get("/cases")
@named("listCases")
@signed_in("case.list")
@api.input(ListIn, location="query", arg_name="query")
@api.output(CasesOut)
def list_cases(query: ListIn):
    """Cases one may see, the newest first

    Pages by `cursor`; what was added meanwhile never shifts a page.
    """
    who, wanted = actor(), [mine_as(query.mine, actor())]
    if query.state:
        wanted.append(Case.state.in_(CASE_OPEN if query.state == "open" else (query.state,)))
    if query.cursor:
        wanted.append(Case.id < _place_of(query.cursor, wanted[0]))
    rows = list(with_labels().where(*wanted).order_by(Case.id.desc()).limit(query.limit + 1))
    page = rows[: query.limit]
    if query.mine != "reported" and any(row.reporter_id not in who.selves for row in page):
        with write():
            reading.look_over(page, actor=who)
    return {"cases": briefs(page, who, now()), "next": page[-1].key if len(rows) > len(page) else None}


def briefs(rows: Iterable[Case], who: Actor, moment: datetime) -> list[CaseBrief]:
    """Lines of a list."""
    return [brief(row, who, moment) for row in rows]


def with_labels() -> peewee.ModelSelect:
    """Cases with what a list shows of them, in one query."""
    community, place = Place.alias(), Place.alias()
    return (
        Case.select(
            Case, Category.code, Category.name, community.id, community.name, community.above, place.id, place.label,
            place.above, place.lat, place.lng,
        )
        .join(Category, on=(Case.category == Category.id))
        .switch(Case)
        .join(community, on=(Case.community == community.id), attr="community")
        .switch(Case)
        .join(place, peewee.JOIN.LEFT_OUTER, on=(Case.place == place.id), attr="place")
    )


def mine_as(part: str, who: Actor) -> peewee.Expression:
    """The condition of the cases that are mine in a part: reported by me, handled by me, or all I may see."""
    if part == "reported":
        return Case.reporter.in_(list(who.selves))
    readable = rights.readable_cases(who)
    return readable & (Case.handler == who.person) if part == "handling" else readable


def _place_of(cursor: str, visible: peewee.Expression) -> int:
    row = Case.select(Case.id).where(Case.key == cursor, visible).first() if is_key(cursor) else None
    if row is None:
        raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"cursor": "没有这一页"})
    return row.id


@api.get("/cases/<key>")
@named("readCase")
@signed_in("case.visit")
@api.output(CaseOut)
def read_case(key: str):
    """One case with its steps, photos, limits, and what one may say to it now"""
    case = visible_case(key)
    look_at(case)
    return whole(case, actor())


def visible_case(key: str) -> Case:
    """The case of that key, if this person may read it. Raises NotFound, the same for unknown and for foreign."""
    case = the(Case, key)
    if not rights.may(actor(), "case.read", case=case):
        raise NotFound()
    return case
