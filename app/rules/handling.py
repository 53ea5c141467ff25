"""At work on a case: made safe, done, with photos that show it."""

from datetime import timedelta

from app.rules import case_letters, reminder
from app.rules.actor import Actor
from app.rules.case_move import move
from app.rules.refusal import Refusal
from app.rules.setting import setting
from models.base import now
from models.case import Case, Photo
from models.conversation import Line


def make_safe(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The place is fenced or otherwise safe for now; the first time is kept (it stops the two-hour clock)."""
    case = move(case, "make_safe", actor, note, safe_at=case.safe_at or now())
    case_letters.progress(case, "make_safe", note)
    return case


def handle(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The work is done. Raises Refusal `after_photo_missing` without a photo of the result (domain M10: evidence)."""
    if not has_photo(case, "after"):
        raise Refusal("after_photo_missing", "请先发一张处理后的照片，再说“办好”。", {"photos": "缺少处理后的照片"})
    moment = now()
    safe = {"safe_at": case.safe_at or moment} if case.hazard else {}
    case = move(case, "handle", actor, note, handled_at=moment, **safe)
    until = moment + timedelta(days=setting(case.community, "judge_days"))
    case_letters.judge(case, note, until)
    reminder.plan_lapse(case, until)
    return case


def has_photo(case: Case, kind: str) -> bool:
    """Whether a photo of this kind, taken since the case was accepted, is there or on its way from the chat."""
    since = case.accepted_at or case.created_at
    if Photo.select().where(Photo.case == case, Photo.kind == kind, Photo.created_at >= since).exists():
        return True
    sent = Line.select().where(Line.case == case, Line.kind == "image", Line.shows == kind, Line.at >= since)
    return sent.exists()
