"""Whoever is acted for is told of it on the own phone: nobody acts in one's name unseen."""

from app.rules import letter, wording
from app.rules.actor import Actor
from models.case import Case
from models.delegation import Delegation
from models.person import Identity, Person

END = "您不愿意的话，在小程序“我的”→“家人代办”里马上可以结束。"


def has_wechat(person: Person) -> bool:
    """Whether the person reaches us on a phone of the own."""
    return Identity.select().where(Identity.person == person).exists()


def confirmed(row: Delegation) -> None:
    """Who acts for oneself from now on, and how that ends; nothing for whom there is no phone."""
    if not has_wechat(row.principal):
        return
    what = "成为您的监护人" if row.kind == "guardian" else "替您办事"
    letter.owe(
        kind="reply", person=row.principal, community=row.community, event=f"delegation:{row.key}",
        content={"text": f"社区已确认：{row.agent.name or '您的家人'}可以{what}。{END}"},
    )  # fmt: skip


def reported(case: Case, *, actor: Actor) -> None:
    """That somebody reported in one's name; nothing for one's own report."""
    if case.filed_by_id is None or not has_wechat(case.reporter):
        return
    text = f"{actor.person.name or '您的家人'}替您报了 #{case.number}。进度会告诉您；不是您的意思，请直接打字告诉我们。"
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case, event=f"behalf:{case.id}",
        content=wording.facts(case) | {"text": text},
    )  # fmt: skip
