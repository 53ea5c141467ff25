"""More time for a case: ask for an extension or a hold, and read its ledger."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import delay, extension, rights
from app.rules.clock import beginning, day, near
from handlers.api.blueprint import api, named
from handlers.api.case import visible_case
from handlers.api.once import answer_once
from handlers.api.reading import Body, MaybeOnce
from handlers.api.verb import Day
from models.base import now
from models.case import Case
from models.extension import KINDS, Extension


class DelayIn(Body):
    """Only for a case that is being handled and not yet overdue."""

    kind: Literal["extension", "hold"] = Field(description="extension 延期: one more original limit; hold 挂账.")
    reason: str = Field(max_length=400, description="4 to 200 characters. The reporter reads it.")
    until: Day | None = Field(default=None, description="For a hold: the day on which it goes on by itself.")


class DelayOut(BaseModel):
    done: bool = Field(description="Whether it holds already; else a second person has to agree.")
    approval: str | None = Field(description="The key of the request, while it waits for the second person.")
    words: str = Field(description="What to tell who asked.")


class ExtensionOut(BaseModel):
    key: str
    kind: str
    kind_words: str
    reason: str
    from_due: datetime | None
    to_due: datetime | None
    until: datetime | None = Field(description="A hold: the day planned.")
    resumed_at: datetime | None
    words: str = Field(description='"延期到 12月1日 17:30" or "挂账到 2027年1月5日"')
    at: datetime
    near: str


class ExtensionsOut(BaseModel):
    extensions: list[ExtensionOut] = Field(description="What was agreed to, the oldest first; three at most.")
    waiting: list[str] = Field(description="Kinds that wait for a second person.")
    kinds: list[str] = Field(description="What this viewer may ask for now: extension, hold.")


@api.post("/cases/<key>/extension")
@named("askForTime")
@signed_in("case.visit")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(DelayIn, arg_name="body")
@api.output(DelayOut)
def ask_for_time(key: str, once: MaybeOnce, body: DelayIn):
    """Extend the time limit of a case, or put it on hold 挂账

    Of the community two persons agree; the street decides alone. 409 when it is overdue, was extended twice or held
    before, is a hazard not made safe, is not being handled, or waits for agreement already; 422 without a reason.
    """
    return answer_once(once, body, lambda: _ask(visible_case(key), body))


@api.get("/cases/<key>/extensions")
@named("listExtensions")
@signed_in("case.visit")
@api.output(ExtensionsOut)
def list_extensions(key: str):
    """The ledger of a case: its extensions and its hold

    For whoever may read the case. Who asked and who agreed stands in the ledger of the desk.
    """
    case, moment = visible_case(key), now()
    rows = Extension.select().where(Extension.case == case).order_by(Extension.id)
    able = [kind for kind, action in delay.ACTIONS.items() if rights.may(actor(), action, case=case)]
    return ExtensionsOut(
        extensions=[_row(row, moment) for row in rows],
        waiting=[kind for kind in KINDS if able and delay.waiting(case, kind)],
        kinds=[kind for kind in able if extension.open_to(case, kind)],
    )


def _ask(case: Case, body: DelayIn) -> DelayOut:
    until = beginning(body.until) if body.until else None
    row = delay.ask(case, actor=actor(), kind=body.kind, reason=body.reason, until=until)
    if row is not None:
        return DelayOut(done=False, approval=row.key, words="已提出，另一位同志复核后生效；过了办结时限就不能同意了。")
    return DelayOut(done=True, approval=None, words=f"已{KINDS[body.kind]}，已告知居民。")


def _row(row: Extension, moment: datetime) -> ExtensionOut:
    words = f"挂账到 {day(row.until)}" if row.kind == "hold" else f"延期到 {near(row.to_due, moment)}"
    return ExtensionOut(
        key=row.key, kind=row.kind, kind_words=KINDS[row.kind], reason=row.reason, from_due=row.from_due,
        to_due=row.to_due, until=row.until, resumed_at=row.resumed_at, words=words, at=row.created_at,
        near=near(row.created_at, moment),
    )  # fmt: skip
