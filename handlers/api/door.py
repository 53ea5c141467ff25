"""The home page of the mini-program in one request: what is new at my door."""

import peewee
from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import door, notice
from app.rules.actor import Actor
from handlers.api.blueprint import api, named
from handlers.api.case import briefs, mine_as, with_labels
from handlers.api.case_shapes import CaseBrief
from handlers.api.notice import NoticeBrief
from handlers.api.notice import brief as notice_brief
from handlers.api.shapes import PlaceOut
from models.base import now
from models.case import Case
from models.lifecycle import CASE_OPEN

#: So many of each stand on the page; the rest is a tap away.
FEW = 3


class PhoneOut(BaseModel):
    name: str
    phone: str


class DoorOut(BaseModel):
    place: PlaceOut | None = Field(description="The household lived in, else where one is on duty; null: none yet.")
    community: PlaceOut | None
    greeting: str
    notices: list[NoticeBrief] = Field(description="At most three: what is unread of late, then the newest.")
    cases: list[CaseBrief] = Field(description="At most three of one's own: what waits for one's judgement first.")
    judge: int = Field(description="How many of one's own cases wait for one's judgement.")
    follows: int = Field(description="How many open cases of others one follows.")
    tasks: int = Field(description="How many tasks wait, on duty; else 0.")
    staff: bool = Field(description="Whether tasks can wait for one at all.")
    phone_110: list[PhoneOut] = Field(description="What one calls in an emergency.")
    hotline: PhoneOut | None = Field(description="The community's own telephone.")


@api.get("/door")
@named("readDoor")
@signed_in("me.read")
@api.output(DoorOut)
def read_door():
    """What is new at my door: everything the home page shows"""
    who, moment = actor(), now()
    place = door.place_of(who)
    community = place.community if place is not None and place.community_id else None
    phone = door.hotline(community)
    return DoorOut(
        place=PlaceOut.of(place) if place else None, community=PlaceOut.of(community) if community else None,
        greeting=door.greeting(who.person, moment),
        notices=[notice_brief(row, bool(row.seen), moment) for row in notice.newest(who, most=FEW)],
        cases=briefs(_first_cases(who), who, moment), staff=door.on_duty(who),
        phone_110=[PhoneOut(name=name, phone=digits) for name, digits in door.EMERGENCY],
        hotline=PhoneOut(**phone) if phone else None, **door.counts(who),
    )  # fmt: skip


def _first_cases(who: Actor) -> peewee.ModelSelect:
    """Own cases: what waits for one's judgement, what is being done, then what has ended; of each the newest first."""
    order = peewee.Case(None, [(Case.state == "handled", 0), (Case.state.in_(CASE_OPEN), 1)], 2)
    return with_labels().where(mine_as("reported", who)).order_by(order, Case.id.desc()).limit(FEW)
