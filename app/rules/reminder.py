"""Time limits remind by themselves: each share of a limit is a task written with the case, checked when it is due."""

from datetime import datetime, timedelta

from app.rules import crew, letter, wording
from app.rules.setting import setting, share
from models.base import now
from models.case import Case
from models.person import Person
from models.task import Task

#: The limits of a case: when it is due, and what meets it.
LIMITS = {
    "accept": ("accept_due", "accepted_at"),
    "make_safe": ("safe_due", "safe_at"),
    "resolve": ("resolve_due", "handled_at"),
}
#: States in which they matter.
RUNNING = ("reported", "dispatched", "handling")
#: After the limit it is told again every so long, one level further up each time (domain §3.4).
AGAIN = timedelta(hours=24)
LEVELS = 3


def plan(case: Case) -> None:
    """Write the reminders of all limits of a case, in one statement."""
    start, shares = now(), setting(case.community, "remind_at")
    dues = {limit: getattr(case, due_field) for limit, (due_field, _) in LIMITS.items()}
    rows = [
        _row(case, limit, percent, 0, share(start, due, percent))
        for limit, due in dues.items()
        if due
        for percent in shares
    ]
    if rows:
        Task.insert_many(rows).on_conflict_ignore().execute()


def _row(case: Case, limit: str, percent: int, level: int, at: datetime) -> dict:
    return dict(
        key=f"remind:{case.id}:{case.reopened}:{limit}:{percent}:{level}", kind="remind", run_at=at,
        payload={"case": case.id, "limit": limit, "percent": percent, "level": level, "reopened": case.reopened},
    )  # fmt: skip


def remind(case: Case, *, limit: str, percent: int, level: int, reopened: int) -> bool:
    """Remind whoever is responsible unless the limit has been met; past the limit, tell one level higher a day later.

    Returns whether anybody was reminded.
    """
    due_field, met_field = LIMITS[limit]
    due = getattr(case, due_field)
    if due is None or getattr(case, met_field) or case.state not in RUNNING or case.reopened != reopened:
        return False
    for person in _responsible(case, percent, level):
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case, urgent=case.hazard,
            event=f"remind:{case.id}:{case.reopened}:{limit}:{percent}:{level}",
            content=wording.facts(case) | {"due": due.isoformat(), "text": wording.reminder(case, limit, due, now())},
        )  # fmt: skip
    if percent >= 100 and level < LEVELS:
        Task.insert(_row(case, limit, percent, level + 1, now() + AGAIN)).on_conflict_ignore().execute()
    return True


def _responsible(case: Case, percent: int, level: int) -> list[Person]:
    """The worker before the limit; at the limit also the admins; a day later the admins, then the subdistrict.

    For a worker who is no longer on duty the admins are told, for a level without anybody the next one.
    """
    handler = [case.handler] if case.handler_id and crew.on_duty(case.handler, case.community) else []
    if percent < 100:
        return handler or crew.deciders_of(case)
    return handler + crew.deciders_of(case) if level == 0 else crew.deciders_of(case, above=level >= 2)


def plan_lapse(case: Case, at: datetime) -> None:
    """Write the task that closes a handled case nobody judged."""
    Task.insert(
        key=f"lapse:{case.id}:{case.version}",
        kind="lapse",
        run_at=at,
        payload={"case": case.id, "version": case.version},
    ).on_conflict_ignore().execute()
