"""Words and photos added to a case without moving it."""

from pydantic import Field

from app.context import here
from app.guard import actor, look_at, signed_in
from app.rules import miniprogram, rights
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.case_shapes import CaseOut, whole
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once


class NoteIn(Body):
    note: str = Field(min_length=1, max_length=2000)
    photos: list[Key] = Field(default=[], max_length=9)


@api.post("/cases/<key>/notes")
@named("addNote")
@signed_in("case.visit")
@api.input(Once, location="headers", arg_name="once")
@api.input(NoteIn, arg_name="body")
@api.output(CaseOut, 201)
def add_note(key: str, once: Once, body: NoteIn):
    """Add something to a case: the reporter, its worker or the community"""
    return answer_once(once, body, lambda: _note(key, body), 201, limit=lambda: _count(key, body))


def _count(key: str, body: NoteIn) -> None:
    case = visible_case(key)
    rights.need(actor(), "case.note", case=case)
    look_at(case)  # the answer shows the whole case
    often("lines", case.community, body.note)


def _note(key: str, body: NoteIn) -> CaseOut:
    case = visible_case(key)
    miniprogram.add_note(
        case, actor=actor(), note=body.note, photos=body.photos, per_case=here().settings.photos.per_case
    )
    return whole(case, actor())
