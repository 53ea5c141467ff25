"""What routing rules say in Chinese: their conditions and targets as one reads them, and the names of their words."""

#: Hours of a report: in office hours, outside them, at night.
HOURS = {"work": "办公时间", "off": "非办公时间", "night": "夜间（22 点到 6 点）"}
CHANNELS = {"chat": "微信对话", "miniprogram": "小程序", "incident": "突发事件上报"}
ZONES = {"public_area": "公共区域", "compound_common": "小区共用部位", "private_exclusive": "户内"}
PRIORITIES = {
    "p0": "P0 紧急", "p1": "P1 隐患", "p2": "P2 较急", "p3": "P3 一般", "p4": "P4 综合", "consult": "咨询",
    "suggestion": "建议",
}  # fmt: skip
WEEKDAYS = {1: "周一", 2: "周二", 3: "周三", 4: "周四", 5: "周五", 6: "周六", 7: "周日"}
MODES = {"assign": "派给排在第一的网格员", "rotate": "轮流派，手上最少的先来", "grab": "大家抢单，谁先接谁办"}
ROLES = {"community_admin": "社区管理员"}


def conditions(given: dict, names: dict[str, str]) -> str:
    """The conditions of a rule in one line; `names` say what codes of categories, keys of grids and places are called.

    What has no name any more is called 已停用.
    """

    def called(keys: list[str]) -> str:
        return "、".join(names.get(key, "（已停用）") for key in keys)

    parts = []
    if "categories" in given:
        parts.append(f"类别是{called(given['categories'])}")
    if "zone" in given:
        parts.append(f"在{ZONES[given['zone']]}")
    if "grids" in given:
        parts.append(f"在{called(given['grids'])}")
    if "compounds" in given:
        parts.append(f"在{called(given['compounds'])}")
    if "hours" in given:
        parts.append(HOURS[given["hours"]])
    if "weekdays" in given:
        parts.append("、".join(WEEKDAYS[day] for day in given["weekdays"]))
    if "hazard" in given:
        parts.append("是安全隐患" if given["hazard"] else "不是安全隐患")
    if "priority" in given:
        parts.append(f"紧急程度是{PRIORITIES[given['priority']]}")
    if "channel" in given:
        parts.append(f"从{CHANNELS[given['channel']]}来")
    if "keywords" in given:
        parts.append(f"提到“{'”或“'.join(given['keywords'])}”")
    return "，".join(parts) or "所有事项"


def target(given: dict, names: dict[str, str]) -> str:
    """Whom a rule sends, in one line; `names` are what people, grids and units (by key) are called."""
    mode = f"，{MODES[given['mode']]}" if "mode" in given else ""
    if "worker" in given:
        return f"派给{names.get(given['worker'], '（已不在岗）')}"
    if "grid" in given:
        return f"派给{names.get(given['grid'], '（已停用）')}的网格员{mode}"
    if "role" in given:
        return f"交{ROLES[given['role']]}"
    if "unit" in given:
        return f"请“{names.get(given['unit'], '（已退出）')}”办理，网格员照常跟进"
    return f"本网格{mode[1:]}"


def sent_by(name: str, to: str) -> str:
    """The note of the step by which a rule sent a case."""
    return f"按分派规则“{name}”派给{to}"


def offered_by(name: str) -> str:
    """The note of an offer to a whole grid by a rule."""
    return f"按分派规则“{name}”，请网格员抢单"


def unit_by(name: str, unit: str) -> str:
    """The note of asking a unit by a rule."""
    return f"按分派规则“{name}”，请“{unit}”办理"


def gone(name: str) -> str:
    """The alert about a rule whose target is not there any more."""
    return f"分派规则“{name}”指定的人员、网格或单位已经不在，这条规则暂时跳过。请到“管理”→“分派规则”改好或停用。"
