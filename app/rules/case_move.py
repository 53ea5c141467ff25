"""The one way a case changes: by the table models.lifecycle.CASE, guarded by state and version, with its history.

A verb writes, in the caller's one transaction (models.base.write): the case, one step, the audit row, the letters it
owes and the row for open screens. Nothing here talks to anybody.
"""

from app.rules import audit, follow
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, Refusal
from models.base import now
from models.case import Case, Step
from models.lifecycle import CASE, CASE_STATES, CASE_VERBS, find

WORDS_LIMIT = 2000


def move(case: Case, verb: str, actor: Actor | None, note: str = "", **values) -> Case:
    """The one way a case changes state: by the table, guarded by state and version, with its step and audit row.

    Raises Forbidden when the table gives this verb to others, Conflict when the state does not allow it (any more).
    """
    step = find(CASE, case.state, verb)
    if step is None:
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不能{CASE_VERBS[verb]}。", "state_forbids")
    parts = actor.parts_for(case) if actor else frozenset({"system"})
    parts_held = step.who & parts
    if not parts_held:
        raise Forbidden()
    # Who may say it in two parts says it of an anonymous report as its reporter: the other would tell who that is.
    part = "reporter" if case.anonymous and "reporter" in parts_held else sorted(parts_held)[0]
    if actor and part == "reporter":
        part, actor = part_of_reporter(case, actor), actor.facing(case)
    values |= {"state": step.target, "version": case.version + 1, "updated_at": now()}
    moved = (
        Case.update(**values)
        .where(Case.id == case.id, Case.state == case.state, Case.version == case.version)
        .execute()
    )
    if not moved:
        raise Conflict("刚才有人先处理了，请刷新后再看。")
    add_step(case, verb, step.source, step.target, actor, part, note)
    audit.note(
        f"case.{verb}", actor=actor, community=case.community, subject=case.key, before={"state": step.source},
        after={"state": step.target} | ({"handler": values["handler"].key} if values.get("handler") else {}),
    )  # fmt: skip
    audit.tell_screens(case.community, "case", case.key)
    for name, value in values.items():
        setattr(case, name, value)
    follow.tell(case, verb)
    return case


def amend(case: Case, verb: str, actor: Actor, note: str = "", *, before=None, after=None, **values) -> None:
    """Change a case without moving it: guarded by its version, one step, one audit row (`before` and `after` for it).

    Raises Conflict.
    """
    values |= {"version": case.version + 1, "updated_at": now()}
    if not Case.update(**values).where(Case.id == case.id, Case.version == case.version).execute():
        raise Conflict("刚才有人先处理了，请刷新后再看。")
    add_step(case, verb, case.state, case.state, actor, actor.role_in(case.community), note)
    audit.note(f"case.{verb}", actor=actor, community=case.community, subject=case.key, before=before, after=after)
    audit.tell_screens(case.community, "case", case.key)
    for name, value in values.items():
        setattr(case, name, value)


def add_step(case: Case, verb: str, source: str, target: str, actor: Actor | None, role: str, note: str = "") -> None:
    Step.insert(
        case=case, verb=verb, from_state=source, to_state=target, actor=actor.person if actor else None,
        actor_role=role, note=note,
    ).execute()  # fmt: skip


def part_of_reporter(case: Case, actor: Actor) -> str:
    """Who acts on an own report: the reporter, or somebody of the family in the reporter's stead."""
    told_for = case.filed_by_id is not None and case.filed_by_id == actor.person.id
    return "agent" if told_for or case.reporter_id in actor.principals else "reporter"


def need_note(note: str, message: str) -> None:
    if not note.strip():
        raise Refusal("note_missing", message, {"note": "必填"})
