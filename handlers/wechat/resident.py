"""What residents say: report in any order, judge the result, ask how it stands, bind the household."""

import re
from typing import cast

from app.rules import case as cases
from app.rules import conversation as talk
from app.rules import household, intake, media, wording
from app.rules.coordinates import to_wgs84
from app.rules.refusal import Conflict, Refusal
from app.rules.words import case_number
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker
from models.case import Case, Step
from models.lifecycle import CASE_STATES, CASE_VERBS

JUDGEMENTS = {"1": "satisfied", "2": "basically_satisfied", "3": "dissatisfied"}


def said(message: Message, talker: Talker) -> str | None:
    """Words: a report, an addition, or something for a human."""
    conversation = talker.conversation(text=message.text)
    return intake.hear_text(conversation, talker.actor, message.text, talker.moment)[1]


def voice(message: Message, talker: Talker) -> str | None:
    """A voice: understood by the platform's recognition when there is one; the audio is always kept."""
    conversation = talker.conversation(text=message.text)
    if message.text:
        line, reply = intake.hear_text(conversation, talker.actor, message.text, talker.moment, kind="voice")
    else:
        line = talk.hear(conversation, kind="voice", wants_answer=True, moment=talker.moment)
        reply = "收到语音，社区工作人员会听。急的话请再打一句字。"
    media.fetch_later(line, account=talker.account, media_id=message.media_id)
    return reply


def picture(message: Message, talker: Talker) -> str | None:
    """A picture: before, with or after the words."""
    line, reply = intake.hear_picture(talker.conversation(), talker.actor, talker.moment)
    media.fetch_later(line, account=talker.account, media_id=message.media_id)
    return reply


def location(message: Message, talker: Talker) -> str | None:
    """A place on the map, which the platform gives in GCJ-02."""
    # Every location has its point: what comes without one is unreadable (handlers.wechat.message.read).
    point = to_wgs84(cast(tuple[float, float], message.point))
    conversation = talker.conversation(point=point)
    return intake.hear_point(conversation, talker.actor, point, message.label, talker.moment)[1]


def other(message: Message, talker: Talker) -> str:
    """A kind of message we cannot use; it is kept all the same."""
    talk.hear(talker.conversation(), kind=message.type[:12], wants_answer=True, moment=talker.moment)
    return "这种消息暂时看不了，请打一句字或发照片，社区工作人员会看到。"


def judge_by_number(message: Message, talker: Talker) -> str:
    """1 to 4 after the question whether it is solved; words behind the number are kept as the reason."""
    case = _still(talker.case_to_judge())
    text = message.text.strip().translate(str.maketrans("１２３４", "1234"))
    note = text[1:].strip(" \n，,。.、")
    talk.hear(talker.conversation(), text=message.text, case=case, moment=talker.moment)
    if text[0] == "4":
        return _reopen(case, talker, note)
    case = cases.confirm(case, actor=talker.actor, satisfaction=JUDGEMENTS[text[0]], note=note)
    return wording.thanks(case)


def judge_by_words(message: Message, talker: Talker) -> str:
    """ "满意" or "基本满意" instead of its number; "不满意" alone does not say whether it is solved."""
    case = _still(talker.case_to_judge())
    talk.hear(talker.conversation(), text=message.text, case=case, moment=talker.moment)
    satisfaction = "basically_satisfied" if "基本" in message.text else "satisfied"
    return wording.thanks(cases.confirm(case, actor=talker.actor, satisfaction=satisfaction))


def not_solved(message: Message, talker: Talker) -> str:
    """ "没解决" in words, while it waits for a judgement and for some days after; what follows is the reason."""
    case = _still(talker.case_to_reopen())
    talk.hear(talker.conversation(), text=message.text, case=case, moment=talker.moment)
    return _reopen(case, talker, re.sub(r"^\s*(没解决|没有解决|未解决)[\s，,。.、！!]*", "", message.text))


def _still(case: Case | None) -> Case:
    """The case the routing table saw a moment ago. Raises Conflict when it was judged elsewhere in that moment."""
    if case is None:
        raise Conflict("刚才已经在别处评价过了。回复“我的上报”可以看到结果。")
    return case


def _reopen(case: Case, talker: Talker, note: str) -> str:
    try:
        cases.reopen(case, actor=talker.actor, note=note)
    except Refusal as refusal:
        return f"{refusal.message}比如“没解决，盖子还在响”。" if refusal.code == "note_missing" else refusal.message
    return f"知道了，#{case.number} 马上重新办理，网格员会再到现场。"


def show_case(message: Message, talker: Talker) -> str:
    """ "#1023": how it stands, to its reporter only; for anybody else there is no such number."""
    case = _own_case(talker, case_number(message.text))
    if case is None:
        return "没有找到您的这个编号。回复“我的上报”可以看全部。"
    steps = Step.select().where(Step.case == case).order_by(Step.id.desc()).limit(5)
    lines = [
        f"{wording.near(step.at, talker.moment)} {CASE_VERBS.get(step.verb, step.verb)}"
        for step in reversed(list(steps))
    ]
    return "\n".join([f"#{case.number} {case.category.name}：{CASE_STATES[case.state]}", *lines])


def _own_case(talker: Talker, number: int | None) -> Case | None:
    if number is None:
        return None
    return (
        Case.select()
        .where(Case.reporter == talker.actor.person, Case.number == number)
        .order_by(Case.id.desc())
        .first()
    )


def my_cases(message: Message, talker: Talker) -> str:
    """The newest reports of the person."""
    rows = list(Case.select().where(Case.reporter == talker.actor.person).order_by(Case.id.desc()).limit(5))
    if not rows:
        return "您还没有上报过。直接说一句哪里怎么了就行。"
    return "\n".join(f"#{case.number} {case.category.name}：{CASE_STATES[case.state]}" for case in rows)


def bind_household(message: Message, talker: Talker) -> str:
    """ "绑定 ABCD-EFGH": bind the household by the community's code."""
    try:
        residence = household.bind_by_code(message.text.strip().removeprefix("绑定"), actor=talker.actor)
    except Refusal as refusal:
        return refusal.message
    return f"已绑定 {residence.household.label}。以后说“楼门口”“3号楼”，我们就知道是哪里。"
