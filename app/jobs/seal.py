"""Link audit rows into the chain, publish its head every hour and at the day's end, and check the whole of it daily.

Every worker does it, on any host; app.rules.chain lets one at a time. Each keeps the day's heads in a file of its own:
<data>/notices/audit-2026-11-23.txt, by the day in Shanghai, to be carried away and compared later (docs/审计.md).
"""

import os
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.context import Context
from app.rules import alert, audit, chain, letter
from app.rules.clock import ZONE
from models.audit import AuditHead
from models.base import now, write
from models.person import Person
from models.place import Place
from models.role import Role, holds_at
from models.task import Task

#: Who hears of the day's head, where [audit] push is on.
TOLD = ("operator", "district_admin")
DAY = timedelta(days=1)
#: A worker that was away completes the notices of so many days.
CAUGHT_UP = 7
BROKEN = "审计日志核对不上，从第 {} 条起可能被改动过。请保留现场（数据库、备份和审计日告），立即联系系统运维员和区里。"


def step(context: Context) -> bool:
    """One look: link, publish when the hour has changed, keep the notice. True when there is more to link at once."""
    linked = _link()
    head = chain.published()
    if head is None or _hour(head.published_at) != _hour(now()):
        head = _publish(context, head) or head
    if head is not None:
        keep_notice(context.settings.folder, head)
    return linked == chain.BATCH


def _link() -> int:
    if not chain.waiting():
        return 0
    with write():
        return chain.seal()


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")


def _publish(context: Context, before: AuditHead | None) -> AuditHead | None:
    """Publish the end of the chain; the first of a day owes the check of all of it and, if wanted, letters."""
    if chain.end().position == (before.position if before else 0):
        return None
    low = chain.straggler()
    with write():
        if low is not None:
            chain.seal(low)
        head = chain.publish()
        if head is not None and (before is None or day_of(before.published_at) != day_of(head.published_at)):
            day = day_of(head.published_at)
            Task.insert(key=f"audit:{day}", kind="audit").on_conflict_ignore().execute()
            if context.settings.audit.push:
                _tell(head, day)
    return head


def _tell(head: AuditHead, day: date) -> None:
    """Owe a letter to everybody who answers for the installation: whoever keeps it can prove a later change."""
    text = f"审计日志日告 {day}：共 {head.position} 条，链头 {head.hash}。请保留这条消息，核对日志时用。"
    for role in answering():
        letter.owe(
            kind="notice", person=role.person, community=role.place, event=f"audit:{day}", content={"text": text}
        )


def answering() -> list[Role]:
    """The roles of those who answer for the installation, with their people and places."""
    roles = Role.select(Role, Person, Place).join(Person, on=(Role.person == Person.id)).switch(Role)
    return list(roles.join(Place, on=(Role.place == Place.id)).where(Role.kind.in_(TOLD), holds_at(now())))


def check(context: Context, payload: dict) -> None:
    """Read the whole chain once a day; a fault is told at the desk of every district."""
    fault = chain.verify()
    count = chain.end().position
    with write():
        if fault is None:
            audit.note("audit.check", actor=None, community=None, rows=count)
            return
        audit.note(
            "audit.check", actor=None, community=None, result="broken", rows=count, at=fault.position, why=fault.why
        )
        for district in Place.select().where(Place.kind == "district"):
            alert.give(
                "audit_broken", place=district, subject=str(fault.position), words=BROKEN.format(fault.position)
            )


def day_of(moment: datetime) -> date:
    """The day in Shanghai."""
    return moment.astimezone(ZONE).date()


def keep_notice(folder: Path, head: AuditHead) -> None:
    """Write the notice of the head's day where this host's file lacks it, and complete those of the days before."""
    today = day_of(head.published_at)
    if _has(_path(folder, today), head):
        return
    for back in range(CAUGHT_UP, -1, -1):
        day = today - back * DAY
        heads = heads_of(day)
        if heads and not _has(_path(folder, day), heads[-1]):
            _write(_path(folder, day), notice_of(day, heads))


def _path(folder: Path, day: date) -> Path:
    return folder / "notices" / f"audit-{day}.txt"


def _has(path: Path, head: AuditHead) -> bool:
    try:
        return f"{head.position}:{head.hash}" in path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def heads_of(day: date) -> list[AuditHead]:
    """The heads published on a day, and the first one after it, which closes the day."""
    begin = datetime.combine(day, datetime.min.time(), ZONE)
    inside = AuditHead.select().where(AuditHead.published_at >= begin, AuditHead.published_at < begin + DAY)
    found = list(inside.order_by(AuditHead.position))
    after = AuditHead.select().where(AuditHead.published_at >= begin + DAY).order_by(AuditHead.position).first()
    return [*found, after] if found and after else found


def notice_of(day: date, heads: list[AuditHead]) -> str:
    """What the file of a day says: each published head as POSITION:HASH, as the verifier takes it, and when."""
    lines = [
        f"{head.position}:{head.hash}  {head.published_at.astimezone(ZONE).isoformat(timespec='seconds')}"
        for head in heads
    ]
    return "\n".join(
        [
            "家门口 审计日志日告",
            f"日期：{day}（北京时间）",
            "下面每一行是一次公布的链头：记录条数:哈希  公布时间。请另存一份到别处，或者打印留底。",
            "",
            *lines,
            "",
            f"到最后一次公布为止，共 {heads[-1].position} 条记录。核对办法：",
            f"python app/verify_audit.py 导出的文件.jsonl --head {heads[-1].position}:{heads[-1].hash}",
            "",
        ]
    )


def _write(path: Path, text: str) -> None:
    """The whole file or nothing of it, for its owner's eyes alone (mkstemp makes it 0600)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise
