"""Letters of a case: who is told what when it moves. Written in the transaction of the verb (app.rules.case)."""

from datetime import datetime

from app.rules import audit, crew, letter, own_work, same, wording
from models.base import now
from models.case import Case, Step
from models.letter import Letter
from models.person import Person
from models.unit import Unit


def task(case: Case, worker: Person, moment: datetime) -> None:
    """The task, to the worker; when it does not arrive, to the others who may see to it."""
    limit = case.safe_due if case.hazard and case.safe_due else case.resolve_due
    letter.owe(
        kind="case_assigned", person=worker, community=case.community, case=case, urgent=case.hazard,
        event=f"task:{case.id}:{case.version}",
        next_persons=tuple(other for other in crew.chain_of(case) if other != worker),
        content=wording.facts(case) | {
            "due": limit.isoformat() if limit else "", "hint": wording.task_hint(case),
            "text": wording.task(case, moment) + same.task_line(case) + _still_wrong(case),
        },
    )  # fmt: skip


def _still_wrong(case: Case) -> str:
    """Of a case that was reopened: what was said to be wrong still; nobody goes there to do the same again."""
    last = Step.select().where(Step.case == case, Step.verb == "reopen").order_by(Step.id.desc())
    step = last.first() if case.reopened else None
    return f"\n这是重办，还没解决的是：{step.note}" if step is not None and step.note else ""


def undispatched(case: Case) -> None:
    """A case without a worker, to the nearest level that has somebody. With nobody at all the audit says so."""
    deciders = crew.deciders_of(case)
    if not deciders:
        audit.note("case.unheard", actor=None, community=case.community, subject=case.key, result="nobody")
    higher = tuple(one for one in crew.chain_of(case) if one not in (*deciders, *crew.workers_for(case)))
    for admin in deciders:
        letter.owe(
            kind="case_assigned", person=admin, community=case.community, case=case, urgent=case.hazard,
            event=f"undispatched:{case.id}:{case.version}", next_persons=higher,
            content=wording.facts(case) | {
                "due": (case.accept_due or now()).isoformat(), "text": wording.to_dispatch(case),
            },
        )  # fmt: skip


def call_off(case: Case, verb: str, worker: Person | None, *, but: tuple[Person, ...]) -> None:
    """After a verb that took the case from a worker: nobody is sent by an old letter, and the worker is told.

    `but` are those who need no telling: who did it, and who has the case now.
    """
    for owed in Letter.select().where(Letter.case == case, Letter.kind == "case_assigned", Letter.state == "owed"):
        letter.move(owed, "expire", "system", outcome="called_off", ended_at=now())
    if worker is None or worker in but or not crew.on_duty(worker, case.community):
        return
    letter.owe(
        kind="case_reminder", person=worker, community=case.community, case=case, urgent=case.hazard,
        event=f"called_off:{case.id}:{case.version}",
        content=wording.facts(case) | {"due": now().isoformat(), "text": wording.called_off(case, verb)},
    )  # fmt: skip


def whistle(case: Case, unit: Unit | None, note: str) -> None:
    """A worker asks for a unit, to the nearest level that decides."""
    for admin in crew.deciders_of(case):
        letter.owe(
            kind="case_reminder", person=admin, community=case.community, case=case, urgent=case.hazard,
            event=f"whistle:{case.id}:{case.version}",
            content=wording.facts(case) | {
                "due": now().isoformat(), "text": wording.whistle(case, unit.name if unit else "", note),
                "hint": "网格员申请请单位到场",
            },
        )  # fmt: skip


def whistle_answered(case: Case, worker: Person, unit: Unit | None, note: str) -> None:
    """The community's answer, to the worker who asked for a unit and is still on duty."""
    if not crew.on_duty(worker, case.community):
        return
    letter.owe(
        kind="case_reminder", person=worker, community=case.community, case=case, urgent=case.hazard,
        event=f"whistle_answered:{case.id}:{case.version}",
        content=wording.facts(case) | {
            "due": now().isoformat(), "text": wording.whistle_answered(case, unit.name if unit else "", note),
            "hint": "社区答复了您的申请",
        },
    )  # fmt: skip


def progress(case: Case, verb: str, note: str = "") -> None:
    """What happened, to the reporter."""
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"progress:{case.id}:{case.version}", next_persons=family_of(case),
        content=wording.facts(case) | {"text": wording.progress(case, verb, note)},
    )  # fmt: skip


def family_of(case: Case) -> tuple[Person, ...]:
    """Who is told instead, when the reporter cannot be reached: whoever told it for the reporter."""
    return (case.filed_by,) if case.filed_by_id else ()


def judge(case: Case, note: str, until: datetime) -> None:
    """The question whether it is solved, to the reporter, with the last moment to answer; to nobody of the own work."""
    if own_work.is_own(case):
        return
    letter.owe(
        kind="judge_please", person=case.reporter, community=case.community, case=case,
        event=f"judge:{case.id}:{case.version}", next_persons=family_of(case),
        content=wording.facts(case) | {
            "due": until.isoformat(), "text": wording.judge(case, note), "hint": "请评价是否解决",
        },
    )  # fmt: skip
