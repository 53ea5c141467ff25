"""What goes out, by allow-list: a field that is not named here never leaves the API. Times are UTC."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.links import photo_links, voice_link
from app.rules import mask
from app.rules.reading import BudgetSpent, Known, masked_person
from handlers.api.reading import Body
from models.case import Photo
from models.category import Category
from models.person import Person, Residence
from models.place import Place
from models.role import ROLES, Role
from models.voice import Voice


class PlaceOut(BaseModel):
    key: str
    kind: str = Field(description="district … household, see models.place.LEVELS.")
    name: str
    label: str = Field(description="The whole way down, for people.")

    @classmethod
    def of(cls, place: Place) -> "PlaceOut":
        return cls(key=place.key, kind=place.kind, name=place.name, label=place.label)


class PlacesOut(BaseModel):
    places: list[PlaceOut]


class CategoryOut(BaseModel):
    code: str
    name: str
    zone: str
    hazard: bool
    emergency: bool = Field(description="Call 110 / 119 / 120 first; `advice` says so.")
    advice: str

    @classmethod
    def of(cls, row: Category) -> "CategoryOut":
        return cls(
            code=row.code, name=row.name, zone=row.zone, hazard=row.hazard, emergency=row.emergency, advice=row.advice
        )


class PersonOut(BaseModel):
    key: str
    name: str
    phone_masked: str = Field(description='"138****0001", empty without one.')

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        return cls(key=person.key, name=person.name, phone_masked=mask.phone(person.phone))

    @classmethod
    def known(cls, known: Known) -> "PersonOut":
        """Somebody as the viewer may know this person."""
        return cls(key=known.key, name=known.name, phone_masked=known.phone)

    @classmethod
    def hidden(cls, person: Person) -> "PersonOut":
        """Somebody as staff see a person by default."""
        return cls.known(masked_person(person))


class KnownOut(BaseModel):
    """Somebody unmasked, for a reason that the person can read."""

    name: str
    phone: str
    door: str

    @classmethod
    def told(cls, known: Known | None) -> "KnownOut":
        """What was revealed. Raises BudgetSpent when nothing was."""
        if known is None:
            raise BudgetSpent()
        return cls(name=known.name, phone=known.phone, door=known.door)


class ReasonIn(Body):
    reason: str = Field(min_length=1, max_length=200, description="Why it must be seen; the person can read it.")


class RoleOut(BaseModel):
    kind: str
    name: str
    place: PlaceOut

    @classmethod
    def of(cls, role: Role) -> "RoleOut":
        return cls(kind=role.kind, name=ROLES[role.kind], place=PlaceOut.of(role.place))


class HomeOut(BaseModel):
    """A household somebody lives in, or asks to be bound to (`state` asked, confirmed, refused)."""

    key: str
    relation: str
    state: str
    household: PlaceOut
    community: PlaceOut

    @classmethod
    def of(cls, row: Residence) -> "HomeOut":
        household = row.household
        return cls(
            key=row.key, relation=row.relation, state=row.state, household=PlaceOut.of(household),
            community=PlaceOut.of(household.community),
        )  # fmt: skip


class HomesOut(BaseModel):
    homes: list[HomeOut]


class MeOut(BaseModel):
    person: PersonOut
    roles: list[RoleOut]
    homes: list[HomeOut]
    age_group: str = Field(description="adult, teen (14 to 17), child (under 14); empty: not said yet, ask once.")
    answers_for: bool = Field(description="Answers for a unit: GET /subcases may hold what it was asked.")


class LinksOut(BaseModel):
    """Paths on this host, good for some minutes and for the viewer they were made for."""

    full: str
    thumb: str


class PhotoOut(BaseModel):
    key: str
    kind: str = Field(description="What it shows: report, before, safe, after, chat.")
    width: int
    height: int
    links: LinksOut

    @classmethod
    def of(cls, photo: Photo, viewer: Person) -> "PhotoOut":
        return cls(
            key=photo.key, kind=photo.kind, width=photo.width, height=photo.height,
            links=LinksOut(**photo_links(photo, viewer)),
        )  # fmt: skip


class VoiceOut(BaseModel):
    """A recording; the link is a path on this host, good for some minutes and for the viewer it was made for."""

    key: str
    seconds: int
    link: str

    @classmethod
    def of(cls, voice: Voice, viewer: Person) -> "VoiceOut":
        return cls(key=voice.key, seconds=voice.seconds, link=voice_link(voice, viewer))


class WorkerOut(BaseModel):
    key: str
    name: str


class WorkersOut(BaseModel):
    workers: list[WorkerOut]


class SessionOut(BaseModel):
    key: str
    door: str = Field(description="`api` is the mini-program, `console` the desk.")
    way: str = Field(description="How it was opened: wechat, qr, password or setup; empty when that is not known.")
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool


class SessionsOut(BaseModel):
    sessions: list[SessionOut]
