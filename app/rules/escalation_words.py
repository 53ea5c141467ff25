"""What we say when nobody took a case in time: to whoever has it now, to the street, and to the resident."""

from app.rules.wording import where
from models.case import Case

#: For the history of a case, by how far silence moved it.
STEPS = {
    1: "到时限没有人接单，改派给另一位网格员",
    2: "到时限没有人接单，交给社区负责人",
    3: "到时限没有人接单，报街道督办",
}
#: What the resident is told.
TOLD = {1: "已改派给另一位网格员", 2: "已交给社区负责人安排", 3: "已报街道督办"}


def told(case: Case) -> str:
    """To the reporter: it was not forgotten."""
    return f"#{case.number} 还没有人接单，{TOLD[case.escalated]}，有进展会在这里告诉您。"


def to_street(case: Case) -> str:
    """To the street, when neither a worker nor the community took it."""
    danger = "【危险】" if case.hazard else ""
    head = f"{danger}督办 #{case.number}：{case.category.name}，{where(case)}。"
    return f"{head}到时限一直没有人接单，请打开工作台派单，或督促社区马上办。"
