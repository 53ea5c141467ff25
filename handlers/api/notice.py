"""Notices: what the community tells those who live in a place."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import notice, rights
from app.rules.clock import near
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, is_key, named, the
from handlers.api.reading import Key, Query, Whole
from handlers.api.shapes import PlaceOut
from models.base import now, write
from models.notice import KINDS, Notice, NoticeReading
from models.place import Place


class NoticesIn(Query):
    community: Key | None = Field(default=None, description="Of one community; else of all that concern one.")
    cursor: Key | None = Field(default=None, description="`next` of the page before.")
    limit: Whole = Field(default=20, ge=1, le=50)


class NoticeBrief(BaseModel):
    """A notice in a list."""

    key: str
    kind: str = Field(description="water_power, safety, meeting, affairs or life.")
    kind_words: str
    title: str
    summary: str = Field(description="The beginning of the text, at most 80 characters.")
    place: PlaceOut = Field(description="Everybody in it is addressed: a community, a compound or a building.")
    urgent: bool
    published_at: datetime
    near: str = Field(description='When, as one says it now: "今天 17:30".')
    read: bool
    withdrawn: bool = Field(description="It was taken back: do not rely on it.")


class NoticesOut(BaseModel):
    notices: list[NoticeBrief]
    next: str | None = Field(description="Pass it as `cursor` for what is older; null at the end.")


class NoticeOut(NoticeBrief):
    body: str
    publisher: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    corrects: str | None = Field(description="The key of the notice whose place this one takes.")
    corrected_by: str | None = Field(description="The key of the notice that takes the place of this one.")


def brief(row: Notice, read: bool, moment: datetime) -> NoticeBrief:
    """A line of a list; the notice comes with its place."""
    return NoticeBrief(**_brief(row, read, moment))


def _brief(row: Notice, read: bool, moment: datetime) -> dict:
    return dict(
        key=row.key, kind=row.kind, kind_words=KINDS[row.kind], title=row.title, summary=notice.summary(row),
        place=PlaceOut.of(row.place), urgent=row.urgent, published_at=row.published_at, read=read,
        near=near(row.published_at, moment), withdrawn=row.state == "withdrawn",
    )  # fmt: skip


@api.get("/notices")
@named("listNotices")
@signed_in("notice.read")
@api.input(NoticesIn, location="query", arg_name="query")
@api.output(NoticesOut)
def list_notices(query: NoticesIn):
    """Notices for where one lives, or for a community one serves, the newest first

    With `community` those on its board: what is for all of it, and what concerns one.
    """
    who = actor()
    shown = notice.addressed_to(who)
    if query.community is not None:
        community = the(Place, query.community)
        if community.kind != "community" or not rights.may(who, "notice.read", community=community):
            raise NotFound()
        shown = notice.board_of(community, who)
    wanted = notice.listed(who, shown)
    if query.cursor:
        before = Notice.get_or_none(Notice.key == query.cursor, shown) if is_key(query.cursor) else None
        if before is None:
            raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"cursor": "没有这一页"})
        wanted = wanted.where(Notice.id < before.id)
    rows, moment = list(wanted.order_by(Notice.id.desc()).limit(query.limit + 1)), now()
    page = rows[: query.limit]
    return {
        "notices": [brief(row, bool(row.seen), moment) for row in page],
        "next": page[-1].key if len(rows) > len(page) else None,
    }


@api.get("/notices/<key>")
@named("readNotice")
@signed_in("notice.read")
@api.output(NoticeOut)
def read_notice(key: str):
    """One notice; opening it marks it as read

    Anybody may read it, as on a notice board, also when it is for another building: a neighbour may share it.
    """
    who, row = actor(), the(Notice, key)
    if not rights.may(who, "notice.read", community=row.community):
        raise NotFound()
    if not NoticeReading.select().where(NoticeReading.notice == row, NoticeReading.person == who.person).exists():
        with write():
            notice.read(row, actor=who)
    later = Notice.select(Notice.key).where(Notice.corrects == row).first()
    return NoticeOut(
        **_brief(row, True, now()), body=row.body, publisher=notice.publisher(row.community),
        withdrawn_at=row.withdrawn_at, withdrawn_reason=row.withdrawn_reason,
        corrects=row.corrects.key if row.corrects_id else None, corrected_by=later.key if later else None,
    )  # fmt: skip
