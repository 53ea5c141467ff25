"""What is said about a judgement: what it adds up to, what comes of a wish to reopen, and whom to turn to next."""

from app.rules import wording
from models.case import Case
from models.judgement import ASPECTS
from models.lifecycle import SATISFACTION

#: The one question after “不满意”; its answers are numbers or words.
WHERE_BAD = "哪里没做好？"


def said(satisfaction: str, aspects: dict[str, str], answers: list[str], note: str) -> str:
    """A judgement in one line, for the history of the case: "不满意（又坏了；态度好不好：基本满意）：还在响"."""
    parts = [*answers, *(f"{ASPECTS[code]}：{SATISFACTION[how]}" for code, how in aspects.items())]
    more = f"（{'；'.join(parts)}）" if parts else ""
    return f"{SATISFACTION[satisfaction]}{more}" + (f"：{note}" if note else "")


def ask_where(choices: list[str]) -> str:
    """The question, with the standard answers by number."""
    numbered = " ".join(f"{number} {words}" for number, words in enumerate(choices, 1))
    return f"{WHERE_BAD}{numbered}，或直接说。"


def noted(case: Case, asks_reopen: bool) -> str:
    """The answer to what was not good."""
    if asks_reopen:
        head = "记下了" if case.solved is False else "记下了：已解决，不满意"
        return f"#{case.number} {head}。已转给社区，是否重新办理由工作人员决定，结果会在这里告诉您。"
    return f"#{case.number} 记下了，社区会看到。谢谢您！"


def asked(case: Case, note: str, again: bool) -> str:
    """To whoever decides: a resident is not content and asks for it to be done again."""
    what = "居民对“不重办”有异议，请街道决定" if again else "居民对结果不满意，请求重办"
    words = f"\n居民说：{note}" if note else ""
    return f"#{case.number} {case.category.name}，{wording.where(case)}：{what}。{words}\n请到工作台决定重办或不重办。"


def kept(case: Case, note: str, final: bool) -> str:
    """To the reporter: it is not done again, why, and whom to turn to next."""
    street = case.community.parent.name if case.community.parent_id else "街道"
    head = f"#{case.number} {street if final else '社区'}研究后决定不重办。\n原因：{note}"
    if final:
        return f"{head}\n还不认可的话，可以拨打 12345 反映；有新情况请重新上报。"
    return f"{head}\n不认可的话，请回复“#{case.number} 没解决，原因”，会转给{street}复核；也可以直接联系{street}。"
