"""Who read my data: the rows of the audit log about oneself (个人信息保护法 44 and 45: to know, and to look)."""

from datetime import UTC, datetime

from peewee import JOIN
from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import audit_scope, audit_words
from app.rules.clock import near
from app.rules.refusal import Refusal
from handlers.api.blueprint import api, named
from handlers.api.reading import Query
from models.audit import Audit
from models.base import now
from models.place import Place

PAGE = 30


class ReadersIn(Query):
    cursor: str | None = Field(
        default=None, max_length=40, pattern="^[0-9T:.Z-]+$", description="`next` of the page before.",
        examples=["2026-11-23T09:30:00.000000Z"],
    )  # fmt: skip


class ReaderOut(BaseModel):
    """One look at, or deed with, the person's data. Who it was is told by part and community, never by name."""

    at: datetime
    near: str
    part: str = Field(description="The part played: 网格员, 社区管理员, … or 系统.")
    community: str = Field(description="Where; empty when it belongs to none.")
    action: str = Field(description="A stable code, as case.read.")
    deed: str = Field(description="The same for people.")
    result: str = Field(description="done, refused, …; see `told`.")
    told: str = Field(description="The result for people.")
    reason: str = Field(description="Why, as the reader had to say; empty where none is asked for.")


class ReadersOut(BaseModel):
    readers: list[ReaderOut] = Field(description="The newest first.")
    next: str | None = Field(description="Pass it as `cursor` for what was before; null at the end.")


@api.get("/me/readers")
@named("readReaders")
@signed_in("me.readers")
@api.input(ReadersIn, location="query", arg_name="query")
@api.output(ReadersOut)
def read_readers(query: ReadersIn):
    """Who looked at or changed one's data, and why

    What one did oneself is not listed.
    """
    rows = Audit.select(Audit, Place).join(Place, JOIN.LEFT_OUTER, on=(Audit.community == Place.id), attr="community")
    rows = rows.where(audit_scope.about_oneself(actor()))
    if query.cursor is not None:
        rows = rows.where(Audit.at < _moment(query.cursor))
    found = list(rows.order_by(Audit.at.desc(), Audit.id.desc()).limit(PAGE + 1))
    page = found[:PAGE]
    if len(found) > PAGE:
        # Rows of the same microsecond stay together on the next page, for the cursor is a moment: a count or an id
        # would tell how much goes on elsewhere, or move when something is added.
        page = [row for row in page if row.at != found[PAGE].at] or page
    more = f"{page[-1].at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z" if len(found) > len(page) else None
    return {"readers": [_out(row) for row in page], "next": more}


def _moment(cursor: str) -> datetime:
    try:
        return datetime.fromisoformat(cursor).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("invalid", "有内容填得不对，请改正后再试。", {"cursor": "没有这一页"}) from None


def _out(row: Audit) -> ReaderOut:
    return ReaderOut(
        at=row.at, near=near(row.at, now()), part=audit_words.part(row.role) or audit_words.part("guest"),
        community=row.community.name if row.community_id else "", action=row.action,
        deed=audit_words.deed(row.action), result=row.result, told=audit_words.result(row.result), reason=row.reason,
    )  # fmt: skip
