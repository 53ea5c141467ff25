"""More time for a case: extensions 延期 and holds 挂账, each agreed to before the case was overdue (domain §2.4).

An extension adds one more original limit to the current deadline, twice at most. A hold stops the clock once, until a
chosen day at most a year away, and a task resumes the case on that day with what was left of its limit; a danger must
be made safe first. Only what was agreed to counts: refusals leave no row. The first deadline stays with the case, every
change stands in the ledger with who asked and who agreed, and the reporter is told the reason and the new date.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from app.rules import case_letters, clock, crew, extension_words, letter, reminder, wording
from app.rules.actor import Actor
from app.rules.case_move import amend, move
from app.rules.refusal import Conflict, Refusal
from app.rules.setting import calendar_of, setting
from models.base import now
from models.case import Case
from models.extension import KINDS as WORDS
from models.extension import Extension
from models.lifecycle import CASE_STATES
from models.person import Person
from models.task import Task

MOST_EXTENSIONS = 2
#: A reason in characters.
REASON = (4, 200)


class Limit(NamedTuple):
    """So many units of a clock of app.rules.clock."""

    amount: int
    clock: clock.Clock


def original_limit(case: Case) -> Limit | None:
    """The limit for resolving a case: of its filing condition, else of its category; None when it has none.

    The limit of a dangerous condition is that for making it safe, which nothing extends.
    """
    if case.condition_id is not None and not case.condition.hazard:
        return Limit(case.condition.amount, case.condition.clock)
    found = (case.category.limits or {}).get("resolve")
    return Limit(found["amount"], found["clock"]) if found else None


def check(case: Case, kind: str, reason: str, until: datetime | None = None) -> datetime:
    """Whether a case may be given more time now: asked when it is asked for, and again when it is agreed to.

    Gives the new deadline of an extension, the planned day of a hold. Raises Refusal `reason_missing`, `until_wrong`
    or `no_limit`, Conflict `state_forbids`, `overdue`, `extended_twice`, `held_before` or `not_safe_yet`.
    """
    if not REASON[0] <= len(reason.strip()) <= REASON[1]:
        said = f"请写明{WORDS[kind]}的原因，{REASON[0]} 到 {REASON[1]} 个字，居民会看到。"
        raise Refusal("reason_missing", said, {"reason": "必填", "note": "必填"})
    if case.state != "handling":
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不能{WORDS[kind]}。", "state_forbids")
    if case.resolve_due is not None and case.resolve_due <= now():
        raise Conflict(f"#{case.number} 已经过了办结时限，不能再{WORDS[kind]}。请抓紧办理，并向居民说明。", "overdue")
    had = Extension.select().where(Extension.case == case, Extension.kind == kind).count()
    return _check_hold(case, had, until) if kind == "hold" else _check_extension(case, had)


def _check_extension(case: Case, had: int) -> datetime:
    limit = original_limit(case)
    if limit is None or case.resolve_due is None:
        raise Refusal("no_limit", f"#{case.number} 没有办结时限，不用延期。")
    if had >= MOST_EXTENSIONS:
        said = f"#{case.number} 已经延期 {MOST_EXTENSIONS} 次，不能再延。确实办不完的，可以申请挂账。"
        raise Conflict(said, "extended_twice")
    return clock.due(case.resolve_due, limit.amount, limit.clock, calendar_of(case.community))


def _check_hold(case: Case, had: int, until: datetime | None) -> datetime:
    days = setting(case.community, "plan_days")
    if until is None or not now() < until <= now() + timedelta(days=days):
        said = f"请选择恢复办理的日子：从明天起，最多 {days} 天。"
        raise Refusal("until_wrong", said, {"until": f"从明天起，最多 {days} 天"})
    if had:
        raise Conflict(f"#{case.number} 已经挂过一次账，不能再挂。", "held_before")
    if case.hazard and case.safe_at is None:
        raise Conflict(f"#{case.number} 有安全隐患，现场还没有安全。请先围护，再申请挂账。", "not_safe_yet")
    return until


def may_plan(case: Case) -> bool:
    """Whether a screen should offer a hold: in time, and with no danger left. It asks the database nothing."""
    late = case.resolve_due is not None and case.resolve_due <= now()
    return case.state == "handling" and not late and not (case.hazard and case.safe_at is None)


def open_to(case: Case, kind: str) -> bool:
    """Whether a case could be given more time of a kind now."""
    had = Extension.select().where(Extension.case == case, Extension.kind == kind).count()
    if kind == "hold":
        return not had and may_plan(case)
    timely = case.resolve_due is not None and case.resolve_due > now()
    return case.state == "handling" and timely and had < MOST_EXTENSIONS and original_limit(case) is not None


def extend(case: Case, *, actor: Actor, note: str, agreed_by: Person | None = None) -> Case:
    """One more original limit. `actor` asked for it, `agreed_by` is the second person, if it took one.

    Raises what `check` raises.
    """
    due, before = check(case, "extension", note), case.resolve_due
    amend(
        case, "extend", actor, extension_words.extended_step(due, note, now()), resolve_due=due,
        first_resolve_due=case.first_resolve_due or before,
        before={"resolve_due": before.isoformat()}, after={"resolve_due": due.isoformat()},
    )  # fmt: skip
    Extension.create(
        case=case, kind="extension", reason=note, from_due=before, to_due=due, asked_by=actor.person,
        agreed_by=agreed_by,
    )  # fmt: skip
    tell_reporter(case, extension_words.extended(case, note, now()))
    _tell_handler(case, actor, extension_words.extended_task(case, now()))
    reminder.plan(case, moved=("resolve",))
    return case


def plan(case: Case, *, actor: Actor, note: str, until: datetime | None, agreed_by: Person | None = None) -> Case:
    """Hold a case until a day: its clock stands still, and what was left of its limit is kept.

    The deadline meanwhile is the one it will have when it goes on that day. Raises what `check` raises.
    """
    until, before, limit = check(case, "hold", note, until), case.resolve_due, original_limit(case)
    left = clock.used(now(), before, limit.clock, calendar_of(case.community)) if before and limit else None
    case = move(
        case, "plan", actor, extension_words.planned_step(until, note), planned_until=until,
        first_resolve_due=case.first_resolve_due or before, resolve_due=_due_after(case, until, left),
    )  # fmt: skip
    hold = Extension.create(
        case=case, kind="hold", reason=note, from_due=before, to_due=case.resolve_due, until=until,
        left_seconds=None if left is None else int(left.total_seconds()), asked_by=actor.person, agreed_by=agreed_by,
    )  # fmt: skip
    every = setting(case.community, "plan_note_days")
    Task.insert(key=f"resume:{hold.id}", kind="resume", run_at=until, payload={"hold": hold.id}).execute()
    plan_note_task(hold, now() + timedelta(days=every))
    tell_reporter(case, extension_words.planned(case, note, every))
    _tell_handler(case, actor, extension_words.planned_task(case))
    return case


def _due_after(case: Case, moment: datetime, left: timedelta | None) -> datetime | None:
    """The deadline when a case goes on at a moment with so much of its limit left."""
    limit = original_limit(case)
    if left is None or limit is None:
        return case.resolve_due
    return clock.due_in(moment, left, limit.clock, calendar_of(case.community))


def hold_of(case: Case) -> Extension | None:
    """The hold that a planned case is under."""
    held = Extension.select().where(Extension.case == case, Extension.kind == "hold", Extension.resumed_at.is_null())
    return held.order_by(Extension.id.desc()).first()


def resume(case: Case, *, actor: Actor | None = None, note: str = "") -> Case:
    """A case goes on: on its day by itself (no actor), or earlier by an admin. What was left of its limit runs now."""
    hold, moment = hold_of(case), now()
    kept = hold.left_seconds if hold else None
    due = _due_after(case, moment, None if kept is None else timedelta(seconds=kept))
    case = move(case, "resume", actor, note, planned_until=None, resolve_due=due)
    if hold:
        Extension.update(resumed_at=moment, to_due=due).where(Extension.id == hold.id).execute()
    tell_reporter(case, extension_words.resumed(case, moment))
    if not _tell_handler(case, actor, extension_words.resumed_task(case, moment)):
        for one in crew.deciders_of(case):
            _tell_staff(case, one, extension_words.resumed_task(case, moment))
    reminder.plan(case, moved=("resolve",))
    return case


def resume_due(hold: Extension) -> bool:
    """The planned day has come: the case goes on, unless it does already. Returns whether it went on."""
    if hold.resumed_at is not None or hold.case.state != "planned" or hold.until > now():
        return False
    resume(hold.case)
    return True


def plan_note_task(hold: Extension, at: datetime) -> None:
    """Write the task that asks for the next progress note, while that comes before the planned day."""
    if at < hold.until:
        Task.insert(
            key=f"plan_note:{hold.id}:{int(at.timestamp())}", kind="plan_note", run_at=at, payload={"hold": hold.id}
        ).on_conflict_ignore().execute()


def tell_reporter(case: Case, text: str) -> None:
    """What happened, to the reporter."""
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"progress:{case.id}:{case.version}", next_persons=case_letters.family_of(case),
        content=wording.facts(case) | {"text": text},
    )  # fmt: skip


def _tell_handler(case: Case, actor: Actor | None, text: str) -> bool:
    """Tell who works on it, and whether there is somebody; who did it knows."""
    if case.handler_id is None or not crew.on_duty(case.handler, case.community):
        return False
    if actor is None or case.handler_id != actor.person.id:
        _tell_staff(case, case.handler, text)
    return True


def _tell_staff(case: Case, person: Person, text: str) -> None:
    due = case.resolve_due or case.planned_until or now()
    letter.owe(
        kind="case_reminder", person=person, community=case.community, case=case, urgent=case.hazard,
        event=f"moved:{case.id}:{case.version}",
        content=wording.facts(case) | {"due": due.isoformat(), "text": text},
    )  # fmt: skip
