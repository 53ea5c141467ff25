"""What is known already near by, asked before somebody reports it again."""

from datetime import date

from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import follow, miniprogram, nearby, wording
from app.rules.actor import Actor
from app.rules.clock import ZONE
from handlers.api.blueprint import api, named
from handlers.api.case import PointIn, community_of, known_place, with_labels
from handlers.api.reading import Body, Key
from models.lifecycle import CASE_STATES


class WhereIn(Body):
    """As of a report: the community is the one named, else that of the place, the home or the nearest compound."""

    community: Key | None = None
    place: Key | None = None
    point: PointIn | None = None
    category: str | None = Field(default=None, max_length=40, description="The code chosen so far.")


class NearOut(BaseModel):
    """The public side of a case, as GET /public/cases gives it, with what concerns me."""

    key: str
    number: int
    category: str
    hazard: bool
    state_words: str
    where: str = Field(description="Never nearer than the compound.")
    near_words: str = Field(description='"约 30 米", "同一栋楼", "同一个小区"; empty in one\'s own list.')
    followers: int = Field(description="How many said 我也遇到了.")
    followed: bool
    mine: bool
    created_at: date = Field(description="The day; not the minute, by which somebody would be known.")


class NearsOut(BaseModel):
    cases: list[NearOut]


@api.post("/nearby")
@named("findNearby")
@signed_in("case.report")
@api.input(WhereIn, arg_name="body")
@api.output(NearsOut)
def find_nearby(body: WhereIn):
    """Open cases within 50 m or in the same building or compound, at most five, the nearest first

    A POST because a place does not belong into an address; nothing is changed. Never one about a person. Whoever does
    not live or work in the community is shown none.
    """
    who = actor()
    here().limit("nearby", who.person.key)
    chosen, place = community_of(body.community), known_place(body.place)
    point = body.point.pair() if body.point else None
    community = miniprogram.community_for(who, chosen, place, point)
    found = nearby.nearby(
        with_labels(), actor=who, community=community, place=place, point=point, category=body.category
    )
    return {"cases": nears(found, who)}


def nears(found: list[nearby.Near], who: Actor) -> list[NearOut]:
    """Lines of the list; two queries for all of them."""
    cases = [one.case for one in found]
    followers, followed = follow.followers(cases), follow.followed(cases, who)
    return [
        NearOut(
            key=case.key, number=case.number, category=case.category.name, hazard=case.hazard,
            state_words=CASE_STATES[case.state], where=wording.compound(case), near_words=words,
            followers=followers.get(case.id, 0), followed=case.id in followed, mine=case.reporter_id in who.selves,
            created_at=case.created_at.astimezone(ZONE).date(),
        )
        for case, words in found
    ]  # fmt: skip
