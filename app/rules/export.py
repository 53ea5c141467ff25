"""The list of a community's cases as a file: two persons, one download, a day; every line names nobody it need not.

`plan` writes the row and owes the making; app/jobs/export makes the file; `fetch` hands it out once.
"""

from datetime import timedelta

import peewee

from app.rules import audit, reading
from app.rules.actor import Actor, actor_of
from app.rules.clock import full
from app.rules.refusal import NotFound
from app.rules.rights import not_about
from app.rules.sheet import table
from app.rules.wording import PARTS
from models.base import new_key, now
from models.case import Case
from models.export import Export
from models.lifecycle import CASE_STATES, SATISFACTION
from models.person import Person
from models.place import Place
from models.task import Task

LASTS = timedelta(hours=24)
#: More cases than a community has in years; a list is never longer.
MOST = 50_000
HEAD = ("编号", "类别", "安全隐患", "状态", "地点", "上报人", "手机", "上报时间", "办好时间", "评价")


def plan(community: Place, *, actor: Actor) -> Export:
    """Owe the file of a community's cases to the actor."""
    row = Export.create(kind="cases", community=community, asked_by=actor.person, until=now() + LASTS)
    Task.insert(key=f"export:{row.id}", kind="list", payload={"export": row.id}).execute()
    audit.note("case.export", actor=actor, community=community, subject=row.key)
    return row


def sheet_of(row: Export) -> tuple[bytes, int]:
    """The file (CSV, UTF-8 with a mark for Excel) and how many cases are in it; its first line says who took it when.

    What complains about whoever asked is not in it.
    """
    found = (
        Case.select(Case, Person)
        .join(Person, on=(Case.reporter == Person.id), attr="reporter")
        .where(_in_it(row))
        .order_by(Case.id)
        .limit(MOST)
    )
    taken = f"{full(row.made_at)} 由{PARTS['community_admin']} {row.asked_by.name} 导出，仅供内部工作使用"
    mark = f"{row.community.name} 事项清单，导出编号 {row.key}，{taken}"
    lines = [_line(case) for case in found]
    return table([[mark], HEAD, *lines]), len(lines)


def _in_it(row: Export) -> peewee.Expression:
    return (Case.community == row.community) & not_about(actor_of(row.asked_by))


def _line(case: Case) -> list[str]:
    known = reading.masked_person(case.reporter) if case.anonymous else case.reporter
    return [
        f"#{case.number}", case.category.name, "是" if case.hazard else "", CASE_STATES[case.state],
        case.place.label if case.place_id else case.place_words, known.name, known.phone or "",
        full(case.created_at), full(case.handled_at) if case.handled_at else "",
        SATISFACTION.get(case.satisfaction or "", ""),
    ]  # fmt: skip


def keep(row: Export, file: str, rows: int) -> None:
    """The file is in the store under its key."""
    Export.update(file=file, rows=rows).where(Export.id == row.id).execute()


def new_file() -> str:
    """A random key for a file in the store."""
    return f"exports/{new_key()}.csv"


def fetch(row: Export, *, actor: Actor) -> str:
    """The key of the file, once, for whoever asked for it, within a day. Raises NotFound for everybody else and later.

    The right is asked again: who is no admin any more gets nothing. Everybody whose report is in it can read in the
    log that it was taken.
    """
    mine = row.asked_by_id == actor.person.id and "community_admin" in actor.parts_in(row.community)
    took = mine and row.file is not None and (
        Export.update(fetched_at=now())
        .where(Export.id == row.id, Export.fetched_at.is_null(), Export.until > now())
        .execute()
    )  # fmt: skip
    if not took:
        raise NotFound("这份清单不存在，或已经下载过、已过期。")
    audit.note("export.fetch", actor=actor, community=row.community, subject=row.key, rows=row.rows)
    listed = Case.select(Case.reporter).where(_in_it(row)).order_by(Case.id).limit(row.rows)
    about = sorted({one.reporter_id for one in listed} - actor.selves)
    audit.note_each("case.export", actor=actor, community=row.community, subject=row.key, about=about)
    return row.file
