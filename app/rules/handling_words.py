"""What is said about the check of finished work by another pair of eyes."""

from datetime import datetime

from app.rules import wording
from app.rules.clock import near
from models.case import Case


def to_check(case: Case, note: str, until: datetime, now: datetime) -> str:
    """To whoever may check: what was done, and what happens if nobody looks."""
    said = f"（{note}）" if note else ""
    return (
        f"请核查 #{case.number} {case.category.name}，{wording.where(case)}：办理人说已办好{said}。\n"
        f"请到现场或看照片，没有问题就“核查通过”，不行就“返工”。{near(until, now)}前没有人核查，会直接请居民评价。"
    )


def redo(case: Case, note: str) -> str:
    """To the worker whose work was sent back."""
    return (
        f"#{case.number} {case.category.name}，{wording.where(case)}：核查没有通过。\n哪里不行：{note}\n"
        f"请再去处理，办好后重新拍处理后的照片，再说“办好 {case.number}”。"
    )
