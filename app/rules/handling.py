"""At work on a case: made safe, done, with photos that show it, and looked at by another pair of eyes.

Where the community wants it (setting "check", priorities), finished work is first checked on the spot (核查, domain
§2.4) by somebody who neither did it nor asked for it; only then is the resident asked. Silence of the checkers does not
keep the resident waiting: after "check_hours" the resident is asked all the same.
"""

from datetime import datetime, timedelta

from app.rules import audit, case_letters, crew, handling_words, hazard, letter, reminder, subcase, veil, wording
from app.rules.actor import Actor
from app.rules.case_move import move, need_note
from app.rules.refusal import Refusal
from app.rules.setting import setting
from models.base import now
from models.case import Case, Photo, Step
from models.conversation import Line
from models.person import Person
from models.task import Task

#: So many are asked to check, the nearest first.
MOST_CHECKERS = 5
#: What is put right on the spot is photographed and sent up before it is written down.
JUST_NOW = timedelta(hours=1)


def make_safe(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The place is fenced or otherwise safe for now; the first time is kept (it stops the two-hour clock)."""
    case = move(case, "make_safe", actor, note, safe_at=case.safe_at or now())
    hazard.made_safe(case, actor=actor)
    case_letters.progress(case, "make_safe", note)
    return case


def handle(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The work is done: handed in for the check where there is one, else the resident is asked.

    Raises Refusal `after_photo_missing` without a photo of the result (domain M10: evidence), or `calls_open` while
    the leading unit of a whistle is at it.
    """
    if not has_photo(case, "after"):
        raise Refusal("after_photo_missing", "请先发一张处理后的照片，再说“办好”。", {"photos": "缺少处理后的照片"})
    if case.state == "handling":
        subcase.need_no_open_call(case)
    moment = now()
    safe = {"safe_at": case.safe_at or moment} if case.hazard else {}
    if case.category.priority not in setting(case.community, "check"):
        return _ask_resident(_done(case, "handle", actor, note, handled_at=moment, **safe), note, moment)
    others = checkers(case, actor.person)
    if others:
        return _ask_checkers(_done(case, "hand_in", actor, note, handled_at=moment, **safe), note, others)
    case = _done(case, "handle", actor, note, handled_at=moment, **safe)
    audit.note("case.unchecked", actor=None, community=case.community, subject=case.key, result="nobody")
    return _ask_resident(case, note, moment)


def _done(case: Case, verb: str, actor: Actor, note: str, **values) -> Case:
    """The work is done, and with it the place is safe."""
    case = move(case, verb, actor, note, **values)
    if case.hazard:
        hazard.made_safe(case, actor=actor)
    return case


def checkers(case: Case, worker: Person) -> list[Person]:
    """Who may check: the other workers of the grid, then the community's admins; not who did the work or asked for it.

    Nor whom the case complains about, nor whoever told it for the reporter.
    """
    near = [*crew.workers_of(case.grid), *crew.holding(["community_admin"], case.community)]
    shut = {worker.id, case.reporter_id, case.filed_by_id, *crew.parties_of(case)}
    others = [one for one in dict.fromkeys(near) if one.id not in shut]
    return veil.others_than_behind(case, others)[:MOST_CHECKERS]


def pass_check(case: Case, *, actor: Actor, note: str = "") -> Case:
    """Another pair of eyes has seen that it is done: now the resident is asked."""
    moment = now()
    case = move(case, "pass_check", actor, note, checked_at=moment, checked_by=actor.person)
    return _ask_resident(case, _said_of_it(case), moment)


def rework(case: Case, *, actor: Actor, note: str) -> Case:
    """It is not done: back to the worker, with what is wrong. Raises Refusal `note_missing`."""
    need_note(note, "请写明哪里不行，办理人才知道怎么返工。")
    case = move(case, "rework", actor, note, handled_at=None, reworked=case.reworked + 1)
    _tell_worker(case, note)
    # The clock of the work ran on; its reminders found nothing to remind of meanwhile.
    if case.resolve_due:
        Task.insert(
            key=f"remind:{case.id}:{case.reopened}:rework:{case.reworked}", kind="remind",
            run_at=max(now(), case.resolve_due),
            payload={
                "case": case.id, "limit": "resolve", "percent": 100, "level": 0, "reopened": case.reopened,
                "due": int(case.resolve_due.timestamp()), "moved": True,
            },
        ).on_conflict_ignore().execute()  # fmt: skip
    return case


def skip_check(case: Case) -> Case:
    """Nobody checked in time: the resident is asked all the same (a task calls this, app/jobs/tasks.py)."""
    return _ask_resident(move(case, "skip_check", None), _said_of_it(case), now())


def waits_for_check(case: Case, reworked: int, reopened: int) -> bool:
    """Whether the check that a task was written for is still the one waited for."""
    return case.state == "checking" and (case.reworked, case.reopened) == (reworked, reopened)


def has_photo(case: Case, kind: str) -> bool:
    """Whether a photo of this kind, taken since the case was accepted, is there or on its way from the chat.

    Of a result that was sent back a new one is wanted.
    """
    since = case.created_at - JUST_NOW if case.on_the_spot else case.accepted_at or case.created_at
    if kind == "after" and case.reworked:
        sent_back = Step.select(Step.at).where(Step.case == case, Step.verb == "rework").order_by(Step.id.desc())
        since = max([since, *(step.at for step in sent_back.limit(1))])
    if Photo.select().where(Photo.case == case, Photo.kind == kind, Photo.created_at >= since).exists():
        return True
    sent = Line.select().where(Line.case == case, Line.kind == "image", Line.shows == kind, Line.at >= since)
    return sent.exists()


def _ask_resident(case: Case, note: str, moment: datetime) -> Case:
    """The question whether it is solved goes out, and the time to answer begins."""
    until = moment + timedelta(days=setting(case.community, "judge_days"))
    case_letters.judge(case, note, until)
    reminder.plan_lapse(case, until)
    return case


def _said_of_it(case: Case) -> str:
    """What the worker said when handing the work in."""
    step = Step.select().where(Step.case == case, Step.verb == "hand_in").order_by(Step.id.desc()).first()
    return step.note if step is not None else ""


def _ask_checkers(case: Case, note: str, others: list[Person]) -> Case:
    moment = now()
    until = moment + timedelta(hours=setting(case.community, "check_hours"))
    content = wording.facts(case) | {
        "due": until.isoformat(), "text": handling_words.to_check(case, note, until, moment),
        "hint": "请核查办理结果",
    }  # fmt: skip
    for person in others:
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case, content=content,
            event=f"check:{case.id}:{case.version}",
        )  # fmt: skip
    Task.insert(
        key=f"skip_check:{case.id}:{case.version}", kind="skip_check", run_at=until,
        payload={"case": case.id, "reworked": case.reworked, "reopened": case.reopened},
    ).on_conflict_ignore().execute()  # fmt: skip
    reminder.plan_check(case, others, until)
    return case


def _tell_worker(case: Case, note: str) -> None:
    """What is to be done again, to the worker; to the nearest level above when the worker is off duty."""
    on_duty = case.handler_id and crew.on_duty(case.handler, case.community)
    for person in [case.handler] if on_duty else crew.deciders_of(case):
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case, urgent=case.hazard,
            event=f"rework:{case.id}:{case.version}",
            content=wording.facts(case) | {
                "due": (case.resolve_due or now()).isoformat(), "text": handling_words.redo(case, note),
                "hint": "核查没有通过，请返工",
            },
        )  # fmt: skip
