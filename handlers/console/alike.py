"""What the page of a case says of others like it."""

from typing import NamedTuple

from app.rules import bundle, rights, same
from app.rules.actor import Actor
from models.case import Case


class Alike(NamedTuple):
    """What the page of a case says of others like it."""

    found: list[same.Like]
    #: How many are probably this one, and which of them are shown.
    many: int
    shown: list[Case]
    #: The case it lies in, or the one it is probably the same as.
    main: Case | None
    kept: bool
    #: How many lie in it.
    merged: list[Case]
    may_merge: bool


def alike(case: Case, who: Actor) -> Alike | None:
    """What may be the same as a case, for who may read it there; None when there is nothing to say."""
    may_merge = rights.may(who, "case.merge", case=case) and case.closed_at is None
    known = same.with_places().where(Case.id == case.id).get()
    known.community = case.community
    found = same.candidates(same.with_places(), known, actor=who) if may_merge else []
    readable = rights.readable_cases(who)
    open_ones = Case.select().where(Case.same_as == case, Case.closed_at.is_null(), readable)
    shown = list(open_ones.order_by(Case.id).limit(20))
    merged = list(Case.select().where(Case.merged_into == case, readable).order_by(Case.id).limit(50))
    main = known.merged_into or known.same_as
    found = [one for one in found if one.case != main]
    if not (found or shown or merged or main):
        return None
    if main is not None and not rights.may(who, "case.read", case=main):
        main = None
    return Alike(found, same.alike(known), shown, main, bundle.kept(known), merged, may_merge)
