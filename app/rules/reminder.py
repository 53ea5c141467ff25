"""Time limits remind by themselves: each share of a limit is a task written with the case, checked when it is due.

At 50 and 80 percent its owner is told, at the limit also the admins, then daily one level further up (domain §3.4). A
task knows the deadline it was written for: after an extension or a hold the old ones say nothing any more.
"""

from datetime import datetime, timedelta

from app.rules import crew, letter, wording
from app.rules.setting import deadlines, setting, share
from models.base import now
from models.case import Case
from models.person import Person
from models.task import Task

#: The limits of a case: when it is due, and what meets it.
LIMITS = {
    "accept": ("accept_due", "accepted_at"),
    "contact": ("contact_due", "contacted_at"),
    "make_safe": ("safe_due", "safe_at"),
    "resolve": ("resolve_due", "handled_at"),
}
#: States in which they matter. While a case is on hold 挂账 its clocks stand still and nobody is reminded.
RUNNING = ("reported", "dispatched", "handling")
#: States in which nobody has taken a case yet.
WAITING = ("reported", "dispatched")
#: After the limit it is told again every so long, one level further up each time, and at the highest until it is met.
AGAIN = timedelta(hours=24)
LEVELS = 3


def plan(case: Case, moved: tuple[str, ...] = ()) -> None:
    """Write the reminders of all limits of a case that are not met, and what its silence will do.

    `moved` names the only limits to plan for, whose deadline has just been moved. Said again without it, nothing is
    planned twice, and a deadline that changed meanwhile is planned anew.
    """
    start, shares = now(), setting(case.community, "remind_at")
    rows = [
        _row(case, limit, percent, 0, share(start, due, percent), due)
        for limit, due in _open_limits(case)
        for percent in shares
        if not moved or limit in moved
    ]
    if rows:
        fresh = [_of_its_own(row) for row in rows] if moved else _not_planned(rows)
        Task.insert_many(fresh).on_conflict_ignore().execute()
    watch(case)


def _open_limits(case: Case) -> list[tuple[str, datetime]]:
    pairs = [(limit, getattr(case, due), getattr(case, met)) for limit, (due, met) in LIMITS.items()]
    return [(limit, due) for limit, due, met in pairs if due and not met]


def _row(case: Case, limit: str, percent: int, level: int, at: datetime, due: datetime) -> dict:
    return dict(
        key=f"remind:{case.id}:{case.reopened}:{limit}:{percent}:{level}", kind="remind", run_at=at,
        payload={
            "case": case.id, "limit": limit, "percent": percent, "level": level, "reopened": case.reopened,
            "due": _stamp(due),
        },
    )  # fmt: skip


def _stamp(due: datetime) -> int:
    return int(due.timestamp())


def _not_planned(rows: list[dict]) -> list[dict]:
    """The rows, those of a deadline that came later under a key of its own."""
    keys = [row["key"] for row in rows]
    planned = dict(Task.select(Task.key, Task.payload).where(Task.key.in_(keys)).tuples())
    return [
        row if planned.get(row["key"], row["payload"]).get("due") == row["payload"]["due"] else _of_its_own(row)
        for row in rows
    ]


def _of_its_own(row: dict) -> dict:
    """The row under a key that names its deadline, for another one stood before it."""
    due = row["payload"]["due"]
    return row | {"key": f"{row['key']}:{due}", "payload": row["payload"] | {"moved": True}}


def remind(
    case: Case, *, limit: str, percent: int, level: int, reopened: int, due: int | None = None, moved: bool = False
) -> bool:
    """Remind whoever is responsible unless the limit has been met; past the limit, tell one level higher a day later.

    `due` is the deadline it was planned for, in seconds of Unix time, `moved` whether another one stood before it: its
    letters are not those of the old one. Returns whether anybody was reminded.
    """
    due_field, met_field = LIMITS[limit]
    ends = getattr(case, due_field)
    if ends is None or getattr(case, met_field) or case.state not in RUNNING or case.reopened != reopened:
        return False
    if due is not None and due != _stamp(ends):
        return False
    later = f":{due}" if moved else ""
    for person in _responsible(case, percent, level):
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case, urgent=case.hazard,
            event=f"remind:{case.id}:{case.reopened}:{limit}:{percent}:{level}{later}",
            content=wording.facts(case) | {"due": ends.isoformat(), "text": wording.reminder(case, limit, ends, now())},
        )  # fmt: skip
    if percent >= 100:
        row = _row(case, limit, percent, level + 1, now() + AGAIN, ends)
        Task.insert(_of_its_own(row) if moved else row).on_conflict_ignore().execute()
    return True


def _responsible(case: Case, percent: int, level: int) -> list[Person]:
    """The worker before the limit; at the limit also the admins; then the admins, the subdistrict, the district.

    For a worker who is no longer on duty the admins are told, for a level without anybody the one below it.
    """
    owners = [case.handler] if case.handler_id and crew.on_duty(case.handler, case.community) else []
    if percent < 100:
        return owners or crew.deciders_of(case)
    if level == 0:
        return list(dict.fromkeys([*owners, *crew.deciders_of(case)]))
    return _district(case) if level >= LEVELS else crew.deciders_of(case, above=level >= 2)


def _district(case: Case) -> list[Person]:
    parties = crew.parties_of(case)
    held = [one for one in crew.holding(["district_admin"], case.community) if one.id not in parties]
    return held or crew.deciders_of(case, above=True)


def plan_check(case: Case, people: list[Person], until: datetime) -> None:
    """Write the reminders of those asked to check the work, at the shares before the resident is asked anyway."""
    start, shares = now(), [percent for percent in setting(case.community, "remind_at") if percent < 100]
    rows = [
        dict(
            key=f"remind_check:{case.id}:{case.version}:{percent}", kind="remind_check",
            run_at=share(start, until, percent),
            payload={
                "case": case.id, "version": case.version, "percent": percent, "until": until.isoformat(),
                "people": [one.id for one in people],
            },
        )
        for percent in shares
    ]  # fmt: skip
    if rows:
        Task.insert_many(rows).on_conflict_ignore().execute()


def remind_check(case: Case, *, version: int, percent: int, until: str, people: list[int]) -> bool:
    """Remind the checkers who are still on duty, unless somebody has checked. Returns whether anybody was reminded."""
    if case.state != "checking" or case.version != version:
        return False
    able = [one for one in Person.select().where(Person.id.in_(people)) if crew.on_duty(one, case.community)]
    ends = datetime.fromisoformat(until)
    for person in able:
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case,
            event=f"remind_check:{case.id}:{version}:{percent}",
            content=wording.facts(case) | {"due": until, "text": wording.reminder(case, "check", ends, now())},
        )  # fmt: skip
    return bool(able)


def watch(case: Case) -> None:
    """Write the task that looks whether somebody took a case by its accept limit (app.rules.escalation).

    Whoever is sent after that limit has the same time from now. Nothing for a case that somebody has taken, or whose
    category knows no such limit.
    """
    if case.state not in WAITING or case.accept_due is None:
        return
    moment = now()
    at = case.accept_due
    if at <= moment:
        at = deadlines(case.category, case.community, moment).get("accept", at)
    Task.insert(
        key=f"silence:{case.id}:{case.reopened}:{case.escalated}:{case.handler_id or 0}:{_stamp(at)}",
        kind="silence", run_at=at,
        payload={
            "case": case.id, "level": case.escalated, "handler": case.handler_id, "reopened": case.reopened,
        },
    ).on_conflict_ignore().execute()  # fmt: skip


def plan_lapse(case: Case, at: datetime) -> None:
    """Write the task that closes a handled case nobody judged."""
    Task.insert(
        key=f"lapse:{case.id}:{case.version}",
        kind="lapse",
        run_at=at,
        payload={"case": case.id, "version": case.version},
    ).on_conflict_ignore().execute()
