"""The reporters judge the result: by a number, in words, or by saying that it is not solved.

With the number of the case ("#1002 1") it is about that one. Without it, it is about the only case that waits; when
several wait nothing is guessed, for a judgement on the wrong case closes it against what was said.
"""

import re
from typing import cast

from app.rules import conversation as talk
from app.rules import judgement, judgement_words, reopening, wording
from app.rules.refusal import Conflict, Refusal
from app.rules.words import is_greeting, is_thanks
from handlers.wechat import when
from handlers.wechat.answering import tells_anew, tells_emergency
from handlers.wechat.message import Message
from handlers.wechat.resident import NOT_YOURS
from handlers.wechat.resident import said as said_as_usual
from handlers.wechat.talker import Talker
from models.case import Case

JUDGEMENTS = {"1": "satisfied", "2": "basically_satisfied", "3": "dissatisfied"}
_WIDE = str.maketrans("１２３４５６７８９", "123456789")
#: "5", "2，一直不理人", but not "110" or "3号楼的井盖".
_CHOSEN = re.compile(r"^([1-9])(?=$|[\s，,。.、！!])")
_NUMBER_HEAD = re.compile(r"^\s*[#＃]\s*[0-9０-９]{4,9}\s*号?[\s，,：:]*")
_NUMBER = re.compile(r"^\s*(?:[#＃]\s*)?[0-9０-９]+\s*号?[\s，,：:]*")
_NOT_SOLVED = re.compile(r"^(没解决|没有解决|未解决)[\s，,。.、！!]*")


def solved(message: Message, talker: Talker) -> str:
    """1 to 4, "满意" or "基本满意" after the question whether it is solved; words behind a number are the reason.

    "不满意" alone does not say whether it is solved and is no answer to it.
    """
    return _the_only(talker.cases_to_judge(), message, talker, "1")


def not_solved(message: Message, talker: Talker) -> str:
    """ "没解决" in words, while it waits for a judgement and for some days after; what follows is the reason."""
    return _the_only(talker.cases_to_reopen(), message, talker, "没解决")


def named(message: Message, talker: Talker) -> str:
    """ "#1002 1", "#1002 基本满意", "#1002 没解决": the same about this very case, by its reporter only."""
    case = talker.own_case(when.number_in(message.text))
    if case is None:
        return NOT_YOURS
    talk.hear(talker.about(case), text=message.text, case=case, moment=talker.moment)
    said = _NUMBER.sub("", message.text).strip()
    reply = _judge(case, talker, said, f"#{case.number} ")
    if said.startswith("不满意") and case.state == "closed":
        return f"{reply}如果其实没有解决，请回复“#{case.number} 没解决”。"
    return reply


def _the_only(waiting: list[Case], message: Message, talker: Talker, example: str) -> str:
    """Judge the one case that waits, or ask which one is meant. Raises Conflict when none waits any more."""
    if not waiting:
        raise Conflict("刚才已经在别处评价过了。回复“我的上报”可以看到结果。")
    if len(waiting) == 1:
        case = waiting[0]
        talk.hear(talker.about(case), text=message.text, case=case, moment=talker.moment)
        return _judge(case, talker, message.text.strip())
    if not any(case.anonymous for case in waiting):
        talk.hear(talker.conversation(), text=message.text, moment=talker.moment)
    # Otherwise neither is kept: numbers side by side would tell the community whose the anonymous ones are.
    which = [f"#{case.number} {case.category.name}，{wording.where(case)}" for case in waiting[:9]]
    ask = f"请带上编号，比如“#{waiting[0].number} {example}”。"
    return "\n".join([f"有 {len(waiting)} 件在等您评价：", *which, ask])


def _judge(case: Case, talker: Talker, said: str, prefix: str = "") -> str:
    """What was said of a case, done; `prefix` is how the case was named, for the example in an answer."""
    said = said.translate(_WIDE)
    if said[0] == "4" or _NOT_SOLVED.match(said):
        return _reopen(case, talker, _NOT_SOLVED.sub("", said) if said[0] != "4" else _behind(said), prefix)
    if said[0] in JUDGEMENTS:
        satisfaction, note = JUDGEMENTS[said[0]], _behind(said)
    elif said.startswith("不满意"):
        satisfaction, note = "dissatisfied", said.removeprefix("不满意").strip(" \n，,。.、！!")
    else:
        satisfaction, note = ("basically_satisfied" if "基本" in said else "satisfied"), ""
    case = judgement.confirm(case, actor=talker.actor, satisfaction=satisfaction, note=note)
    if satisfaction != "dissatisfied":
        return wording.thanks(case)
    if note:
        return judgement_words.noted(case, asks_reopen=True)
    return f"#{case.number} 记下了：已解决，不满意。\n{judgement_words.ask_where(list(_reasons(case).values()))}"


def _behind(said: str) -> str:
    return said[1:].strip(" \n，,。.、")


def _reopen(case: Case, talker: Talker, note: str, prefix: str) -> str:
    try:
        case = reopening.reopen(case, actor=talker.actor, note=note)
    except Refusal as refusal:
        example = f"比如“{prefix}没解决，盖子还在响”。"
        return refusal.message + (example if refusal.code == "note_missing" else "")
    if case.state == "closed":
        return judgement_words.noted(case, asks_reopen=True)
    return f"知道了，#{case.number} 马上重新办理，网格员会再到现场。"


def _reasons(case: Case) -> dict[str, str]:
    """The standard answers that fit 不满意, by their code, in the order in which they are numbered."""
    known = judgement.answers_of(case.community)
    return {code: words for code, (words, fits, _) in known.items() if "dissatisfied" in fits}


def reason_in_words(message: Message, talker: Talker) -> str | None:
    """The same in words of their own, unless they greet, thank or tell of another matter."""
    text, case = message.text.strip(), cast(Case, talker.asked_why())
    if is_greeting(text) or is_thanks(text) or tells_anew(text, case) or tells_emergency(text, case):
        return said_as_usual(message, talker)
    return reason(message, talker)


def reason(message: Message, talker: Talker) -> str:
    """The answer to “哪里没做好？”: the number of a standard answer, or words, or both."""
    # The row of the table found it.
    case = cast(Case, talker.asked_why())
    talk.hear(talker.about(case), text=message.text, case=case, moment=talker.moment)
    codes, said = list(_reasons(case)), _NUMBER_HEAD.sub("", message.text).strip().translate(_WIDE)
    numbered = _CHOSEN.match(said)
    if numbered and int(numbered[1]) <= len(codes):
        chosen, note = [codes[int(numbered[1]) - 1]], said[1:].strip(" \n，,。.、！!")
    else:
        chosen, note = [], said
    if _NOT_SOLVED.match(said):
        return _reopen(case, talker, _NOT_SOLVED.sub("", said), "")
    row = judgement.add(case, actor=talker.actor, answers=tuple(chosen), note=note)
    return judgement_words.noted(case, row.asks_reopen)
