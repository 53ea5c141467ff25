"""What one is asked to agree to, what one has answered, and answering: the same way for yes, no and taking it back."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.guard import actor, guarded, signed_in
from app.rules import consent
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named
from handlers.api.reading import Body, Key, Query
from models.base import now, write
from models.consent import ConsentText
from models.delegation import agents_of
from models.person import Person

Kind = Literal[*consent.KINDS]  # type: ignore[valid-type]  # known at run time, from the rule
Answer = Literal[*consent.ANSWERS]  # type: ignore[valid-type]


class TextOut(BaseModel):
    kind: str = Field(description="privacy, location, phone or child.")
    version: int
    title: str
    text: str
    sensitive: bool = Field(description="Sensitive data: asked for on its own (PIPL 29).")
    published_at: datetime

    @classmethod
    def of(cls, row: ConsentText) -> "TextOut":
        return cls(
            kind=row.kind, version=row.version, title=row.title, text=row.text, sensitive=row.sensitive,
            published_at=row.published_at,
        )  # fmt: skip


class TextsOut(BaseModel):
    texts: list[TextOut]


class ConsentOut(BaseModel):
    kind: str
    version: int = Field(description="The version in force, which an answer must name.")
    state: str = Field(description="given, refused, withdrawn, or not_asked: nothing was answered to this version.")
    may_ask: bool = Field(description="Whether a screen may ask unprompted: not within 30 days after a no.")
    answered_at: datetime | None
    by_another: bool = Field(description="Whether a guardian or family member answered.")


class ConsentsOut(BaseModel):
    consents: list[ConsentOut]


class WhoseIn(Query):
    person: Key | None = Field(default=None, description="Of somebody one acts for; by default one's own.")


class AnswerIn(Body):
    kind: Kind
    version: int = Field(ge=1, le=32767)
    answer: Answer
    person: Key | None = Field(default=None, description="For somebody one acts for, as a child; by default oneself.")


@api.get("/consents/texts")
@api.doc(operation_id="listConsentTexts")
@guarded("consent.text")
@api.output(TextsOut)
def list_consent_texts():
    """What people are asked to agree to, in force now"""
    return {"texts": [TextOut.of(row) for row in consent.texts()]}


@api.get("/consents")
@named("listConsents")
@signed_in("consent.read")
@api.input(WhoseIn, location="query", arg_name="query")
@api.output(ConsentsOut)
def list_consents(query: WhoseIn):
    """How one has answered, and what may be asked"""
    return {"consents": _answers(whose(query.person))}


@api.post("/consents")
@named("answerConsent")
@signed_in("consent.write")
@api.input(AnswerIn, arg_name="body")
@api.output(ConsentsOut)
def answer_consent(body: AnswerIn):
    """Agree, refuse or take it back

    409 `consent_outdated` when a newer text is in force: show it and ask again.
    """
    person = whose(body.person)
    with write():
        consent.answer(
            person, actor=actor(), kind=body.kind, version=body.version, answer=body.answer, channel="miniprogram"
        )
    return {"consents": _answers(person)}


def whose(key: str | None) -> Person:
    """Oneself, or the person of that key if one may act for this person. Raises NotFound."""
    mine = actor().person
    if key is None or key == mine.key:
        return mine
    found = Person.get_or_none(Person.key == key)
    if found is None or mine.id not in {one.id for one in agents_of(found)}:
        raise NotFound()
    return found


def _answers(person: Person) -> list[ConsentOut]:
    last, moment = consent.answers_of(person), now()
    return [_one(text, last.get(text.kind), moment) for text in consent.texts()]


def _one(text: ConsentText, last, moment: datetime) -> ConsentOut:
    state = consent.state_of(text, last)
    return ConsentOut(
        kind=text.kind, version=text.version, state=state, may_ask=consent.may_ask(text, last, moment),
        answered_at=last.at if last else None, by_another=bool(last and last.answered_by_id),
    )  # fmt: skip
