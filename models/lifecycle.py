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
    ("reported",    "reject",       "rejected",           "community_admin subdistrict_admin district_admin"),
    ("reported",    "withdraw",     "withdrawn",          "reporter"),
    ("dispatched",  "dispatch",     "dispatched",         "system community_admin subdistrict_admin district_admin"),
    ("dispatched",  "accept",       "handling",           "handler community_admin"),
    ("dispatched",  "return_back",  "reported",           "handler"),
    ("dispatched",  "reject",       "rejected",           "community_admin subdistrict_admin district_admin"),
    ("dispatched",  "withdraw",     "withdrawn",          "reporter"),
    ("handling",    "dispatch",     "dispatched",         "community_admin subdistrict_admin district_admin"),
    ("handling",    "make_safe",    "handling",           "handler"),
    ("handling",    "return_back",  "reported",           "handler"),
    ("handling",    "handle",       "handled",            "handler"),
    ("handled",     "confirm",      "closed",             "reporter"),
    ("handled",     "reopen",       "reported",           "reporter community_admin subdistrict_admin"),
    ("handled",     "lapse",        "closed_no_feedback", "system"),
    ("closed",      "reopen",       "reported",           "reporter community_admin subdistrict_admin"),
    ("closed_no_feedback", "confirm", "closed",           "reporter"),
    ("closed_no_feedback", "reopen", "reported",          "reporter community_admin subdistrict_admin"),
)  # fmt: skip

CASE_STATES = {
    "reported": "已收到，等待派单",
    "dispatched": "已派给网格员，等待接单",
    "handling": "网格员处理中",
    "handled": "已办好，等您评价",
    "closed": "已办结",
    "closed_no_feedback": "已办结（未评价）",
    "rejected": "不予受理",
    "withdrawn": "已撤回",
}

#: The same on a card of WeChat, whose field for it holds five Chinese characters.
CASE_STATES_SHORT = {
    "reported": "待派单",
    "dispatched": "待接单",
    "handling": "处理中",
    "handled": "待评价",
    "closed": "已办结",
    "closed_no_feedback": "已办结",
    "rejected": "不予受理",
    "withdrawn": "已撤回",
}

CASE_VERBS = {
    "report": "上报",
    "dispatch": "派单",
    "reject": "不予受理",
    "withdraw": "撤回",
    "accept": "接单",
    "return_back": "退回",
    "make_safe": "现场已安全",
    "handle": "办好了",
    "confirm": "评价",
    "reopen": "没解决，重办",
    "lapse": "期满未评价",
    "note": "补充",
    "contact": "联系居民",
    "involve": "标明有关单位",
    "whistle": "申请吹哨",
    "tell_party": "告知被反映方",
}

#: States in which somebody still has something to do.
CASE_OPEN = ("reported", "dispatched", "handling", "handled")

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
