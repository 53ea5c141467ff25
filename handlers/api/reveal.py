"""Whoever handles a case asks for the reporter's name, phone and door: for a reason, and written down."""

from app.guard import actor, signed_in
from app.rules import reading
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.shapes import KnownOut, ReasonIn
from models.base import write


@api.post("/cases/<key>/reporter")
@named("revealReporter")
@signed_in("case.visit")
@api.input(ReasonIn, arg_name="body")
@api.output(KnownOut)
def reveal_reporter(key: str, body: ReasonIn):
    """The reporter unmasked, for a reason that the reporter can read; never of an anonymous report"""
    case = visible_case(key)
    with write():
        known = reading.reveal_reporter(case, actor=actor(), reason=body.reason)
    return KnownOut.told(known)
