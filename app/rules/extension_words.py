"""What we say of extensions 延期 and holds 挂账: to the resident, to who works on it, to the second person."""

from datetime import datetime

from app.rules.clock import day, near
from app.rules.wording import where
from models.case import Case
from models.extension import KINDS as WORDS


def extended_step(due: datetime, reason: str, now: datetime) -> str:
    """For the history: until when, and why."""
    return f"办结时间延到 {near(due, now)}。原因：{reason}"


def extended(case: Case, reason: str, now: datetime) -> str:
    """To the reporter: the new date and the reason."""
    return f"#{case.number} 办结时间延到 {near(case.resolve_due, now)}，原因：{reason}。有进展会在这里告诉您。"


def extended_task(case: Case, now: datetime) -> str:
    """To who works on it."""
    return f"#{case.number} {case.category.name}，{where(case)}：已同意延期，{near(case.resolve_due, now)}前办结。"


def planned_step(until: datetime, reason: str) -> str:
    """For the history: until which day, and why."""
    return f"挂账到 {day(until)}。原因：{reason}"


def planned(case: Case, reason: str, every: int) -> str:
    """To the reporter: it is not forgotten, when it goes on, and that we tell how it stands."""
    return (
        f"#{case.number} 暂时办不完，已列入计划，{day(case.planned_until)}起继续办理，原因：{reason}。"
        f"这期间每 {every} 天向您说一次进展。"
    )


def planned_task(case: Case) -> str:
    """To who works on it."""
    return f"#{case.number} {case.category.name}，{where(case)}：已挂账到 {day(case.planned_until)}，到时恢复办理。"


def resumed(case: Case, now: datetime) -> str:
    """To the reporter: it goes on, until when."""
    by = f"，{near(case.resolve_due, now)}前办结" if case.resolve_due else ""
    return f"#{case.number} 已恢复办理{by}。"


def resumed_task(case: Case, now: datetime) -> str:
    """To who works on it, or who answers for it."""
    by = f"{near(case.resolve_due, now)}前办结" if case.resolve_due else "请尽快办结"
    return f"挂账到期 #{case.number}：{case.category.name}，{where(case)}，已恢复办理，{by}。"


def note(case: Case, words: str) -> str:
    """To the reporter: how a planned matter stands."""
    then = f"（计划 {day(case.planned_until)}起继续办理）" if case.planned_until else ""
    return f"#{case.number} 进展：{words}{then}"


def note_followed(case: Case, words: str) -> str:
    """The same to those who met the same thing."""
    return f"#{case.number}（您说也遇到了的{case.category.name}）进展：{words}"


def note_due(case: Case, days: int) -> str:
    """To who owes a word on how it stands."""
    head = f"挂账 #{case.number}：{case.category.name}，{where(case)}"
    return f"{head}，已经 {days} 天没有写进展。请打开这件事写一句“挂账进展”，居民会看到。"


def ask(case: Case, kind: str, until: datetime, reason: str, now: datetime) -> str:
    """To the second person: what is asked for. `until` is the new deadline or the planned day."""
    what = f"办结时间延到 {near(until, now)}" if kind == "extension" else f"挂账到 {day(until)}，暂停计时"
    return f"把 #{case.number} {case.category.name}{what}，原因：{reason}"


def pending(asked_at: datetime, kind: str, now: datetime) -> str:
    """To whoever looks at the case meanwhile."""
    return f"{near(asked_at, now)}已申请{WORDS[kind]}，等另一位同志复核。"


def ask_letter(case: Case, kind: str) -> str:
    """To those who could agree: something waits for them."""
    head = f"待复核 #{case.number} {case.category.name}：申请{WORDS[kind]}。"
    return f"{head}请到工作台“管理 → 待复核”看过再决定，过了办结时限就不能同意了。"
