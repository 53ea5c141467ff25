"""The talk with the community inside the mini-program: the same lines as in the chat, heard by the same bot."""

from datetime import datetime

from peewee import JOIN
from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import miniprogram
from app.rules.clock import near
from app.rules.person import mini_identity
from app.rules.refusal import Refusal
from handlers.api.blueprint import api, named
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once, Query
from handlers.api.shapes import PhotoOut
from models.base import now
from models.case import Case, Photo
from models.conversation import Conversation, Line
from models.person import Identity, Person

PAGE = 50
AUTHORS = {"resident": "我", "community": "社区", "bot": "小助手"}


class PageIn(Query):
    cursor: Key | None = Field(default=None, description="`earlier` of the page before.")


class SayIn(Body):
    text: str = Field(min_length=1, max_length=2000)


class ShowIn(Body):
    photo: Key


class LineOut(BaseModel):
    key: str
    author: str = Field(description="resident, community or bot.")
    who: str = Field(description="The same for people; never a name of staff.")
    kind: str
    text: str
    photo: PhotoOut | None
    case: str | None = Field(description="The key of the case it is about.")
    number: int | None
    at: datetime
    near: str


class TalkOut(BaseModel):
    lines: list[LineOut] = Field(description="The newest last.")
    earlier: str | None = Field(description="Pass it as `cursor` for what was said before; null at the beginning.")


class SaidOut(BaseModel):
    line: LineOut
    reply: LineOut | None = Field(description="What the bot says to it; null when a human will answer.")


@api.get("/conversation")
@named("readConversation")
@signed_in("conversation.read")
@api.input(PageIn, location="query", arg_name="query")
@api.output(TalkOut)
def read_conversation(query: PageIn):
    """One's talk with the community, the newest lines first by page and last on the page"""
    talks = _talks()
    if not talks:
        return {"lines": [], "earlier": None}
    rows = _lines().where(Line.conversation.in_(talks))
    if query.cursor:
        rows = rows.where(Line.id < _before(talks, query.cursor))
    found = list(rows.order_by(Line.id.desc()).limit(PAGE + 1))
    page = found[:PAGE][::-1]
    return {"lines": [line_of(row) for row in page], "earlier": page[0].key if len(found) > PAGE else None}


def _talks() -> list[int]:
    """The newest talk under the own name, and those under the aliases of one's anonymous reports."""
    me, aliases = actor().person, actor().aliases
    mine = Conversation.select().where(Conversation.person.in_([me.id, *aliases]))
    found = list(mine.order_by(Conversation.last_at.desc(), Conversation.id.desc()))
    named = [talk.id for talk in found if talk.person_id == me.id]
    return named[:1] + [talk.id for talk in found if talk.person_id in aliases]


def _lines():
    return (
        Line.select(Line, Photo, Case)
        .join(Photo, JOIN.LEFT_OUTER, on=(Line.photo == Photo.id), attr="photo")
        .switch(Line)
        .join(Case, JOIN.LEFT_OUTER, on=(Line.case == Case.id), attr="case")
    )


def _before(talks: list[int], cursor: str) -> int:
    row = Line.get_or_none(Line.conversation.in_(talks), Line.key == cursor)
    if row is None:
        raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"cursor": "没有这一页"})
    return row.id


def line_of(row: Line) -> LineOut:
    """A line as its resident sees it."""
    viewer: Person = actor().person
    return LineOut(
        key=row.key, author=row.author, who=AUTHORS[row.author], kind=row.kind, text=row.text,
        photo=PhotoOut.of(row.photo, viewer) if row.photo_id else None, case=row.case.key if row.case_id else None,
        number=row.case.number if row.case_id else None, at=row.at, near=near(row.at, now()),
    )  # fmt: skip


@api.post("/conversation/lines")
@named("say")
@signed_in("conversation.speak")
@api.input(Once, location="headers", arg_name="once")
@api.input(SayIn, arg_name="body")
@api.output(SaidOut, 201)
def say(once: Once, body: SayIn):
    """Say something: a report, an addition, or a word to a human"""
    text = body.text
    return answer_once(
        once, body, lambda: _heard(miniprogram.speak, text=text), 201, limit=lambda: _count(text),
        about=lambda said: said.line.case,
    )  # fmt: skip


@api.post("/conversation/photos")
@named("showPhoto")
@signed_in("conversation.speak")
@api.input(Once, location="headers", arg_name="once")
@api.input(ShowIn, arg_name="body")
@api.output(SaidOut, 201)
def show_photo(once: Once, body: ShowIn):
    """Send an uploaded photo, before, with or after the words"""
    return answer_once(once, body, lambda: _heard(miniprogram.show, photo=body.photo), 201, limit=_count)


def _count(words: str = "") -> None:
    home = actor().home
    often("lines", home.community if home else None, words)


def _heard(deed, **said: str) -> SaidOut:
    identity: Identity = mini_identity(actor().person)
    default = here().settings.wechat.accounts[identity.account].community
    line, reply = deed(identity, actor=actor(), default=default, moment=now(), **said)
    kept = _lines().where(Line.id == line.id).get()
    return SaidOut(line=line_of(kept), reply=line_of(reply) if reply else None)
