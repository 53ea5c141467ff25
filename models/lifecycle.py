"""Every life cycle as data: from which state, by which verb, to which state, and who may say it.

This file imports nothing. Rules move things by it, screens draw their buttons from it, tests walk every
allowed and every forbidden pair of it. "system" is what happens unasked (app/jobs).
"""

from typing import NamedTuple


class Move(NamedTuple):
    source: str
    verb: str
    target: str
    who: frozenset[str]


def _moves(*rows: tuple[str, str, str, str]) -> tuple[Move, ...]:
    return tuple(Move(source, verb, target, frozenset(who.split())) for source, verb, target, who in rows)


CASE = _moves(
    # from          verb            to                    who may say it
    ("reported",    "dispatch",     "dispatched",         "system community_admin subdistrict_admin district_admin"),
    ("reported",    "grab",         "handling",           "grid_worker"),
    ("reported",    "escalate",     "reported",           "system"),
    ("reported",    "reject",       "rejected",           "community_admin subdistrict_admin district_admin"),
    ("reported",    "hand_over",    "handed_over",        "community_admin subdistrict_admin"),
    ("reported",    "merge",        "merged",             "grid_worker community_admin"),
    ("reported",    "withdraw",     "withdrawn",          "reporter"),
    ("dispatched",  "dispatch",     "dispatched",         "system community_admin subdistrict_admin district_admin"),
    ("dispatched",  "escalate",     "dispatched",         "system"),
    ("dispatched",  "accept",       "handling",           "handler community_admin"),
    ("dispatched",  "transfer",     "dispatched",         "handler"),
    ("dispatched",  "return_back",  "reported",           "handler"),
    ("dispatched",  "reject",       "rejected",           "community_admin subdistrict_admin district_admin"),
    ("dispatched",  "hand_over",    "handed_over",        "community_admin subdistrict_admin"),
    ("dispatched",  "merge",        "merged",             "grid_worker community_admin"),
    ("dispatched",  "withdraw",     "withdrawn",          "reporter"),
    ("handling",    "dispatch",     "dispatched",         "community_admin subdistrict_admin district_admin"),
    ("handling",    "make_safe",    "handling",           "handler"),
    ("handling",    "transfer",     "dispatched",         "handler"),
    ("handling",    "return_back",  "reported",           "handler"),
    ("handling",    "handle",       "handled",            "handler"),
    ("handling",    "hand_in",      "checking",           "handler"),
    ("handling",    "plan",         "planned",            "community_admin subdistrict_admin"),
    ("handling",    "hand_over",    "handed_over",        "community_admin subdistrict_admin"),
    ("handling",    "merge",        "merged",             "grid_worker community_admin"),
    ("checking",    "pass_check",   "handled",            "checker"),
    ("checking",    "rework",       "handling",           "checker"),
    ("checking",    "skip_check",   "handled",            "system"),
    ("planned",     "resume",       "handling",           "system community_admin subdistrict_admin"),
    ("handled",     "confirm",      "closed",             "reporter"),
    ("handled",     "reopen",       "reported",           "reporter community_admin subdistrict_admin"),
    ("handled",     "lapse",        "closed_no_feedback", "system"),
    ("closed",      "reopen",       "reported",           "reporter community_admin subdistrict_admin"),
    ("closed_no_feedback", "confirm", "closed",           "reporter"),
    ("closed_no_feedback", "reopen", "reported",          "reporter community_admin subdistrict_admin"),
    ("rejected",    "reopen",       "reported",           "community_admin subdistrict_admin"),
    ("handed_over", "reopen",       "reported",           "reporter community_admin subdistrict_admin"),
    ("merged",      "unmerge",      "reported",           "system community_admin subdistrict_admin"),
)  # fmt: skip

CASE_STATES = {
    "reported": "已收到，等待派单",
    "dispatched": "已派给网格员，等待接单",
    "handling": "网格员处理中",
    "checking": "已办好，等人核查",
    "handled": "已办好，等您评价",
    "planned": "已挂账，按计划办理",
    "closed": "已办结",
    "closed_no_feedback": "已办结（未评价）",
    "rejected": "不予受理",
    "handed_over": "已转交有关单位",
    "merged": "与另一件合并办理",
    "withdrawn": "已撤回",
}

#: The same on a card of WeChat, whose field for it holds five Chinese characters.
CASE_STATES_SHORT = {
    "reported": "待派单",
    "dispatched": "待接单",
    "handling": "处理中",
    "checking": "待核查",
    "handled": "待评价",
    "planned": "已挂账",
    "closed": "已办结",
    "closed_no_feedback": "已办结",
    "rejected": "不予受理",
    "handed_over": "已转交",
    "merged": "合并办理",
    "withdrawn": "已撤回",
}

CASE_VERBS = {
    "report": "上报",
    "dispatch": "派单",
    "escalate": "无人接单，自动改派",
    "transfer": "转给同事",
    "grab": "抢单",
    "offer": "请网格员抢单",
    "reject": "不予受理",
    "hand_over": "转交其他单位",
    "merge": "合并到另一件",
    "unmerge": "取消合并",
    "absorb": "并入一件",
    "part": "分出一件",
    "apart": "不是同一件",
    "object": "不同意合并",
    "withdraw": "撤回",
    "accept": "接单",
    "return_back": "退回",
    "make_safe": "现场已安全",
    "handle": "办好了",
    "hand_in": "办好了，交核查",
    "pass_check": "核查通过",
    "rework": "核查不通过，返工",
    "skip_check": "无人核查，请居民评价",
    "plan": "挂账",
    "resume": "恢复办理",
    "plan_note": "挂账进展",
    "extend": "延期",
    "classify": "定类别",
    "split": "分办",
    "ask": "请居民补充",
    "answer": "居民补充了",
    "confirm": "评价",
    "reopen": "没解决，重办",
    "keep": "不重办",
    "lapse": "期满未评价",
    "note": "补充",
    "contact": "联系居民",
    "involve": "标明有关单位",
    "whistle": "申请吹哨",
    "blow": "吹哨",
    "subcase": "分办进展",
    "tell_party": "告知被反映方",
    "exclude": "不予考核",
}

#: States in which somebody still has something to do.
CASE_OPEN = ("reported", "dispatched", "handling", "checking", "planned", "handled")

#: Why a case ended without having been solved, by the verb that ends it (domain §3.1, 北京 接诉即办 Art. 11).
DISPOSITIONS = {
    "not_a_matter": "不属于社区服务事项",
    "not_found": "现场核实，没有发现这个问题",
    "legal_channel": "应走诉讼、仲裁、信访等法定渠道",
    "emergency_line": "已请拨打 110、119、120、122",
    "no_new_facts": "同一件事已办过，没有新情况",
    "secret_privacy": "涉及国家秘密、商业秘密或他人隐私",
    "market": "属于市场服务，请找商家或社会机构",
    "unlawful": "诉求违法或违背公序良俗",
}

#: A piece of a case that one party answers for. "unit" is whoever holds the unit's link or answers for it,
#: "worker" the colleague it was given to, "arbiter" the street, or the community where none is set.
SUBCASE = _moves(
    ("asked",    "accept",  "accepted", "unit worker community_admin"),
    ("asked",    "refuse",  "refused",  "unit"),
    ("asked",    "drop",    "dropped",  "community_admin system"),
    ("refused",  "insist",  "asked",    "arbiter"),
    ("refused",  "drop",    "dropped",  "arbiter community_admin system"),
    ("asked",    "arrive",  "arrived",  "unit worker"),
    ("accepted", "arrive",  "arrived",  "unit worker"),
    ("accepted", "finish",  "done",     "unit worker community_admin"),
    ("accepted", "drop",    "dropped",  "community_admin system"),
    ("arrived",  "finish",  "done",     "unit worker community_admin"),
    ("arrived",  "drop",    "dropped",  "community_admin system"),
    ("done",     "redo",    "accepted", "community_admin"),
)  # fmt: skip

SUBCASE_STATES = {
    "asked": "等待答复", "accepted": "已接受", "refused": "提出异议，等待裁定", "arrived": "已到场", "done": "已办完",
    "dropped": "已取消",
}  # fmt: skip

SUBCASE_VERBS = {
    "ask": "请求办理", "accept": "接受", "refuse": "提出异议", "insist": "裁定仍由其办理", "arrive": "到场报到",
    "plan": "报计划", "finish": "办完", "redo": "请再办", "drop": "取消", "rate": "评价", "warn": "设置警示",
    "remind": "催办", "renew": "更换链接",
}  # fmt: skip

#: A worker wishes, the community blows, the street confirms where the community is set so, the units come.
WHISTLE = _moves(
    ("wished", "blow",    "asked",     "community_admin"),
    ("wished", "refuse",  "refused",   "community_admin subdistrict_admin"),
    ("wished", "close",   "closed",    "community_admin subdistrict_admin"),
    ("wished", "cancel",  "cancelled", "system"),
    ("asked",  "confirm", "blown",     "subdistrict_admin system"),
    ("asked",  "refuse",  "refused",   "subdistrict_admin"),
    ("asked",  "cancel",  "cancelled", "community_admin system"),
    ("blown",  "close",   "closed",    "community_admin"),
    ("blown",  "cancel",  "cancelled", "community_admin system"),
)  # fmt: skip

WHISTLE_STATES = {
    "wished": "网格员申请，等社区吹哨", "asked": "等街道确认", "blown": "已吹哨，等单位报到", "closed": "已办结",
    "refused": "没有同意", "cancelled": "已取消",
}  # fmt: skip

QUESTION = _moves(
    ("open", "answer",   "answered",  "reporter"),
    ("open", "withdraw", "withdrawn", "staff"),
    ("open", "lapse",    "lapsed",    "system"),
)  # fmt: skip

QUESTION_STATES = {"open": "等居民回答", "answered": "已回答", "withdrawn": "不用回答了", "lapsed": "没有等到回答"}

TOPIC = _moves(
    ("proposed", "take",    "taken",     "community_admin"),
    ("proposed", "dismiss", "dismissed", "community_admin"),
    ("taken",    "settle",  "settled",   "community_admin"),
    ("taken",    "dismiss", "dismissed", "community_admin"),
)  # fmt: skip

TOPIC_STATES = {"proposed": "建议专题研究", "taken": "已列入议题", "settled": "已有结果", "dismissed": "不列入"}

LETTER = _moves(
    ("owed",      "claim",    "sending",   "system"),
    ("sending",   "deliver",  "sent",      "system"),
    ("sending",   "refuse",   "refused",   "system"),
    ("sending",   "postpone", "owed",      "system"),
    ("sending",   "doubt",    "uncertain", "system"),
    ("sending",   "fail",     "failed",    "system"),
    ("sent",      "bounce",   "refused",   "system"),
    ("owed",      "expire",   "expired",   "system"),
    ("uncertain", "resend",   "owed",      "community_admin"),
    ("failed",    "resend",   "owed",      "community_admin"),
    ("refused",   "resend",   "owed",      "community_admin"),
    ("expired",   "resend",   "owed",      "community_admin"),
    ("refused",   "revive",   "owed",      "system"),
    ("failed",    "revive",   "owed",      "system"),
)  # fmt: skip

LETTER_STATES = {
    "owed": "待发送",
    "sending": "发送中",
    "sent": "已送达微信",
    "refused": "对方不接收",
    "expired": "已过时效",
    "failed": "发送失败",
    "uncertain": "结果不明",
}

SIGNIN = _moves(
    ("shown",   "scan",    "scanned",  "anyone"),
    ("scanned", "scan",    "scanned",  "scanner"),
    ("scanned", "consent", "approved", "scanner"),
    ("scanned", "refuse",  "refused",  "scanner"),
    ("approved", "use",    "used",     "browser"),
)  # fmt: skip

APPROVAL = _moves(
    ("asked", "approve",  "approved",  "second"),
    ("asked", "refuse",   "refused",   "second"),
    ("asked", "withdraw", "withdrawn", "asker"),
)  # fmt: skip

DELEGATION = _moves(
    ("asked",     "confirm", "confirmed", "staff"),
    ("asked",     "refuse",  "refused",   "staff"),
    ("asked",     "end",     "ended",     "principal agent"),
    ("confirmed", "end",     "ended",     "principal agent staff"),
)  # fmt: skip

#: "asked" is the time to think it over; nobody takes back what has begun.
DATA_REQUEST = _moves(
    ("asked", "begin",    "doing",     "system"),
    ("asked", "withdraw", "withdrawn", "person"),
    ("asked", "refuse",   "refused",   "system"),
    ("doing", "finish",   "done",      "system"),
)  # fmt: skip

DATA_REQUEST_STATES = {
    "asked": "已受理，还没开始", "doing": "正在办理", "done": "已办完", "withdrawn": "已取消", "refused": "没有办",
}  # fmt: skip

#: Published text is never changed: a mistake is put right by another notice.
NOTICE = _moves(
    ("published", "withdraw", "withdrawn", "sender"),
)  # fmt: skip

NOTICE_STATES = {"published": "已发布", "withdrawn": "已撤回"}

SATISFACTION = {"satisfied": "满意", "basically_satisfied": "基本满意", "dissatisfied": "不满意"}


def find(moves: tuple[Move, ...], source: str, verb: str) -> Move | None:
    """The move of that verb from that state, or None when the table has none."""
    return next((move for move in moves if move.source == source and move.verb == verb), None)


def verbs_for(moves: tuple[Move, ...], source: str, parts: set[str]) -> list[str]:
    """What somebody in these parts may say in this state, in the order of the table: the buttons of a screen."""
    return [move.verb for move in moves if move.source == source and move.who & parts]
