"""One matter reported twice: what a case may be the same as, for staff, and a whole bundle merged by one word."""

from functools import partial

from pydantic import BaseModel, Field

from app.guard import actor, look_at, signed_in
from app.rules import merge, reading, rights, same
from app.rules.refusal import Forbidden
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.merge_shapes import SameOut, same_of
from handlers.api.once import answer_once
from handlers.api.reading import Body, MaybeOnce
from models.base import now, write
from models.case import Case


class MergedOut(BaseModel):
    merged: int = Field(description="How many were merged now.")
    left: int = Field(description="How many are merged by the next calls; 0 at the end.")


class _Nothing(Body):
    pass


@api.get("/cases/<key>/same")
@named("listSame")
@signed_in("case.visit")
@api.output(SameOut)
def list_same(key: str):
    """What a case may be the same as, the likeliest first, each with its reasons; for staff

    403 for the reporter, who is told by letter what becomes of it.
    """
    case = _staffed(key)
    look_at(case)
    case = same.with_places().where(Case.id == case.id).get()
    found = same.candidates(same.with_places(), case, actor=actor())
    if found:
        with write():
            reading.look_over([one.case for one in found], actor=actor())
    return same_of(case, found, actor(), now())


@api.post("/cases/<key>/bundle")
@named("mergeBundle")
@signed_in("case.visit")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.output(MergedOut)
def merge_bundle(key: str, once: MaybeOnce):
    """Merge what is probably this one into it, the oldest first, fifty at once

    Called again while `left` is not 0. 409 when the case itself is over.
    """
    return answer_once(once, _Nothing(), partial(_merge, key))


def _merge(key: str) -> MergedOut:
    merged, left = merge.merge_bundle(visible_case(key), actor=actor())
    return MergedOut(merged=merged, left=left)


def _staffed(key: str) -> Case:
    """The case, for somebody who may merge it or see what was merged. Raises NotFound, Forbidden."""
    case = visible_case(key)
    if not (rights.may(actor(), "case.merge", case=case) or rights.may(actor(), "case.unmerge", case=case)):
        raise Forbidden()
    return case
