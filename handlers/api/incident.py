"""上报突发事件: one tap, with or without anything else."""

from typing import Literal

from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import incident, wording
from handlers.api.blueprint import api, is_key, named
from handlers.api.case import PointIn
from handlers.api.once import answer_once
from handlers.api.reading import Body, MaybeOnce
from models.lifecycle import CASE_STATES
from models.place import Place

Kind = Literal[*incident.KINDS]  # type: ignore[valid-type]  # known at run time, from the table


class IncidentIn(Body):
    """An emergency. Nothing has to be given; what cannot be used is left out, never refused."""

    kind: Kind | None = Field(default=None, description="What it is; else by the words.")
    words: str = Field(default="", max_length=2000)
    community: str | None = Field(default=None, max_length=32)
    place: str | None = Field(default=None, max_length=32, description="Any place of GET /places.")
    place_words: str = Field(default="", max_length=120)
    point: PointIn | None = None
    photos: list[str] = Field(default=[], max_length=9, description="Keys of POST /photos.")


class NumberOut(BaseModel):
    number: str
    words: str


class IncidentOut(BaseModel):
    """What became of it."""

    warning: str = Field(description="Show it first, and large.")
    numbers: list[NumberOut] = Field(description="To dial with one tap.")
    text: str = Field(description="The whole answer; begins with the warning.")
    key: str = Field(description="Of the case, for GET /cases/{key}.")
    number: int
    category: str
    state: str
    state_words: str
    where: str
    told: int = Field(description="How many people were told at once, from the grid to the district.")
    again: bool = Field(description="The same tapped again within two minutes: it was added to the first.")


class IncidentKindOut(BaseModel):
    code: str
    words: str


class IncidentKindsOut(BaseModel):
    warning: str
    numbers: list[NumberOut]
    kinds: list[IncidentKindOut]


@api.get("/incidents/kinds")
@named("listIncidentKinds")
@signed_in("incident.raise")
@api.output(IncidentKindsOut)
def list_incident_kinds():
    """What one may tap, and the numbers to dial first"""
    kinds = [IncidentKindOut(code=code, words=words) for code, (words, _) in incident.KINDS.items()]
    return {"warning": incident.WARNING, "numbers": _numbers(), "kinds": kinds}


@api.post("/incidents")
@named("raiseIncident")
@signed_in("incident.raise")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(IncidentIn, arg_name="body")
@api.output(IncidentOut, 201)
def raise_incident(once: MaybeOnce, body: IncidentIn):
    """Report an emergency: grid workers, community, street and district are told at once

    Without a place the home counts, then the community last spoken with, then the reception desk; 422 `place_unknown`
    only when there is none of these: then ask for the community and send it again.
    """
    return answer_once(once, body, lambda: _raise(body), 201, limit="incidents")


def _raise(body: IncidentIn) -> IncidentOut:
    accounts = here().settings.wechat.accounts.values()
    found = incident.raise_(
        actor=actor(), kind=body.kind or "", words=body.words, place=_place(body.place), place_words=body.place_words,
        community=_place(body.community), point=body.point.pair() if body.point else None,
        photos=[key for key in body.photos if is_key(key)],
        default=next((one.community for one in accounts if one.community), ""),
    )  # fmt: skip
    case = found.case
    return IncidentOut(
        warning=incident.WARNING, numbers=_numbers(), text=incident.answer(found), key=case.key, number=case.number,
        category=case.category.name, state=case.state, state_words=CASE_STATES[case.state],
        where=wording.where(case), told=found.told, again=found.again,
    )  # fmt: skip


def _place(key: str | None) -> Place | None:
    """The place of a key; one that is gone or was never there loses nobody's report."""
    found = Place.get_or_none(Place.key == key, Place.active) if key and is_key(key) else None
    return found.community if found is not None and found.kind == "community" else found


def _numbers() -> list[NumberOut]:
    return [NumberOut(number=number, words=words) for number, words in incident.NUMBERS.items()]
