"""The audit log at the desk: who did, was refused or read what, whether its chain holds, and a file to carry away."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import peewee
from flask import render_template, request, stream_with_context
from werkzeug.wrappers import Response

from app.context import here
from app.guard import actor, at_desk
from app.rules import audit, audit_scope, audit_words, chain, mask, rights
from app.rules.actor import Actor
from app.rules.clock import ZONE
from app.rules.refusal import Refusal
from app.rules.refused import parts_of
from models.audit import Audit
from models.base import write
from models.case import Case
from models.person import Person
from models.place import Place

PAGE = 50
#: Links that are checked each time somebody looks; the whole chain is checked once a day (app/jobs/seal.py).
CHECKED = 500
#: Rows in one file.
MOST = 100_000
NOBODY = "没有留名的人"
FAULTS = {
    "changed": "第 {} 条与它的哈希不符，可能被改动过",
    "missing": "第 {} 条的内容不见了",
    "gap": "第 {} 条缺失",
    "head": "到第 {} 条为止与公布过的链头不同",
}


@at_desk("audit.read")
def index() -> str:
    """The rows this person may read, the newest first, by what was chosen above the list."""
    who = actor()
    with write():
        audit.read("audit.read", actor=who, community=_own_place(who), subject="")
    query = _rows().where(audit_scope.visible(who), *_chosen())
    before = request.args.get("before", type=int)
    if before is not None and abs(before) < 2**31:
        query = query.where(Audit.id < before)
    found = list(query.order_by(Audit.id.desc()).limit(PAGE + 1))
    rows = found[:PAGE]
    return render_template(
        "console/audit.html", rows=rows, more=rows[-1].id if found[PAGE:] else None, words=audit_words,
        cases=_cases(who, rows), named=_named, moment=_moment, may_export=rights.may(who, "audit.export"),
        **_standing(),
    )  # fmt: skip


def _own_place(who: Actor) -> Place | None:
    return next(iter(parts_of(who)), None)


def _rows() -> "peewee.ModelSelect[Audit]":
    """Rows with who it was, whose data it was about, and the community: one query."""
    about = Person.alias()
    return (
        Audit.select(Audit, Person, about, Place)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(Audit.person == Person.id), attr="person")
        .switch(Audit)
        .join(about, peewee.JOIN.LEFT_OUTER, on=(Audit.about == about.id), attr="about")
        .switch(Audit)
        .join(Place, peewee.JOIN.LEFT_OUTER, on=(Audit.community == Place.id), attr="community")
    )


def _chosen() -> list[peewee.Expression]:
    """What was asked for: a deed, a result, somebody (the full name, or the key behind a name in the list), a day."""
    asked, found = request.args, []
    if asked.get("action"):
        found.append(Audit.action == asked["action"][:40])
    if asked.get("result"):
        found.append(Audit.result == asked["result"][:12])
    if asked.get("who"):
        name = asked["who"].replace("\0", "")[:32].strip()
        found.append((Person.key == name) | (Person.name == name))
    day = _day(asked.get("day", ""))
    if day:
        begin = datetime.combine(day, datetime.min.time(), ZONE)
        found.append((Audit.at >= begin) & (Audit.at < begin + timedelta(days=1)))
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = None
    return day if day and 2000 <= day.year < 3000 else None


def _cases(who: Actor, rows: list[Audit]) -> dict[str, Case]:
    """The cases among the subjects that this person may read, by key: they are shown by number, with a link."""
    keys = {row.subject for row in rows if row.subject}
    return {case.key: case for case in Case.select().where(Case.key.in_(list(keys)), rights.readable_cases(who))}


def _named(person: Person) -> str:
    return mask.name(person.name) or NOBODY


def _moment(at: datetime) -> str:
    """When, to the second, with its offset: what is copied from here is still clear elsewhere."""
    return at.astimezone(ZONE).isoformat(" ", "seconds")


def _standing() -> dict:
    """Where the chain ends, what of it was published, whether its end holds, and the last look at all of it."""
    fault = chain.verify(CHECKED)
    checks = Audit.select().where(Audit.person.is_null(), Audit.action == "audit.check").order_by(Audit.at.desc())
    end = chain.end()
    return {
        "end": end, "head": chain.published(), "checked": min(CHECKED, end.position), "last_check": checks.first(),
        "fault": FAULTS[fault.why].format(fault.position) if fault else "",
        "files": [(after, min(after + MOST, end.position)) for after in range(0, end.position, MOST)],
    }  # fmt: skip


@at_desk("audit.export")
def export() -> Response:
    """One file of the chain after a position (`?after=`): every link, and of the rows those this person may read.

    A row that is not theirs to read is there as its digest alone, so that the chain can be checked whole
    (app/verify_audit.py). The file itself is noted in the log.
    """
    who = actor()
    here().limit("exports", "audit", who.person.key)
    end = chain.end().position
    after = request.args.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 10 and int(after) <= end):
        raise Refusal("invalid", f"请从第 0 到 {end} 条之间选起点。", {"after": "没有这一条"})
    until = min(int(after) + MOST, end)
    with write():
        audit.note("audit.export", actor=who, community=_own_place(who), begin=int(after) + 1, until=until)
    name = f"audit-{int(after) + 1}-{until}.jsonl"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    lines = stream_with_context(_lines(int(after), until, audit_scope.visible(who, "audit.export")))
    return Response(lines, mimetype="application/x-ndjson", headers=headers)


def _lines(after: int, until: int, mine: peewee.Expression) -> Iterator[str]:
    """The file: a line that says where it begins, then a line for each position; a page of rows at a time."""
    yield chain.head_line(after)
    for page in chain.pages(after):
        ids = [row.id for _, row in page if row is not None]
        shown = {row.id for row in Audit.select(Audit.id).where(Audit.id.in_(ids), mine)}
        for link, row in page:
            if link.position > until:
                return
            told = chain.row_of(row) if row is not None else None
            yield chain.line_of(link, told, shown=link.audit in shown)
