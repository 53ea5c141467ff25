"""现场即时办: what a grid worker found and put right at once, written down in one go."""

from pydantic import Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import on_spot
from handlers.api.blueprint import api, named
from handlers.api.case import PointIn, community_of, known_place
from handlers.api.case_shapes import CaseOut, whole
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once


class SpotIn(Body):
    """What was found and put right. Photos are keys of POST /photos, sent up in the last hour."""

    words: str = Field(min_length=1, max_length=2000, examples=["井盖翘起来，已盖好"])
    category: str | None = Field(default=None, max_length=40, description="A code of /categories; else by the words.")
    community: Key | None = None
    place: Key | None = Field(default=None, description="Any place of GET /places below the community.")
    place_words: str = Field(default="", max_length=120, description="Where exactly, in words.")
    point: PointIn | None = None
    before: list[Key] = Field(default=[], max_length=9, description="Photos of how it was.")
    after: list[Key] = Field(min_length=1, max_length=9, description="Photos of how it is now: the proof.")
    note: str = Field(default="", max_length=2000, description="What was done.")


@api.post("/cases/spot")
@named("handleOnTheSpot")
@signed_in("case.handle")
@api.input(Once, location="headers", arg_name="once")
@api.input(SpotIn, arg_name="body")
@api.output(CaseOut, 201)
def handle_on_the_spot(once: Once, body: SpotIn):
    """A grid worker reports, accepts and handles in one go what was found and put right at once

    The case is marked as on the spot and lapses by itself: nobody judges the own work. 403 to who is no grid worker of
    the place's community.
    """
    return answer_once(once, body, lambda: whole(_handle(body), actor()), 201, limit=lambda: often("lines", None))


def _handle(body: SpotIn):
    return on_spot.handle(
        actor=actor(), words=body.words, code=body.category, community=community_of(body.community),
        place=known_place(body.place), place_words=body.place_words, point=body.point.pair() if body.point else None,
        before=body.before, after=body.after, note=body.note, per_case=here().settings.photos.per_case,
    )  # fmt: skip
