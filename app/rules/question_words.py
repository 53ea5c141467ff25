"""What is said when the community asks the reporter for more."""

from datetime import datetime

from app.rules import wording
from app.rules.clock import near
from models.question import Question

#: How long an answer is when it is quoted to colleagues.
QUOTED = 300


def asked(question: Question, now: datetime) -> str:
    """To the reporter: what is asked, until when, and how to answer."""
    case = question.case
    how = (
        f"回复时请带上编号，比如“#{case.number} 在东门”，名字不会显示"
        if case.anonymous
        else f"直接回复这句话就行，也可以带上编号，比如“#{case.number} 在东门”"
    )
    return (
        f"【社区】#{case.number} {case.category.name}，想请您补充：{question.text}\n"
        f"{near(question.due_at, now)}前，{how}；也可以发照片，或在小程序里回答。没有收到也会接着办。"
    )


def answered(question: Question) -> str:
    """To whoever asked and whoever is on it."""
    case = question.case
    said = question.answer if len(question.answer) <= QUOTED else question.answer[: QUOTED - 1] + "…"
    return f"#{case.number} {case.category.name}，{wording.where(case)}：居民补充了。\n问：{question.text}\n答：{said}"


def lapsed(question: Question) -> str:
    """To whoever asked: nobody answered."""
    return f"#{question.case.number} 没有等到居民的回答（问：{question.text}）。请按现有情况接着办，或打电话联系居民。"


def withdrawn(question: Question) -> str:
    """To the reporter: the question is taken back."""
    return f"#{question.case.number} 刚才问您的不用回答了，这件事接着办。"


def thanks(question: Question) -> str:
    """The answer to an answer."""
    return f"收到，已补充到 #{question.case.number}，办理的同志会看到。谢谢您！"


def is_it(question: Question) -> str:
    """When the words may be an answer or a matter of their own."""
    return f"这是在回答 #{question.case.number} 的问题吗？\n1 是\n2 不是，是另一件事"
