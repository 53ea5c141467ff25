"""Ask for a case to be left out of the indicators, or to be counted again: a second person agrees, or does not."""

from dataclasses import dataclass

from app.rules import approval
from app.rules.actor import Actor
from app.rules.exclusion import ACTION, ENDED, excluded, need_ended
from app.rules.refusal import Conflict, Refusal
from app.rules.rights import may, need
from app.rules.words import clean
from models.approval import Approval
from models.base import now
from models.case import Case
from models.exclusion import REASONS, Exclusion

NOTE = 200


def ask(case: Case, *, actor: Actor, reason: str, note: str) -> Approval | None:
    """Ask for a case to be left out; a second person has to agree. `reason` is a code of REASONS.

    Raises what rights.need raises, Refusal `exclusion_incomplete`, Conflict for a case that is not over, or is left
    out already, or is asked about already.
    """
    need(actor, ACTION, case=case)
    note = " ".join(clean(note, NOTE + 1).split())
    wrong = {
        "reason": "" if reason in REASONS else "请选择理由",
        "note": "请写明情况" if len(note) < 4 else f"最多 {NOTE} 个字" if len(note) > NOTE else "",
    }
    wrong = {name: words for name, words in wrong.items() if words}
    if wrong:
        raise Refusal("exclusion_incomplete", f"{'；'.join(wrong.values())}。", wrong)
    need_ended(case)
    if excluded(case) is not None:
        raise Conflict(f"#{case.number} 已经不予考核了。")
    _need_nobody_asked(case)
    payload = {"case": case.id, "reason": reason, "note": note}
    words = f"#{case.number} {case.category.name} 不予考核：{REASONS[reason]}。说明：{note}"
    return approval.do(
        ACTION, actor=actor, community=case.community, words=words, payload=payload, reason=note,
        subject=case.key,
    )  # fmt: skip


def ask_back(case: Case, *, actor: Actor, note: str) -> Approval | None:
    """Ask for a case to be counted again. Raises as `ask` does, Conflict when it is counted."""
    need(actor, ACTION, case=case)
    note = " ".join(clean(note, NOTE).split())
    if len(note) < 4:
        raise Refusal("exclusion_incomplete", "请写明为什么恢复考核（至少 4 个字）。", {"note": "必填"})
    if excluded(case) is None:
        raise Conflict(f"#{case.number} 本来就参加考核。")
    _need_nobody_asked(case)
    payload = {"case": case.id, "back": True, "note": note}
    words = f"#{case.number} {case.category.name} 恢复考核。说明：{note}"
    return approval.do(
        ACTION, actor=actor, community=case.community, words=words, payload=payload, reason=note,
        subject=case.key,
    )  # fmt: skip


def waiting(case: Case) -> bool:
    """Whether somebody has asked and nobody has decided yet."""
    return Approval.select().where(
        Approval.action == ACTION, Approval.subject == case.key, Approval.state == "asked", Approval.expires_at > now()
    ).exists()  # fmt: skip


def _need_nobody_asked(case: Case) -> None:
    if waiting(case):
        raise Conflict("这件事已经在等复核了。")


@dataclass(frozen=True)
class Standing:
    """How a case stands towards the figures, for a screen: left out and why, asked about, or counted."""

    excluded: Exclusion | None
    waiting: bool


def standing(case: Case, *, actor: Actor) -> Standing | None:
    """None for whom it is no business, and for a case that is not over: two queries at most."""
    if case.state not in ENDED or not may(actor, ACTION, case=case):
        return None
    return Standing(excluded(case), waiting(case))
