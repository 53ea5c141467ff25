"""What the law gives everybody over the own data: a copy, and to be forgotten, without asking anybody."""

from datetime import datetime
from typing import Any

from flask import Response
from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import personal
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.once import answer_once
from handlers.api.reading import Key, MaybeOnce, Query
from models.base import now, write
from models.delegation import principals_of
from models.lifecycle import DATA_REQUEST_STATES
from models.person import Identity, Person
from models.personal import DataRequest

ZIP: dict[int | str, Any] = {
    200: {
        "description": "data.json, 说明.txt, photos and voices.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class WhoseIn(Query):
    person: Key | None = Field(
        default=None, description="Somebody without WeChat one acts for, confirmed; by default oneself."
    )


class RequestOut(BaseModel):
    """One wish; `key` is its receipt number."""

    key: str
    kind: str = Field(description="export or erase")
    state: str = Field(description="asked, doing, done, withdrawn or refused")
    state_words: str
    asked_at: datetime
    due_at: datetime = Field(description="By when it is done.")
    undo_until: datetime | None = Field(description="Until when an erasure can be taken back.")
    done_at: datetime | None
    file_until: datetime | None = Field(description="Until when the copy can be fetched.")
    fetched_at: datetime | None
    proof: dict = Field(description="What was done: counts by kind, and the sha256 of the copy.")

    @classmethod
    def of(cls, row: DataRequest) -> "RequestOut":
        return cls(
            key=row.key, kind=row.kind, state=row.state, state_words=DATA_REQUEST_STATES[row.state],
            asked_at=row.asked_at, due_at=row.due_at, done_at=row.done_at, fetched_at=row.fetched_at,
            undo_until=personal.begins_at(row) if row.kind == "erase" and row.state == "asked" else None,
            file_until=row.file_until if row.file else None, proof=row.proof,
        )  # fmt: skip


class RequestsOut(BaseModel):
    requests: list[RequestOut]


@api.get("/me/requests")
@named("listMyRequests")
@signed_in("me.read")
@api.input(WhoseIn, location="query", arg_name="query")
@api.output(RequestsOut)
def list_my_requests(query: WhoseIn):
    """What one asked to be done with the own data, the newest first, at most fifty"""
    return {"requests": [RequestOut.of(row) for row in personal.requests_of(_whose(query.person))]}


@api.post("/me/exports")
@named("exportMe")
@signed_in("me.export")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(WhoseIn, location="query", arg_name="query")
@api.output(RequestOut, 201)
def export_me(once: MaybeOnce, query: WhoseIn):
    """Ask for a copy of everything that is kept about oneself

    It is made within minutes; then it can be fetched for a day. While one is being made, this gives that one again.
    """
    who, whom = actor(), _whose(query.person)
    return answer_once(
        once, _sent(query), lambda: RequestOut.of(personal.ask_export(whom, actor=who)), 201, limit="exports"
    )  # fmt: skip


@api.get("/me/exports/<key>/file")
@api.doc(operation_id="readMyCopy", security="bearer", responses=ZIP)
@signed_in("me.export")
def read_my_copy(key: str):
    """Fetch the own copy, a ZIP

    404 while it is being made, after a day, and for anybody else.
    """
    row = the(DataRequest, key)
    mine = row.person_id == actor().person.id or (
        row.asked_by_id == actor().person.id and row.person_id in _acted_for()
    )
    if not mine or row.kind != "export" or row.file is None or row.file_until <= now():
        raise NotFound()
    if not here().files.exists(row.file):
        raise NotFound()
    response = Response(here().files.get(row.file), mimetype="application/zip")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    with write():
        personal.fetched(row, actor=actor())
    return response


@api.post("/me/erasure")
@named("eraseMe")
@signed_in("me.erase")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(WhoseIn, location="query", arg_name="query")
@api.output(RequestOut, 201)
def erase_me(once: MaybeOnce, query: WhoseIn):
    """Ask to be forgotten

    Done within a day; until `undo_until` it can be taken back. Open cases go on without their reporter: name and
    numbers are cut out of the words, and the point is rounded to about 100 m unless it is a hazard. Refused for whoever
    is on duty (`still_on_duty`).
    """
    who, whom = actor(), _whose(query.person)
    return answer_once(once, _sent(query), lambda: RequestOut.of(personal.ask_erasure(whom, actor=who)), 201)


@api.delete("/me/erasure")
@named("keepMe")
@signed_in("me.erase")
@api.input(WhoseIn, location="query", arg_name="query")
@api.output(RequestOut)
def keep_me(query: WhoseIn):
    """Take back the wish to be forgotten"""
    whom = _whose(query.person)
    with write():
        return RequestOut.of(personal.withdraw_erasure(whom, actor=actor()))


def _acted_for() -> dict[int, Person]:
    """Whom one acts for and who has no phone to ask on: whoever has WeChat asks alone."""
    found = {one.id: one for one in principals_of(actor().person)}
    alone = Identity.select(Identity.person).where(Identity.person.in_(list(found)))
    return {key: one for key, one in found.items() if key not in {row.person_id for row in alone}}


def _whose(key: str | None) -> Person:
    """Oneself, or somebody without WeChat one acts for. Raises NotFound for anybody else."""
    mine = actor().person
    if key is None or key == mine.key:
        return mine
    found = next((one for one in _acted_for().values() if one.key == key), None)
    if found is None:
        raise NotFound()
    return found


def _sent(query: WhoseIn) -> bytes:
    """What tells one request from another: for whom it is."""
    return (query.person or "").encode()
