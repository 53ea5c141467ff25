"""Progress notes of a case on hold 挂账: every so many days the reporter and those who follow it hear how it stands."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import peewee

from app.rules import crew, extension_words, letter, rights, wording
from app.rules.actor import Actor
from app.rules.case_move import amend, need_note
from app.rules.extension import plan_note_task, tell_reporter
from app.rules.refusal import Conflict, Refusal
from app.rules.setting import setting
from models.base import now
from models.case import Case, Step
from models.extension import Extension
from models.follow import Follow
from models.lifecycle import CASE_STATES
from models.person import Person

LONGEST = 300
#: What counts as a word on how a planned case stands.
TOLD = ("plan", "plan_note")


def write_note(case: Case, *, actor: Actor, note: str) -> Case:
    """A note on how a planned case stands, which the reporter and the followers get to read.

    Raises Forbidden or NotFound without the right, Conflict when it is not on hold, Refusal `note_missing` or
    `note_too_long`.
    """
    rights.need(actor, "case.plan_note", case=case)
    if case.state != "planned":
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不用写挂账进展。", "state_forbids")
    need_note(note, "请写一句现在的进展，居民会看到。")
    if len(note) > LONGEST:
        raise Refusal("note_too_long", f"进展请在 {LONGEST} 字以内。", {"note": "太长"})
    amend(case, "plan_note", actor, note)
    tell_reporter(case, extension_words.note(case, note))
    _tell_followers(case, extension_words.note_followed(case, note))
    return case


def _tell_followers(case: Case, text: str) -> None:
    facts = wording.facts(case) | {"place": wording.compound(case), "text": text}
    people = Person.select().join(Follow, on=(Follow.person == Person.id)).where(Follow.case == case)
    for person in list(people.where(Person.erased_at.is_null()).order_by(Follow.id)):
        letter.owe(
            kind="case_progress", person=person, community=case.community, case=case, content=facts,
            event=f"followed:{case.id}:{case.version}",
        )  # fmt: skip


def remind(hold: Extension) -> bool:
    """Ask the worker and the admins for a note when none was written for so many days, and plan the next asking.

    Returns whether anybody was asked.
    """
    case = hold.case
    if hold.resumed_at is not None or case.state != "planned":
        return False
    every, moment = timedelta(days=setting(case.community, "plan_note_days")), now()
    last = last_told([case]).get(case.id, hold.created_at)
    if last + every > moment:
        plan_note_task(hold, last + every)
        return False
    days = (moment - last).days
    worker = [case.handler] if case.handler_id and crew.on_duty(case.handler, case.community) else []
    for person in dict.fromkeys([*worker, *crew.deciders_of(case)]):
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case,
            event=f"plan_note:{case.id}:{moment:%Y%m%d}",
            content=wording.facts(case) | {
                "due": moment.isoformat(), "text": extension_words.note_due(case, days), "hint": "请写挂账进展",
            },
        )  # fmt: skip
    plan_note_task(hold, moment + every)
    return True


def last_told(cases: Iterable[Case]) -> dict[int, datetime]:
    """When each of these cases on hold was last written about, by its id: one query."""
    listed = [case.id for case in cases]
    steps = Step.select(Step.case, peewee.fn.MAX(Step.id)).where(Step.case.in_(listed), Step.verb.in_(TOLD))
    newest = [step for _, step in steps.group_by(Step.case).tuples()]
    return dict(Step.select(Step.case, Step.at).where(Step.id.in_(newest)).tuples()) if newest else {}


def overdue(cases: Iterable[Case]) -> set[int]:
    """Which of these cases on hold, by id, nobody has written about for longer than the community wants."""
    held, moment = {case.id: case for case in cases if case.state == "planned"}, now()
    return {
        key for key, at in last_told(held.values()).items()
        if at + timedelta(days=setting(held[key].community, "plan_note_days")) < moment
    }  # fmt: skip
