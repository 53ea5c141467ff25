"""What residents say: report in any order, ask how it stands, withdraw, bind the household, give the name."""

import re
from typing import cast

from app.rules import consent, ending, household, intake, media, person, veil_talk, wording
from app.rules import conversation as talk
from app.rules.coordinates import to_wgs84
from app.rules.refusal import Refusal
from app.rules.words import case_number, has_phone
from handlers.wechat import when
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker
from models.case import Case, Step
from models.lifecycle import CASE_STATES, CASE_VERBS

NOT_YOURS = "没有找到您的这个编号。回复“我的上报”可以看全部。"
AGAIN = "要重新上报，直接再说一遍哪里怎么了，会有新的编号。"


def said(message: Message, talker: Talker) -> str | None:
    """Words: a report, an addition, or something for a human."""
    conversation = talker.conversation(text=message.text)
    consent.need_guardian_to_say(talker.actor.person, message.text, conversation.community)
    reply = intake.hear_text(conversation, talker.actor, message.text, talker.moment)[1]
    return _with_notice(reply, talker, "phone") if has_phone(message.text) else reply


def voice(message: Message, talker: Talker) -> str | None:
    """A voice: understood by the platform's recognition when there is one; the audio is always kept."""
    conversation = talker.conversation(text=message.text)
    consent.need_guardian_to_say(talker.actor.person, message.text, conversation.community)
    if message.text:
        line, reply = intake.hear_text(conversation, talker.actor, message.text, talker.moment, kind="voice")
    else:
        line = talk.hear(conversation, kind="voice", wants_answer=True, moment=talker.moment)
        reply = "收到语音，社区工作人员会听。急的话请再打一句字。"
    media.fetch_later(line, account=talker.account, media_id=message.media_id)
    return reply


def said_unnamed(message: Message, talker: Talker) -> str | None:
    """Words, typed or spoken, that name the number of an own anonymous case: they are said under its alias."""
    # The row of the table asked for it.
    case = cast(Case, talker.veiled(message.text))
    consent.need_guardian_to_say(talker.actor.person, message.text, case.community)
    talker.about(case)
    line, reply = veil_talk.hear(case, text=message.text, moment=talker.moment, kind=message.type)
    if message.type == "voice":
        media.fetch_later(line, account=talker.account, media_id=message.media_id)
    return reply


def picture(message: Message, talker: Talker) -> str | None:
    """A picture: before, with or after the words."""
    # Also from a child without a guardian's consent: a human looks at it, it may show what somebody cannot say.
    line, reply = intake.hear_picture(talker.conversation(), talker.actor, talker.moment)
    media.fetch_later(line, account=talker.account, media_id=message.media_id)
    return reply


def location(message: Message, talker: Talker) -> str | None:
    """A place on the map, which the platform gives in GCJ-02."""
    # Every location has its point: what comes without one is unreadable (handlers.wechat.message.read).
    consent.need_guardian_to_point(talker.actor.person)
    point = to_wgs84(cast(tuple[float, float], message.point))
    conversation = talker.conversation(point=point)
    reply = intake.hear_point(conversation, talker.actor, point, message.label, talker.moment)[1]
    return _with_notice(reply, talker, "location")


def _with_notice(reply: str | None, talker: Talker, kind: str) -> str | None:
    """The answer with a sentence of what the place or number is used for, the first time it is sent."""
    return "\n".join(filter(None, [reply, consent.notice(talker.actor.person, kind)])) or None


def other(message: Message, talker: Talker) -> str:
    """A kind of message we cannot use; it is kept all the same."""
    consent.need_guardian(talker.actor.person)
    talk.hear(talker.conversation(), kind=message.type[:12], wants_answer=True, moment=talker.moment)
    return "这种消息暂时看不了，请打一句字或发照片，社区工作人员会看到。"


def show_case(message: Message, talker: Talker) -> str:
    """ "#1023": how it stands, to its reporter only; for anybody else there is no such number."""
    case = talker.own_case(case_number(message.text))
    if case is None:
        return NOT_YOURS
    if case.anonymous:
        talk.hear(talker.about(case), text=message.text, case=case, moment=talker.moment)
    steps = Step.select().where(Step.case == case).order_by(Step.id.desc()).limit(5)
    lines = [
        f"{wording.near(step.at, talker.moment)} {CASE_VERBS.get(step.verb, step.verb)}"
        for step in reversed(list(steps))
    ]
    return "\n".join([f"#{case.number} {case.category.name}：{CASE_STATES[case.state]}", *lines])


def withdraw(message: Message, talker: Talker) -> str:
    """ "撤回 1023": the reporter takes the report back; for anybody else there is no such number."""
    case = talker.own_case(when.number_in(message.text))
    if case is None:
        return NOT_YOURS
    talk.hear(talker.about(case), text=message.text, case=case, moment=talker.moment)
    if case.state == "withdrawn":
        return f"#{case.number} 已经撤回过了。{AGAIN}"
    try:
        ending.withdraw(case, actor=talker.actor)
    except Refusal as refusal:
        return f"{refusal.message}有变化请直接打字告诉我们，社区会看到。"
    return f"#{case.number} 已撤回，不用再办了。如果撤错了：{AGAIN}"


def introduce(message: Message, talker: Talker) -> str:
    """ "我是王大山": how the person wants to be called, so that the desk can find a colleague to appoint."""
    name = re.sub(r"^我[是叫]|[\s，,。.！!]", "", message.text.strip())
    if not re.fullmatch(r"(?=.*[^·])[\u4e00-\u9fffA-Za-z·]{2,12}", name):
        return "没有看懂名字，请用 2 到 12 个汉字或字母，比如“我叫 王大山”。"
    consent.need_guardian(talker.actor.person)
    person.rename(talker.actor.person, name, talker.actor)
    return f"记下了，{name}。社区现在可以在工作台找到您。"


def my_cases(message: Message, talker: Talker) -> str:
    """The newest reports of the person."""
    rows = list(Case.select().where(Case.reporter.in_(list(talker.actor.selves))).order_by(Case.id.desc()).limit(5))
    if not rows:
        return "您还没有上报过。直接说一句哪里怎么了就行。"
    return "\n".join(f"#{case.number} {case.category.name}：{CASE_STATES[case.state]}" for case in rows)


def bind_household(message: Message, talker: Talker) -> str:
    """ "绑定 ABCD-EFGH": bind the household by the community's code."""
    try:
        consent.need_guardian(talker.actor.person)
        residence = household.bind_by_code(message.text.strip().removeprefix("绑定"), actor=talker.actor)
    except Refusal as refusal:
        return refusal.message
    return f"已绑定 {residence.household.label}。以后说“楼门口”“3号楼”，我们就知道是哪里。"
