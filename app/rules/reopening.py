"""Not solved: done again at once, or a person decides whether (domain §3.8; peers: Signalen's request to reopen).

The first time within "reopen_days" the reporter's word is enough. After that, and after a decision not to do it again,
it is a request that waits for the community; against its "no" for the street.
"""

from datetime import timedelta

from app.rules import (
    case_letters,
    classification,
    crew,
    hazard,
    judgement,
    judgement_words,
    letter,
    subcase_letters,
    wording,
)
from app.rules.actor import Actor
from app.rules.case_move import amend, move, need_note
from app.rules.dispatch import send_out
from app.rules.judgement import kept, last_of, waits
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.setting import setting
from models.base import now
from models.case import Case
from models.judgement import Judgement
from models.lifecycle import CASE, find

#: States in which the work was called done.
DONE = ("handled", "closed", "closed_no_feedback")
#: So often in one round it can be decided not to do it again: by the community, then by the street.
MOST_KEPT = 2


def reopen(case: Case, *, actor: Actor, note: str = "") -> Case:
    """Not solved: reported anew, and the same worker, if still on duty, goes again; or a request that waits.

    By the reporter the first time at once, for some days after closing; later with a reason, and a person decides. By
    staff always at once, also on such a request, and of what was not taken or was handed over.
    Raises Refusal `reopen_too_late`, `note_missing` or `kept_final`, Conflict `reopen_asked` while a request waits.
    """
    own, row, times_kept = case.reporter_id in actor.selves, last_of(case), kept(case)
    asked = row is not None and waits(row) and case.state == "closed"
    if find(CASE, case.state, "reopen") is None or case.state not in DONE:
        if case.reopened:
            need_note(note, "请说一说哪里还没有解决。")
        return _again(case, actor, note)
    if own or not asked:
        _need_in_time(case, row)
    if own and (case.reopened or times_kept):
        if asked:
            raise Conflict("已经提交过重办申请了，请等工作人员决定。", "reopen_asked")
        if times_kept >= MOST_KEPT:
            raise Refusal("kept_final", "街道已经复核过。还不认可的话可以拨打 12345；有新情况请重新上报。")
        need_note(note, "请说一说哪里还没有解决。")
        return _request(case, actor, note)
    if case.reopened and not asked:
        need_note(note, "请说一说哪里还没有解决。")
    wish = f"居民说：{row.note}" if row is not None and asked and row.note else ""
    return _again(case, actor, note if note.strip() else wish)


def keep(case: Case, *, actor: Actor, note: str) -> Case:
    """A person decides that it is not done again, and why; the reporter is told, and whom to turn to next.

    After a second objection the street decides. Raises Conflict `nothing_asked`, Forbidden, Refusal `note_missing`.
    """
    row = last_of(case)
    if row is None or not waits(row) or case.state != "closed":
        raise Conflict(f"#{case.number} 没有等待决定的重办申请。", "nothing_asked")
    if not may_keep(case, actor):
        raise Forbidden()
    need_note(note, "请写明不重办的原因，居民会看到。")
    final = kept(case) + 1 >= MOST_KEPT
    amend(case, "keep", actor, note)
    _decide(row, "kept", note, actor)
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"kept:{case.id}:{case.version}", next_persons=case_letters.family_of(case),
        content=wording.facts(case) | {"text": judgement_words.kept(case, note, final)},
    )  # fmt: skip
    return case


def may_keep(case: Case, actor: Actor) -> bool:
    """Not about one's own report; against a first decision only the street."""
    if case.reporter_id in actor.selves:
        return False
    return not kept(case) or "subdistrict_admin" in actor.parts_in(case.community)


def may_reopen(case: Case, actor: Actor) -> bool:
    """Whether saying it would be taken: not while the own second request waits, nor after the street's word."""
    if case.reporter_id not in actor.selves or case.state not in DONE:
        return True
    times = kept(case)
    return not (case.reopened or times) or (times < MOST_KEPT and not judgement.asked(case))


def _decide(row: Judgement, decision: str, note: str, actor: Actor | None) -> None:
    decided = Judgement.update(
        decision=decision, decision_note=note[:300], decided_by=actor.person if actor else None, decided_at=now()
    ).where(Judgement.id == row.id, Judgement.decision == "")
    if not decided.execute():
        raise Conflict("刚才有人先处理了，请刷新后再看。")


def _need_in_time(case: Case, row: Judgement | None) -> None:
    days = setting(case.community, "reopen_days")
    decided = row.decided_at if row is not None and row.round == case.reopened else None
    since = max([one for one in (case.closed_at, decided) if one], default=None)
    if since is not None and now() > since + timedelta(days=days):
        raise Refusal("reopen_too_late", f"办结已超过 {days} 天，请重新上报，我们马上处理。")


def _again(case: Case, actor: Actor, note: str) -> Case:
    """Reported anew: everything of the last round is over, and who is concerned hears of it."""
    by_reporter, ended_round = case.reporter_id in actor.selves, case.reopened
    moment = now()
    due = classification.limits(
        case.category, case.community, moment, danger=case.hazard, condition=case.condition
    )
    again = (case.handler,) if case.handler_id and crew.on_duty(case.handler, case.community) else ()
    was_done = case.state in DONE
    case = move(
        case, "reopen", actor, note, handler=None, solved=False, satisfaction=None, closed_at=None, handled_at=None,
        accepted_at=None, safe_at=None, checked_at=None, checked_by=None, disposition="", handed_to="", escalated=0,
        on_the_spot=False, reopened=case.reopened + 1, accept_due=due.get("accept"),
        safe_due=due.get("make_safe"), resolve_due=due.get("resolve"),
    )  # fmt: skip
    _close_round(case, ended_round, note, None if by_reporter else actor, was_done and by_reporter)
    subcase_letters.reopened(case)
    hazard.begin(case)
    case = send_out(case, moment, again)
    case_letters.progress(case, "reopen")
    return case


def _close_round(case: Case, ended: int, note: str, decider: Actor | None, said_so: bool) -> None:
    """The judgement of the round that is over: what was asked is decided; "not solved" of the reporter is kept in it.

    Nobody said how satisfied: that field stays empty when only "not solved" was said.
    """
    where = (Judgement.case == case) & (Judgement.round == ended)
    row = Judgement.get_or_none(where)
    if row is None and said_so:
        row = Judgement.create(case=case, round=ended, satisfaction="", note=note, asks_reopen=True)
    if row is not None and (said_so or waits(row)):
        Judgement.update(asks_reopen=True, decision="").where(where).execute()
        _decide(row, "reopened", note, decider)


def _request(case: Case, actor: Actor, note: str) -> Case:
    """Not solved, said again: closed as what it is, not solved, and a person decides."""
    said = f"没有解决，请求重办：{note}"
    before = last_of(case)
    before = before if before is not None and before.round == case.reopened else None
    if case.state == "closed":
        judgement.say_again(case, actor, said, solved=False)
    else:
        case = move(case, "confirm", actor, said, solved=False, satisfaction="dissatisfied", closed_at=now())
    words = "；".join(filter(None, [before.note if before else "", note]))
    row = judgement.write_row(
        case, satisfaction=before.satisfaction if before else "dissatisfied", note=words, asks_reopen=True,
        decision="", decision_note="", decided_by=None, decided_at=None, at=now(),
    )  # fmt: skip
    judgement.ask_decision(case, row)
    return case
