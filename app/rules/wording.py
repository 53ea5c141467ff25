"""One catalogue of what we say: the same words in push, chat, phone and console for the same thing.

Every function takes plain rows and gives one Chinese sentence or a few short lines: who does what by when.
"""

from datetime import datetime

from app.rules import same_words
from app.rules.clock import left, near
from models.case import Case
from models.lifecycle import CASE_STATES, CASE_STATES_SHORT, SATISFACTION
from models.role import ROLES

#: The official account's menu: what stands on the button, and the key it sends (handlers/wechat/events.py answers).
MENU = (("我要上报", "report"), ("我的上报", "cases"), ("问社区", "chat"))
#: Who did a step of a case: the part played, never a name.
PARTS = ROLES | {
    "reporter": "居民", "resident": "居民", "owner": "业主", "guest": "居民", "agent": "家人代办", "handler": "网格员",
    "unit_contact": "单位联系人", "party": "被反映方", "system": "系统",
}  # fmt: skip
HOTLINES = "有人受伤或正在发生危险，请先打 110 / 119 / 120。"


def where(case: Case) -> str:
    """The place of a case as one reads it aloud: the tree's label, then what the resident said of it."""
    label = case.place.label if case.place_id else case.community.name
    return f"{label} {case.place_words}".strip() if case.place_words and case.place_words not in label else label


def compound(case: Case) -> str:
    """The place of a case as far as everybody may know it: the compound, never the building or door."""
    # A label is the way down from the compound: "幸福家园 3号楼 2单元 501".
    return case.place.label.split(" ")[0] if case.place_id else case.community.name


def facts(case: Case) -> dict[str, str]:
    """The plain values of a case for a letter, by our own field names."""
    return {
        "number": f"#{case.number}",
        "what": case.category.name,
        "place": where(case),
        "who": case.community.name,
        "state": CASE_STATES_SHORT[case.state],
        "at": case.updated_at.isoformat(),
        "key": case.key,
    }


def received(case: Case, now: datetime) -> str:
    """The answer to a report: its number, who will do what by when, and what one can still add.

    In an emergency what saves a life comes first.
    """
    lines = [f"收到，编号 #{case.number}：{case.category.name}，{where(case)}。"]
    if case.category.emergency:
        whom = "网格员会马上到现场" if case.handler_id else "已通知社区，马上安排人到现场"
        whom = same_words.known_already(case).rstrip("。") if case.same_as_id and not case.handler_id else whom
        return "\n".join([case.category.advice or HOTLINES, *lines, f"{whom}。"])
    if case.same_as_id and not case.handler_id:
        lines.append(same_words.known_already(case))
    elif case.hazard and case.safe_due:
        advice = case.category.advice or "请注意安全。"
        lines.append(f"这是安全隐患，已通知网格员，{near(case.safe_due, now)}前先到现场处置。{advice}")
    elif case.accept_due:
        lines.append(f"已通知网格员，{near(case.accept_due, now)}前接单。")
    else:
        lines.append("已转给社区，会有人尽快联系您。")
    lines.append("可以接着发照片或位置；有进展会在这里告诉您。")
    return "\n".join(lines)


def unplaced(case: Case) -> str:
    """The answer when nobody could be found for the place: the community itself takes it."""
    known = case.place_id or case.place_words
    what = f"{case.category.name}，{where(case)}" if known else case.category.name
    whom = "社区会安排人处理" if known else "社区会确认地点并安排人"
    whom = same_words.known_already(case).rstrip("。") if case.same_as_id else whom
    return f"收到，编号 #{case.number}：{what}。{whom}，请留意这里的消息。"


def told_before(case: Case, now: datetime) -> str:
    """The answer to whoever tells of a case again or asks after it: how it stands and until when."""
    handling = case.state == "handling"
    limit = None if case.state == "handled" else case.resolve_due if handling else case.accept_due
    what = "办结" if handling else "接单"
    due = f"，{near(limit, now)}前{what}（{left(limit, now)}）" if limit else ""
    head = f"#{case.number} {CASE_STATES[case.state]}：{case.category.name}，{where(case)}{due}。已把这条转给社区。"
    return f"{case.category.advice or HOTLINES}\n{head}" if case.category.emergency else head


def task(case: Case, now: datetime) -> str:
    """A new task, to a grid worker in the chat."""
    limit = case.safe_due if case.hazard and case.safe_due else case.resolve_due
    deed = "到现场" if case.category.emergency else "先到场围护" if case.hazard else "办结"
    due = f"\n{near(limit, now)}前{deed}（{left(limit, now)}）" if limit else ""
    danger = "【危险】" if case.hazard else ""
    head = f"{danger}新任务 #{case.number}：{case.category.name}\n{where(case)}"
    return f"{head}\n“{case.words}”{due}\n回复“接单 {case.number}”"


def task_hint(case: Case) -> str:
    """The short hint on a worker's card (20 characters at most)."""
    if case.category.emergency:
        return "请马上接单，赶到现场"
    return "请马上接单，先到现场围护" if case.hazard else "请按时接单处理"


def found(case: Case) -> str:
    """The place of an emergency, learned after it was reported, to whoever is on the way."""
    return f"【危险】#{case.number} {case.category.name}，地点更正为：{where(case)}。"


def to_dispatch(case: Case) -> str:
    """A case that found no worker, to the community admin."""
    return f"待派单 #{case.number}：{case.category.name}，{where(case)}。请到工作台指派网格员。"


def called_off(case: Case, verb: str) -> str:
    """To the worker who was sent, when the case was taken out of this worker's hands by a verb of somebody else."""
    why = {
        "withdraw": "居民已撤回", "reject": "社区已决定不予受理", "dispatch": "已改派给别的同事",
        "merge": "已并入另一件一起办理",
        "hand_over": "社区已转交其他单位",
        "accept": "已有别的同事接单", "escalate": "到时限没有接单，已改派给别人",
    }  # fmt: skip
    return f"#{case.number} {why[verb]}，您不用去了。"


def whistle(case: Case, unit: str, note: str) -> str:
    """A worker asks for a unit (its name, or empty), to the community admin."""
    whom = f"请“{unit}”到场" if unit else "请有关单位到场"
    head = f"#{case.number} {case.category.name}，{where(case)}：网格员申请{whom}。"
    return f"{head}说明：{note}\n请到工作台吹哨，或标明办理单位。"


def whistle_answered(case: Case, unit: str, note: str) -> str:
    """The answer of the community, to the worker who asked for a unit."""
    said = f"说明：{note}" if note else ""
    answer = f"社区已请“{unit}”办理。" if unit else "社区这次不请单位，请继续处理。"
    return f"#{case.number} {answer}{said}"


def reminder(case: Case, limit: str, due: datetime, now: datetime) -> str:
    """A reminder of a time limit: accept, contact, make_safe or resolve."""
    what = {
        "accept": "还没接单", "contact": "还没联系居民", "make_safe": "还没围护到位", "resolve": "还没办结",
        "check": "还没核查",
    }[limit]  # fmt: skip
    return f"提醒 #{case.number}：{case.category.name}，{where(case)}，{what}，{left(due, now)}。"


def progress(case: Case, verb: str, note: str = "") -> str:
    """What the reporter is told after a step."""
    said = f"说明：{note}" if note else ""
    lines = {
        "accept": f"#{case.number} 网格员已接单，正在赶往现场。",
        "make_safe": f"#{case.number} 现场已围护，暂时安全了；接下来修复。{said}",
        "return_back": f"#{case.number} 正在换人处理，社区会重新安排。",
        "reject": f"#{case.number} 社区没有受理。{said} 如有不同意见，直接在这里回复即可。",
        "dispatch": f"#{case.number} 已重新安排网格员处理。",
        "reopen": f"#{case.number} 已重新办理，网格员会再到现场。",
    }
    return lines[verb].strip()


def followed(case: Case, verb: str) -> str | None:
    """What those are told who met the same thing, after a step of the case; None for a step that is not for them."""
    what = f"#{case.number}（您说也遇到了的{case.category.name}）"
    lines = {
        "handle": f"{what}已处理好。如果还有问题，请重新上报。",
        "pass_check": f"{what}已处理好。如果还有问题，请重新上报。",
        "skip_check": f"{what}已处理好。如果还有问题，请重新上报。",
        "hand_over": f"{what}不归社区管，已转交{case.handed_to}。",
        "confirm": f"{what}已办结，谢谢您的反映。",
        "lapse": f"{what}已办结，谢谢您的反映。",
        "reject": f"{what}社区没有受理。如果您那里还有，请自己上报，说明情况。",
        "withdraw": f"{what}已由上报人撤回。如果您那里还有，请自己上报。",
    }
    return lines.get(verb)


def judge(case: Case, note: str = "") -> str:
    """The question after the work: the residents judge the result."""
    said = f"（{note}）" if note else ""
    return (
        f"#{case.number} {case.category.name}已处理{said}。\n解决了吗？请回复：\n"
        "1 解决了，满意\n2 解决了，基本满意\n3 解决了，不满意\n4 没有解决"
    )


def thanks(case: Case) -> str:
    """The answer to a judgement."""
    said = SATISFACTION.get(case.satisfaction or "", "")
    if case.satisfaction == "dissatisfied":
        return f"#{case.number} 记下了：已解决，{said}。哪里没做好，请直接告诉我们，社区会看到。"
    return f"#{case.number} 记下了：已解决，{said}。谢谢您！"


def answer(text: str, case: Case | None) -> str:
    """A human answer as the resident gets it: by role, not by name; to an anonymous one also how to stay so."""
    if case is None:
        return f"【社区】{text}"
    said = f"【社区】#{case.number} {text}"
    return f"{said}\n回复时请带上编号 #{case.number}，名字不会显示。" if case.anonymous else said
