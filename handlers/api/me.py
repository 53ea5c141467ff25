"""The person who is signed in: name, phone, roles, homes."""

from datetime import timedelta
from typing import Literal

import peewee
from pydantic import Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import age, consent, person
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from app.rules.words import clean
from handlers.api.blueprint import api, named
from handlers.api.platform_code import code_refused
from handlers.api.reading import Body, Key
from handlers.api.shapes import HomeOut, MeOut, PersonOut, RoleOut
from models.base import now, write
from models.person import Person, Residence
from models.place import Place

#: How long a refused request for a household stays on the page.
REFUSAL_TOLD = timedelta(days=30)
AgeGroup = Literal[*age.GROUPS]  # type: ignore[valid-type]  # known at run time, from the rule


class RenameIn(Body):
    name: str = Field(min_length=1, max_length=32, description="How one wants to be called.")


class AgeIn(Body):
    group: AgeGroup
    person: Key | None = Field(default=None, description="Of a child one is the guardian of; by default oneself.")


class PhoneIn(Body):
    code: str = Field(min_length=1, max_length=128, description="What the phone-number button gave, good once.")


def me_of(who: Actor) -> MeOut:
    """The signed-in person as the API tells."""
    mine = Person.get_by_id(who.person.id)
    return MeOut(
        person=PersonOut.of(mine), roles=[RoleOut.of(role) for role in who.roles],
        homes=[HomeOut.of(row) for row in homes_of(who) if row.state == "confirmed"],
        age_group=mine.age_group, answers_for=bool(who.units),
    )  # fmt: skip


def homes_of(who: Actor) -> list[Residence]:
    """The person's households, bound, asked for and lately refused, the newest first, with their places: one query.

    A refusal is told for a month, or until one asks for that household again.
    """
    community, newer = Place.alias(), Residence.alias()
    again = newer.select(newer.id).where(
        newer.person == who.person, newer.household == Residence.household, newer.id > Residence.id
    )
    told = (Residence.state == "refused") & (Residence.ended_at > now() - REFUSAL_TOLD) & ~peewee.fn.EXISTS(again)
    return list(
        Residence.select(Residence, Place, community)
        .join(Place)
        .join(community, on=(Place.community == community.id), attr="community")
        .where(Residence.person == who.person, Residence.ended_at.is_null() | told)
        .order_by(Residence.id.desc())
        .limit(50)
    )


@api.get("/me")
@named("readMe")
@signed_in("me.read")
@api.output(MeOut)
def read_me():
    """Who one is here"""
    return me_of(actor())


@api.put("/me/name")
@named("renameMe")
@signed_in("me.write")
@api.input(RenameIn, arg_name="body")
@api.output(MeOut)
def rename_me(body: RenameIn):
    """Say how one wants to be called"""
    consent.need_guardian(actor().person)
    with write():
        person.rename(actor().person, clean(body.name, 32), actor())
    return me_of(actor())


@api.post("/me/phone")
@named("setPhone")
@signed_in("me.write")
@api.input(PhoneIn, arg_name="body")
@api.output(MeOut)
def set_phone(body: PhoneIn):
    """Keep the phone number that WeChat vouches for

    422 `consent_missing` until one has agreed to `phone`.
    """
    consent.need(actor().person, "phone")
    here().limit("login", "phone", actor().person.key)
    identity = person.mini_identity(actor().person)
    with code_refused():
        found = here().account_of(identity.account).phone_number(body.code, identity.openid)
    with write():
        person.set_phone(actor().person, found.number, actor())
    return me_of(actor())


@api.post("/me/age")
@named("tellAge")
@signed_in("me.write")
@api.input(AgeIn, arg_name="body")
@api.output(MeOut)
def tell_age(body: AgeIn):
    """Say in which of three age groups one is; asked once, never a date of birth"""
    whom = actor().person
    if body.person not in (None, whom.key):
        whom = Person.get_or_none(Person.key == body.person)
        if whom is None:
            raise NotFound()
    with write():
        age.tell(whom, body.group, actor=actor())
    return me_of(actor())
