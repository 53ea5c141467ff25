"""The residents judge the result: solved, not solved, or no word in time."""

from datetime import timedelta

from app.rules import case_letters, crew
from app.rules.actor import Actor
from app.rules.case_move import move, need_note
from app.rules.dispatch import send_out
from app.rules.refusal import Refusal
from app.rules.setting import deadlines, setting
from models.base import now
from models.case import Case
from models.lifecycle import SATISFACTION


def confirm(case: Case, *, actor: Actor, satisfaction: str, note: str = "") -> Case:
    """The reporter says it is solved, and how satisfied. Only this closes a case as judged."""
    if satisfaction not in SATISFACTION:
        raise Refusal("satisfaction_unknown", "请选择：满意、基本满意或不满意。", {"satisfaction": "不在选项里"})
    said = SATISFACTION[satisfaction] + (f"：{note}" if note else "")
    return move(case, "confirm", actor, said, solved=True, satisfaction=satisfaction, closed_at=now())


def reopen(case: Case, *, actor: Actor, note: str = "") -> Case:
    """Not solved: reported anew; the same worker, if still on duty, goes again (domain §3.8).

    After closing only for some days, the second time with a reason. Raises Refusal `reopen_too_late`, `note_missing`.
    """
    days = setting(case.community, "reopen_days")
    if case.closed_at and now() > case.closed_at + timedelta(days=days):
        raise Refusal("reopen_too_late", f"办结已超过 {days} 天，请重新上报，我们马上处理。")
    if case.reopened:
        need_note(note, "请说一说哪里还没有解决。")
    moment = now()
    due = deadlines(case.category, case.community, moment)
    again = (case.handler,) if case.handler_id and crew.on_duty(case.handler, case.community) else ()
    case = move(
        case, "reopen", actor, note, handler=None, solved=False, satisfaction=None,
        closed_at=None, handled_at=None, accepted_at=None, safe_at=None, reopened=case.reopened + 1,
        accept_due=due.get("accept"), safe_due=due.get("make_safe"), resolve_due=due.get("resolve"),
    )  # fmt: skip
    case = send_out(case, moment, again)
    case_letters.progress(case, "reopen")
    return case


def lapse(case: Case) -> Case:
    """Nobody judged in time: closed without feedback, which never counts as satisfied."""
    return move(case, "lapse", None, closed_at=now())
