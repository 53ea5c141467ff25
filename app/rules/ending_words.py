"""What a reporter is told when a case ends without having been solved: why, and what to do instead."""

from app.rules import wording
from models.case import Case
from models.lifecycle import DISPOSITIONS

#: What one can do instead, by models.lifecycle.DISPOSITIONS (domain §3.1, 北京 接诉即办 Art. 11).
INSTEAD = {
    "not_a_matter": "不清楚该找谁的话，可以拨打 12345 政务服务热线。",
    "not_found": "如果问题还在，请重新上报，发一张照片或位置，我们再去看。",
    "legal_channel": "已经进入诉讼、仲裁、复议或信访程序的，请向承办机关了解进展；需要法律帮助可以拨打 12348。",
    "emergency_line": "正在发生危险时请直接拨打 110（报警）、119（火警）、120（急救）、122（交通事故）。",
    "no_new_facts": "有新的情况请重新上报，写明和上次有什么不同。",
    "secret_privacy": "请不要在这里说明涉密或他人隐私的内容，需要时请当面到社区反映。",
    "market": "请直接联系商家或服务机构；消费纠纷可以拨打 12315。",
    "unlawful": "请通过合法的方式反映您的合理需求，社区愿意听您说。",
}


def refused(case: Case, note: str) -> str:
    """To the reporter: not taken, why in a word and in the admin's own, and what to do instead."""
    why = DISPOSITIONS.get(case.disposition, "")
    head = f"#{case.number} 社区没有受理：{why}。" if why else f"#{case.number} 社区没有受理。"
    instead = INSTEAD.get(case.disposition, "")
    return f"{head}\n说明：{note}\n{instead}如有不同意见，直接在这里回复即可。"


def handed_over(case: Case, note: str) -> str:
    """To the reporter: not ours, whose it is, and how to come back: the community stays the convener."""
    return (
        f"#{case.number} 这件事不归社区管，已转交{case.handed_to}。\n说明：{note}\n"
        f"请等对方联系您。如果对方不接、迟迟不办，请回复“#{case.number} 没解决”，社区接着协调，不会不管。"
    )


def handed_over_followers(case: Case) -> str:
    """To who met the same thing."""
    return f"#{case.number}（您说也遇到了的{case.category.name}）已转交{case.handed_to}办理。"


def heading(case: Case) -> str:
    """The case in a few words, for a letter to colleagues."""
    return f"#{case.number} {case.category.name}，{wording.where(case)}"
