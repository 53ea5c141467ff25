"""Cases as others than reporter and handler see them: the neighbours, a unit, the party complained about."""

import peewee
from pydantic import Field

from app.guard import actor, look_at, signed_in
from app.rules import follow, rights
from app.rules.public import public_cases
from app.rules.refusal import NotFound, Refusal
from handlers.api import side_shapes as shapes
from handlers.api.blueprint import api, is_key, named
from handlers.api.case import with_labels
from handlers.api.reading import Key, Query, Whole
from models.case import Case

#: More tasks than a unit, or complaints than a party, has at a time.
MOST = 100


class PageIn(Query):
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=20, ge=1, le=50)


def _shown(action: str) -> peewee.Expression:
    return rights.cases_for(actor(), action)


def _find(key: str, action: str) -> Case:
    case = with_labels().where(Case.key == key, _shown(action)).first() if is_key(key) else None
    if case is None or not rights.may(actor(), action, case=case):
        raise NotFound()
    return case


@api.get("/public/cases")
@named("listPublicCases")
@signed_in("case.read_public")
@api.input(PageIn, location="query", arg_name="query")
@api.output(shapes.PublicCasesOut)
def list_public_cases(query: PageIn):
    """What is being seen to in one's community, the newest first: the matter and the compound, nothing of anybody"""
    rows = with_labels().where(public_cases(actor()))
    if query.cursor:
        before = Case.get_or_none(Case.key == query.cursor, public_cases(actor())) if is_key(query.cursor) else None
        if before is None:
            raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"cursor": "没有这一页"})
        rows = rows.where(Case.id < before.id)
    found = list(rows.order_by(Case.id.desc()).limit(query.limit + 1))
    page = found[: query.limit]
    followers = follow.followers(page)
    shown = [shapes.public(row, followers) for row in page]
    return {"cases": shown, "next": page[-1].key if len(found) > len(page) else None}


@api.get("/public/cases/<key>")
@named("readPublicCase")
@signed_in("case.read_public")
@api.output(shapes.PublicCaseOut)
def read_public_case(key: str):
    """The public side of one case"""
    case = with_labels().where(Case.key == key, public_cases(actor())).first() if is_key(key) else None
    if case is None:
        raise NotFound()
    return shapes.public(case, follow.followers([case]))


@api.get("/unit/cases")
@named("listUnitCases")
@signed_in("case.read_unit")
@api.output(shapes.UnitCasesOut)
def list_unit_cases():
    """What one's unit was asked to do, the newest first, at most a hundred"""
    rows = with_labels().where(_shown("case.read_unit")).order_by(Case.id.desc()).limit(MOST)
    return {"cases": [shapes.unit_brief(row) for row in rows]}


@api.get("/unit/cases/<key>")
@named("readUnitCase")
@signed_in("case.read_unit")
@api.output(shapes.UnitCaseOut)
def read_unit_case(key: str):
    """One case as the unit that was asked to act may see it"""
    case = _find(key, "case.read_unit")
    look_at(case)
    return shapes.unit(case, actor())


@api.get("/party/cases")
@named("listPartyCases")
@signed_in("case.visit")
@api.output(shapes.PartyCasesOut)
def list_party_cases():
    """What the community told one as the party complained about, the newest first, at most a hundred"""
    rows = with_labels().where(_shown("case.read_party")).order_by(Case.id.desc()).limit(MOST)
    return {"cases": shapes.party(list(rows))}


@api.get("/party/cases/<key>")
@named("readPartyCase")
@signed_in("case.visit")
@api.output(shapes.PartyCaseOut)
def read_party_case(key: str):
    """One case as the party complained about may see it, once it was told"""
    return shapes.party([_find(key, "case.read_party")])[0]
