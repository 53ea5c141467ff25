"""The verbs of a case: one address for all, for the table of lifecycle decides which of them is allowed now."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from app.context import here
from app.guard import actor, look_at, signed_in
from app.rules import deed, merge, rights
from app.rules.clock import beginning
from app.rules.deed import DEEDS, Said
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.case_shapes import CaseOut, whole
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, MaybeOnce
from models.case import Case
from models.judgement import ASPECTS
from models.lifecycle import DISPOSITIONS, SATISFACTION
from models.person import Person

Satisfaction = Literal[*SATISFACTION]  # type: ignore[valid-type]  # known at run time, from the table
Disposition = Literal[*DISPOSITIONS]  # type: ignore[valid-type]
Aspect = Literal[*ASPECTS]  # type: ignore[valid-type]
Code = Annotated[str, Field(min_length=1, max_length=32)]

#: A day as "2027-01-05"; JSON has no days of its own.
Day = Annotated[date, Field(strict=False)]


class DeedIn(Body):
    """What comes with a verb. Needs a note: return_back, reject, hand_over, rework, keep, a second reopen.

    handle needs a photo after.
    """

    note: str = Field(default="", max_length=2000)
    photos: list[Key] = Field(
        default=[], max_length=9,
        description="Shown as before (accept), safe (make_safe), after (handle), check (rework).",
    )
    satisfaction: Satisfaction | None = Field(default=None, description="For confirm.")
    aspects: dict[Aspect, Satisfaction] = Field(
        default={}, description="For confirm, of GET /cases/{key}/judgement; any of them."
    )
    answers: list[Code] = Field(default=[], max_length=20, description="For confirm, of the same; fit to satisfaction.")
    disposition: Disposition | None = Field(default=None, description="For reject: why. Told to the reporter.")
    to: str = Field(default="", max_length=80, description="For hand_over: to whom, in words, or the key of a unit.")
    into: str = Field(
        default="", max_length=16, description="For merge: the key of the case it is the same as, or its \"#1001\"."
    )
    until: Day | None = Field(default=None, description="For plan: the day on which it goes on by itself.")
    worker: Key | None = Field(
        default=None,
        description="dispatch: a key of GET /communities/{key}/workers; transfer: of GET /cases/{key}/colleagues.",
    )


@api.post("/cases/<key>/<verb>")
@named("actOnCase")
@signed_in("case.visit")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(DeedIn, arg_name="body")
@api.output(CaseOut)
def act_on_case(key: str, verb: str, once: MaybeOnce, body: DeedIn):
    """Withdraw, accept, return_back, make_safe, handle, confirm, reopen, reject or dispatch a case

    409 when its state does not allow the verb (any more), 403 when it is somebody else's to say. The Idempotency-Key
    is optional: repeated without one, the second request meets the new state.
    """
    # The answer shows the whole case. Looked at before the transaction of the deed: a spent budget leaves an alert.
    look = partial(_look, key, verb)
    return answer_once(once, body, lambda: whole(_act(visible_case(key), verb, body), actor()), limit=look)


def _look(key: str, verb: str) -> None:
    case = visible_case(key)
    if verb in DEEDS and rights.may(actor(), f"case.{verb}", case=case):
        look_at(case)


def _act(case: Case, verb: str, body: DeedIn) -> Case:
    said = Said(
        note=deed.words(body.note), photos=tuple(body.photos), satisfaction=body.satisfaction or "",
        aspects=dict(body.aspects), answers=tuple(body.answers), disposition=body.disposition or "",
        to=deed.words(body.to),
        worker=Person.get_or_none(Person.key == body.worker) if body.worker else None,
        into=merge.named(body.into, case, actor=actor()) if verb == "merge" else None,
        until=beginning(body.until) if body.until else None,
    )  # fmt: skip
    return deed.do(case, verb, actor=actor(), said=said, per_case=here().settings.photos.per_case)
