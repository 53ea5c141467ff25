"""What every column is kept for: the register of personal data in purposes.toml, read once and told to residents.

PIPL 17: who, what for, how, which kinds, how long, and how to exercise one's rights. The deletion itself is
app.rules.retention; its days are settings.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

LEVELS = {"no": "不是个人信息", "ordinary": "个人信息", "sensitive": "敏感个人信息", "secret": "保密"}
GROUNDS = {
    "consent": "您的同意",
    "duty": "法定职责",
    "contract": "您要我们办的事",
    "emergency": "紧急情况下保护生命健康",
    "employment": "履行岗位职责",
}
#: From when the days of a kind of app.rules.retention are counted, as residents read it.
SINCE = {
    "sessions": "登录过期后", "signins": "过期后", "failures": "最后一次输错后", "household_codes": "过期后",
    "residences": "搬走后", "cases": "办结后", "case_photos": "办结后", "case_voices": "办结后",
    "conversations": "最后一次说话后",
    "lines": "说过以后", "drafts": "报上来以后", "inbound": "收到后", "letters": "发出后", "tasks": "做完后",
    "receipts": "答复后", "approvals": "办完后", "glass": "看过后", "alerts": "处理后", "consents": "失效后",
    "delegations": "结束后", "notice_readings": "看过后", "patrols": "巡查后",
    "visits": "走访后",
}  # fmt: skip
#: What no number of days ends.
ALWAYS = {
    "person": "用到您注销为止",
    "role": "任职期间，离任后作为履职记录保存",
    "record": "作为办过这件事的证明一直保存，其中没有内容",
    "audit": "一直保存，任何人都不能删；其中没有姓名、电话和说过的话",
    "running": "用完就换",
}
#: To whom data go, and which (PIPL 23, 网络数据安全管理条例 21: a list with the recipients).
RECIPIENTS = (
    ("深圳市腾讯计算机系统有限公司（微信）", "把通知送到您的微信，检查照片和文字是否违法",
     "微信编号、通知里的事项编号、类型、地点和进展，您发的照片"),
    ("承办的部门、物业公司和其他单位", "办理社区转给它的那件事", "事情的内容、地点和照片；没有您的姓名和手机号"),
    ("部署本系统的机房或云服务商（以运营单位公布的为准）", "存放数据，按合同不得查看和使用", "全部数据（加密传输）"),
)  # fmt: skip
RIGHTS = (
    "看：小程序“我的”里看得到自己的信息、上报和对话，也看得到谁查过您的信息。",
    "要一份副本：小程序“我的”→“隐私”→“导出我的数据”，一天之内做好。",
    "改正：称呼、住址自己改；别的请在对话里告诉社区。",
    "撤回同意：小程序“我的”→“隐私”，或在公众号里回复“撤回同意 手机号”“撤回同意 位置”，马上生效。",
    "删除和注销：小程序“我的”→“隐私”→“注销”，一天之内办完；法律要求保存的只留下去掉姓名的部分。",
    "请家人代办：小程序“我的”→“家人代办”，两个人一起到社区确认。",
    "不满意：可以向下面的联系人投诉，也可以向网信部门投诉或到法院起诉。",
)


class Use(NamedTuple):
    """What some columns of a table are kept for. `show` is what residents call it; empty: nothing for their page."""

    table: str
    columns: tuple[str, ...]
    level: str
    ground: str
    keep: str
    purpose: str
    show: str = ""


@cache
def register() -> tuple[Use, ...]:
    """Every use of every table, those that are no personal data last. Raises KeyError for a word that is unknown."""
    data = tomllib.loads((Path(__file__).parent / "purposes.toml").read_text(encoding="utf-8"))
    uses = [_use(table, row) for table, held in data.items() for row in held.get("uses", [])]
    plain = ((table, tuple(held.get("plain", "").split())) for table, held in data.items())
    return (*uses, *(Use(table, columns, "no", "", "", "") for table, columns in plain if columns))


def _use(table: str, row: dict) -> Use:
    use = Use(table, **row | {"columns": tuple(row["columns"].split())})
    if use.level not in LEVELS or use.ground not in GROUNDS or use.keep not in ALWAYS | SINCE:
        raise KeyError(f"{table}: {use.level}, {use.ground} or {use.keep}")
    return use


def shown() -> list[Use]:
    """What residents read: each thing once, with its most sensitive level, in the order of the register."""
    order = list(LEVELS)
    found: dict[tuple[str, str], Use] = {}
    for use in register():
        if use.show:
            known = found.get((use.show, use.purpose))
            if known is None or order.index(use.level) > order.index(known.level):
                found[use.show, use.purpose] = use
    return list(found.values())


def kept(keep: str, days: Mapping[str, int]) -> str:
    """How long something is kept, as residents read it: "办结后 3 年". `days` are those of the settings, by kind."""
    if keep in ALWAYS:
        return ALWAYS[keep]
    count = days[keep]
    years, months = divmod(count, 365)[0] if count % 365 == 0 else 0, count // 30 if count % 30 == 0 else 0
    return SINCE[keep] + (f" {years} 年" if years else f" {months} 个月" if months else f" {count} 天")
