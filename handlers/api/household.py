"""The households one lives in: bound by the community's code, or asked for and confirmed by staff."""

from typing import Literal

from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import consent, household, rights
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, named, the
from handlers.api.me import homes_of
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once
from handlers.api.shapes import HomeOut, HomesOut
from models.base import write
from models.person import Residence
from models.place import Place


class BindIn(Body):
    """Either `code`, or `household` with `relation`."""

    code: str | None = Field(default=None, min_length=1, max_length=32, description="Spaces, dashes, case are ignored.")
    household: Key | None = None
    relation: Literal["owner", "resident", "tenant", "family"] | None = None


class CodeOut(BaseModel):
    code: str = Field(description="Good for one binding; told only here.")
    days: int


@api.get("/me/households")
@named("listHouseholds")
@signed_in("me.read")
@api.output(HomesOut)
def list_households():
    """One's households: bound, asked for, and refused within the last month"""
    return {"homes": [HomeOut.of(row) for row in homes_of(actor())]}


@api.post("/me/households")
@named("bindHousehold")
@signed_in("household.bind")
@api.input(Once, location="headers", arg_name="once")
@api.input(BindIn, arg_name="body")
@api.output(HomeOut, 201)
def bind_household(once: Once, body: BindIn):
    """Bind a household by its code, or ask for it"""
    return answer_once(once, body, lambda: HomeOut.of(_bind(body)), 201, limit="signin")


def _bind(body: BindIn) -> Residence:
    consent.need_guardian(actor().person)
    if (body.code is None) == (body.household is None):
        raise Refusal("invalid", "请填绑定码，或者选择一户。", {"code": "二选一", "household": "二选一"})
    if body.code is not None:
        return household.bind_by_code(body.code, actor=actor())
    place = Place.get_or_none(Place.key == body.household, Place.kind == "household", Place.active)
    if place is None or body.relation is None:
        wrong = {"household": "没有这一户"} if place is None else {"relation": "必填"}
        raise Refusal("invalid", "请选择哪一户，以及您与这户的关系。", wrong)
    return household.ask(place, actor=actor(), relation=body.relation)


@api.delete("/me/households/<key>")
@api.doc(operation_id="leaveHousehold", security="bearer", responses={204: "Ended at once."})
@signed_in("household.bind")
def leave_household(key: str):
    """Move out of a household, or take a request back"""
    with write():
        household.leave(the(Residence, key), actor=actor())
    return "", 204


@api.post("/households/<key>/codes")
@api.doc(operation_id="issueCode", security="bearer")
@signed_in("household.code")
@api.output(CodeOut, 201)
def issue_code(key: str):
    """A fresh binding code for a household, for staff to hand over

    It takes no Idempotency-Key: a code is kept only as its hash, so it cannot be told a second time. Asked again, it
    gives another code.
    """
    place = the(Place, key)
    if place.kind != "household" or not rights.may(actor(), "household.code", community=place.community, place=place):
        raise NotFound()
    here().limit("lines", actor().person.key)
    with write():
        code = household.issue_code(place, actor=actor())
    return {"code": code, "days": household.CODE_DAYS}
