"""How the desk says things: states with their shape, times, reach, why a letter did not arrive. Words, never codes."""

from datetime import datetime
from functools import reduce
from operator import or_

from app.guard import actor
from app.rules import clock, mask, rights, wording
from app.rules.reading import masked_person
from app.rules.reminder import LIMITS, RUNNING
from models.base import now
from models.case import Case
from models.conversation import Line
from models.judgement import ASPECTS
from models.lifecycle import CASE_STATES, CASE_VERBS, DISPOSITIONS, LETTER_STATES, QUESTION_STATES, SATISFACTION

#: The catalogue speaks to the resident; the desk speaks of the resident.
STATES = CASE_STATES | {"handled": "已办好，等居民评价"}
#: state: (tone, shape). Amber waits, teal is being done, grey is over; red is only for what is late or dangerous.
SIGNS = {
    "reported": ("wait", "ring"),
    "dispatched": ("wait", "quarter"),
    "handling": ("act", "half"),
    "checking": ("act", "most"),
    "planned": ("wait", "half"),
    "handled": ("act", "most"),
    "closed": ("done", "full"),
    "closed_no_feedback": ("done", "full"),
    "rejected": ("done", "cross"),
    "withdrawn": ("done", "bar"),
    "handed_over": ("done", "bar"),
    "merged": ("done", "bar"),
}
LETTER_SIGNS = {
    "owed": ("wait", "ring"),
    "sending": ("wait", "half"),
    "sent": ("done", "tick"),
    "refused": ("late", "cross"),
    "expired": ("late", "cross"),
    "failed": ("late", "cross"),
    "uncertain": ("wait", "question"),
}
LIMIT_WORDS = {"accept": "接单", "contact": "联系居民", "make_safe": "围护到位", "resolve": "办结"}
CHANNELS = {"chat": "微信对话", "subscribe": "订阅消息", "template": "服务通知", "none": "没有渠道"}
LETTER_KINDS = {
    "case_assigned": "新任务提醒",
    "case_reminder": "到期提醒",
    "case_progress": "进度通知",
    "judge_please": "请求评价",
    "answer": "社区答复",
    "answer_waiting": "答复提醒",
    "reply": "自动回复",
    "alert": "安全提醒",
    "notice": "通知",
}
#: The letters that go to colleagues.
TO_STAFF = frozenset({"case_assigned", "case_reminder", "alert", "notice"})
CHAT_SHUT = "超过48小时没有来信，或5条回复已用完"
NOT_FOLLOWING = "对方没有关注公众号"
REASONS = {
    "no_subscribe_budget": "没有订阅额度，对方还没同意接收这类提醒",
    "not_subscribed": "没有订阅额度，对方还没同意接收这类提醒",
    "no_chat_budget": CHAT_SHUT,
    "reply_window_closed": CHAT_SHUT,
    "replies_used_up": CHAT_SHUT,
    "not_following": NOT_FOLLOWING,
    "recipient_blocked": NOT_FOLLOWING,
    "recipient_refuses": "对方拒收了我们的消息",
    "user_block": "对方拒收了公众号的消息",
    "system_failed": "微信接收后没能送达，微信系统出了错",
    "push_failed": "微信接收后没能送到对方",
    "recipient_is_minor": "对方是未成年人，平台不允许发送",
    "invalid_openid": "微信不认识这个收件人，可能已注销",
    "openid_of_another_app": "微信不认识这个收件人，可能已注销",
    "template_missing": "没有配置这类消息的模板",
    "no_template": "没有配置这类消息的模板",
    "invalid_template_id": "消息模板已失效，请联系系统运维员",
    "invalid_template_data": "内容不符合模板要求，请联系系统运维员",
    "forbidden_words": "内容里有平台不允许的词",
    "daily_quota_spent": "今天的发送额度已用完",
    "sender_died": "发送中断，不知道对方收到没有",
    "no_way": "没有可用的渠道",
    "expired": "过了时效还没轮到发送",
    "no_right": "对方已不在岗或无权查看，没有发送",
    "called_off": "事情已有变化，这条不用再发",
}


def near(moment: datetime) -> str:
    """A moment as one says it now: "今天 17:30"."""
    return clock.near(moment, now())


def left(moment: datetime) -> str:
    """How long it is to a deadline, or since."""
    return clock.left(moment, now())


def full(moment: datetime) -> str:
    """The full date and time in Shanghai, for whoever asks what "今天" was."""
    return clock.full(moment)


def waited(since: datetime) -> str:
    """How long somebody has been waiting: "等了 2 小时"."""
    minutes = int((now() - since).total_seconds() // 60)
    if minutes < 1:
        return "刚刚来信"
    if minutes < 60:
        return f"等了 {minutes} 分钟"
    return f"等了 {minutes // 60} 小时" if minutes < 48 * 60 else f"等了 {minutes // 1440} 天"


def called(person) -> str:
    """How a person is called at the desk."""
    return person.name or "没有留名的居民"


def concealed(person) -> str:
    """How a resident is called at the desk, where the whole name is not needed."""
    return masked_person(person).name or "没有留名的居民"


def to_whom(letter) -> str:
    """To whom a letter goes: colleagues by name, residents as far as the desk needs it."""
    return called(letter.person) if letter.kind in TO_STAFF else concealed(letter.person)


def place_seen(case: Case) -> str:
    """Where a case is, as far as whoever looks may know."""
    exact = rights.plainly(actor(), "case.see_place", case)
    return wording.where(case) if exact else wording.compound(case)


def words(line: Line) -> str:
    """What was said in a line, in one line: the text, or what it is instead."""
    return line.text or {"image": "［照片］", "voice": "［语音］", "location": "［位置］"}.get(line.kind, "")


def why(outcome: str) -> str:
    """Why a letter did not arrive, in plain words."""
    return REASONS.get(outcome) or ("微信平台暂时没有接收" if outcome else "原因未知")


def reach_line(way: dict) -> tuple[str, str]:
    """(tone, sentence) for what will happen to an answer that is sent now; `way` comes from app.rules.person.reach."""
    return {
        "chat": ("act", f"48小时窗口内，还能回 {way['left']} 条"),
        "subscribe": ("wait", "已超过48小时：会改发订阅消息，提醒对方点开看"),
        "template": ("wait", "已超过48小时：会改发服务通知，提醒对方点开看"),
        "none": ("late", "现在送不到：先存下，等对方下次来信就送达；急事请打电话"),
    }[way["way"]]


def overdue(case: Case, moment: datetime) -> list[str]:
    """Which limits of a case have passed without being met: names of LIMITS, nothing when all is well."""
    return [name for name in _owed(case) if due(case, name) < moment]


def next_limit(case: Case) -> str | None:
    """Which limit ends first of those not met yet."""
    return min(_owed(case), key=lambda name: due(case, name), default=None)


def _owed(case: Case) -> list[str]:
    if case.state not in RUNNING:
        return []
    return [name for name, (due_by, met) in LIMITS.items() if getattr(case, due_by) and not getattr(case, met)]


def overdue_in_database(moment: datetime):
    """The same as a condition on Case."""
    late = [(getattr(Case, due_by) < moment) & getattr(Case, met).is_null() for due_by, met in LIMITS.values()]
    return Case.state.in_(RUNNING) & reduce(or_, late)


def due(case: Case, limit: str) -> datetime:
    """When a limit of a case ends."""
    return getattr(case, LIMITS[limit][0])


FILTERS = {
    "near": near, "left": left, "day": clock.day, "full": full, "waited": waited, "masked": mask.phone,
    "door": mask.door, "called": called, "concealed": concealed, "to_whom": to_whom, "why": why, "overdue": overdue,
    "due": due,
    "next_limit": next_limit, "place_seen": place_seen, "words": words,
    "merged": lambda one, more: one | more,
    "takes_two": lambda place, action: rights.needs_second(actor(), action, community=place),
}  # fmt: skip
WORDS = {
    "STATES": STATES, "SIGNS": SIGNS, "LETTER_STATES": LETTER_STATES, "LETTER_SIGNS": LETTER_SIGNS,
    "PARTS": wording.PARTS, "VERBS": CASE_VERBS, "LIMIT_WORDS": LIMIT_WORDS, "CHANNELS": CHANNELS,
    "LETTER_KINDS": LETTER_KINDS, "SATISFACTION": SATISFACTION, "DISPOSITIONS": DISPOSITIONS, "ASPECTS": ASPECTS,
    "QUESTION_STATES": QUESTION_STATES,
}  # fmt: skip
