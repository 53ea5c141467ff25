"""What is said about subcases and whistles: one catalogue for letters, timelines, the unit's page and the desk."""

import re
from datetime import datetime

from app.rules import wording
from app.rules.clock import left, near
from models.case import Case
from models.lifecycle import SUBCASE_STATES, SUBCASE_VERBS
from models.subcase import KINDS, Subcase
from models.whistle import KINDS as WHISTLES

HIDDEN = "＊＊＊"
#: Seven digits or more, however they are written apart: a telephone or an ID number, which no unit needs.
_NUMBER = re.compile(r"[0-9０-９](?:[\s\-－—.·()（）+]{0,2}[0-9０-９]){6,}[Xx]?")
#: What each way of coming is called.
MODES = {"onsite": "到现场", "remote": "电话或视频"}


def plain(words: str) -> str:
    """Words as a unit may read them: telephone and ID numbers are hidden."""
    return _NUMBER.sub(HIDDEN, words)


def where(case: Case) -> str:
    """The place as a unit may read it."""
    return plain(wording.where(case))


def party(subcase: Subcase) -> str:
    """Who answers for it, by name: the unit, the colleague, or the community itself."""
    if subcase.unit_id is not None:
        return subcase.unit.name
    if subcase.worker_id is not None:
        return subcase.worker.name or "工作人员"
    return "现场处理人" if subcase.kind == "safety_action" else "社区"


def title(subcase: Subcase) -> str:
    """What it is, by its kind: "应急处置吹哨" or "分办"."""
    return f"{WHISTLES[subcase.whistle.kind]}吹哨" if subcase.whistle_id is not None else KINDS[subcase.kind]


def aim(subcase: Subcase) -> str:
    """What has to be done by its deadline."""
    return "报到" if subcase.kind == "call" else "办完"


def countdown(subcase: Subcase, moment: datetime) -> str:
    """What is to be done by when: "今天 17:30 前报到，还剩 40 分钟"; what is over says what happened."""
    if subcase.state == "done":
        return f"{near(subcase.done_at, moment)} 已办完"
    if subcase.state in ("dropped", "refused"):
        return SUBCASE_STATES[subcase.state]
    if subcase.kind == "call" and subcase.arrived_at is not None:
        said = f"{near(subcase.arrived_at, moment)} 已报到"
        return f"{said}，计划{near(subcase.planned_until, moment)}前办完" if subcase.planned_until else said
    if subcase.due_at is None:
        return "没有定时限，请尽快办"
    return f"{near(subcase.due_at, moment)} 前{aim(subcase)}，{left(subcase.due_at, moment)}"


def step(subcase: Subcase, verb: str, note: str = "", who: str = "") -> str:
    """What happened, for the timeline that staff read."""
    by = f"（{who}）" if who else ""
    said = f"{party(subcase)}{by}：{SUBCASE_VERBS[verb]}"
    return f"{said}，{note}" if note else said


def asked(subcase: Subcase, moment: datetime) -> str:
    """The request, to whoever answers for it."""
    case = subcase.case
    lead = "，由贵单位牵头" if subcase.lead and subcase.unit_id else "，由您牵头" if subcase.lead else ""
    by = f"{near(subcase.due_at, moment)}前{aim(subcase)}" if subcase.due_at else "请尽快办"
    return (
        f"【{title(subcase)}】{case.community.name}请{party(subcase)}协助{lead}：{where(case)}，{case.category.name}。"
        f"{plain(subcase.words)}\n{by}。"
    )


def reminded(subcase: Subcase, moment: datetime) -> str:
    """A reminder of the deadline, to the unit, the community and after it the street."""
    case = subcase.case
    when = f"{near(subcase.due_at, moment)}前{aim(subcase)}，{left(subcase.due_at, moment)}"
    return (
        f"【催办】#{case.number} {case.category.name}，{where(case)}：{party(subcase)}{when}，"
        f"现在{SUBCASE_STATES[subcase.state]}。"
    )


def moved(subcase: Subcase, verb: str, note: str) -> str:
    """What a unit or colleague answered, to the community (or the street)."""
    case = subcase.case
    head = f"#{case.number} {case.category.name}：{party(subcase)}"
    return {
        "refuse": f"{head}提出异议：{note}。请裁定：仍由其办理，或取消。",
        "insist": f"{head}，经裁定仍由贵单位办理：{note or '请按期办理'}。有困难请联系社区。",
        "drop": f"{head}，这项请求已取消，不用再来了。{note}",
        "redo": f"{head}，还没有办好，请再办：{note}。",
        "finish": f"{head}已办完：{note}。请核实并评价。",
    }[verb]
